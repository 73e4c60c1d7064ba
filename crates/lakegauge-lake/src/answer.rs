//! Error answers of a store: S3, and GCS and Azure in the same form.

use lakegauge_core::observation::GapKind;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::error::StoreError;

/// An error answer: status, code and message (S3 API reference, "Error responses"; Azure, "Status and error
/// codes"; GCS answers as S3 does).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    status: u16,
    code: String,
    message: String,
    region: String,
    server_time: String,
    redirect: Option<String>,
}

impl Answer {
    /// Parses what it can; for a body that is not an S3 error the code stays empty.
    pub(crate) fn new(status: u16, body: &[u8], location: Option<&str>) -> Answer {
        let mut answer = Answer { status, redirect: location.map(host), ..Answer::default() };
        answer.read(&String::from_utf8_lossy(body));
        answer
    }

    /// The region to which the answer redirects the caller.
    pub(crate) fn region(&self) -> Option<&str> {
        Some(self.region.as_str()).filter(|region| !region.is_empty())
    }

    /// Whether the credentials have expired.
    pub(crate) fn is_expired(&self) -> bool {
        matches!(self.code.as_str(), "ExpiredToken" | "TokenRefreshRequired" | "RequestExpired")
    }

    /// The error that it means.
    pub(crate) fn error(&self, place: &str) -> StoreError {
        let (kind, retry) = self.kind();
        StoreError { retry, ..StoreError::lasting(kind, place, self.detail()) }
    }

    fn kind(&self) -> (GapKind, bool) {
        match (self.status, self.code.as_str()) {
            (_, "RequestTimeTooSkewed") => (GapKind::ClockSkew, false),
            (_, "NoSuchBucket" | "InvalidBucketName" | "ContainerNotFound") => (GapKind::NotFound, false),
            (
                _,
                "SlowDown"
                | "Throttling"
                | "ThrottlingException"
                | "TooManyRequests"
                | "RequestLimitExceeded",
            )
            | (429, _) => (GapKind::Throttled, true),
            (_, "InternalError" | "ServiceUnavailable" | "RequestTimeout" | "OperationAborted")
            | (408, _) => (GapKind::Unreachable, true),
            _ if self.is_expired() => (GapKind::Denied, true),
            (_, "AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken")
            | (_, "AuthorizationHeaderMalformed")
            | (401 | 403, _) => (GapKind::Denied, false),
            (503, "" | "ServerBusy") => (GapKind::Throttled, true),
            (500.., _) => (GapKind::Unreachable, true),
            (404, "NoSuchKey" | "NotFound") => (GapKind::NotFound, false),
            _ => (GapKind::Malformed, false),
        }
    }

    fn detail(&self) -> String {
        let mut detail = format!("HTTP {}", self.status);
        if let Some(host) = &self.redirect {
            detail.push_str(&format!(", a redirect to {host}"));
        }
        if !self.code.is_empty() {
            detail.push_str(&format!(" {}", self.code));
        }
        if !self.message.is_empty() {
            detail.push_str(&format!(": {}", self.message));
        }
        if !self.server_time.is_empty() {
            detail.push_str(&format!(" The store's clock says {}.", self.server_time));
        }
        detail
    }

    fn read(&mut self, body: &str) {
        // Azure's answers start with a byte order mark.
        let mut reader = Reader::from_str(body.trim_start_matches('\u{feff}'));
        let (mut depth, mut field) = (0u32, String::new());
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(tag) => {
                    depth += 1;
                    let name = tag.local_name();
                    if depth == 1 && name.as_ref() != "Error" && name.as_ref() != "ErrorResponse" {
                        return;
                    }
                    field = name.as_ref().to_owned();
                }
                Event::End(_) => {
                    depth = depth.saturating_sub(1);
                    field.clear();
                }
                Event::Text(text) => self.add(&field, &text.into_inner()),
                Event::CData(text) => self.add(&field, &text.into_inner()),
                Event::GeneralRef(reference) => self.add(&field, referred(&reference)),
                Event::Eof => return,
                _ => {}
            }
        }
    }

    fn add(&mut self, field: &str, text: &str) {
        match field {
            "Code" => self.code.push_str(text.trim()),
            "Message" => self.message.push_str(text),
            "Region" => self.region.push_str(text.trim()),
            "ServerTime" => self.server_time.push_str(text.trim()),
            _ => {}
        }
    }
}

/// The character of a predefined entity (XML 1.0, section 4.6); `None` for others.
pub(crate) fn referred(reference: &BytesRef<'_>) -> &'static str {
    match &**reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

/// The host of a redirect; the rest of the address may contain a token.
fn host(location: &str) -> String {
    let host = url::Url::parse(location).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "another page".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let check = |status, body: &str, kind, retry, detail: &str| {
            let error = Answer::new(status, body.as_bytes(), None).error("s3://b/");
            assert_eq!(
                (error.kind, error.retry, error.detail.as_str()),
                (kind, retry, detail),
                "{status} {body}"
            );
        };
        let xml = |code: &str, more: &str| {
            format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code>{more}</Error>")
        };
        check(404, &xml("NoSuchBucket", ""), GapKind::NotFound, false, "HTTP 404 NoSuchBucket");
        check(404, "<html>nginx</html>", GapKind::Malformed, false, "HTTP 404");
        check(
            403,
            &xml("AccessDenied", "<Message>a &amp; b</Message>"),
            GapKind::Denied,
            false,
            "HTTP 403 AccessDenied: a & b",
        );
        check(403, "", GapKind::Denied, false, "HTTP 403");
        check(400, &xml("ExpiredToken", ""), GapKind::Denied, true, "HTTP 400 ExpiredToken");
        check(503, &xml("SlowDown", ""), GapKind::Throttled, true, "HTTP 503 SlowDown");
        check(503, &xml("ServiceUnavailable", ""), GapKind::Unreachable, true, "HTTP 503 ServiceUnavailable");
        check(500, &xml("InternalError", ""), GapKind::Unreachable, true, "HTTP 500 InternalError");
        check(502, "bad gateway", GapKind::Unreachable, true, "HTTP 502");
        check(
            403,
            &xml("RequestTimeTooSkewed", "<ServerTime>2026-11-22T05:00:00Z</ServerTime>"),
            GapKind::ClockSkew,
            false,
            "HTTP 403 RequestTimeTooSkewed The store's clock says 2026-11-22T05:00:00Z.",
        );
    }

    #[test]
    fn redirects_name_their_host_and_regions_are_read() {
        let answer = Answer::new(302, b"", Some("https://login.example/sso?token=x"));
        assert_eq!(answer.error("p").detail, "HTTP 302, a redirect to login.example");
        let wrong = b"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-2</Region></Error>";
        assert_eq!(Answer::new(400, wrong, None).region(), Some("eu-west-2"));
    }
}
