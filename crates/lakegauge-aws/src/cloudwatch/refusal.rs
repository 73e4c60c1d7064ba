//! Why CloudWatch rejected values.

use std::fmt;

/// Values that CloudWatch did not accept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Their indices in the data, in order, and the reason for each.
    pub which: Vec<(usize, Refusal)>,
}

impl Unsent {
    /// All of this many values, for one reason.
    pub fn all(values: usize, why: &Refusal) -> Unsent {
        Unsent { which: (0..values).map(|at| (at, why.clone())).collect() }
    }

    /// Why the value at this index was not accepted; `None` if it was.
    pub fn why(&self, at: usize) -> Option<&Refusal> {
        let found = self.which.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        self.which.get(found).map(|(_, why)| why)
    }
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, alike) in self.which.chunk_by(|(_, one), (_, other)| one == other).enumerate() {
            let Some((_, why)) = alike.first() else { continue };
            let also = if n > 0 { "; " } else { "" };
            write!(f, "{also}{} values did not reach CloudWatch: {why}", alike.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Unsent {}

/// Why CloudWatch did not accept a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too many requests, in spite of waiting.
    #[error("throttled ({0}); kept and sent again at the next tick")]
    Throttled(String),
    /// The role does not have the permission.
    #[error("access denied ({0}); allow cloudwatch:PutMetricData for this namespace; kept until then")]
    Denied(String),
    /// The value is invalid: sending it again would not help.
    #[error("rejected as invalid ({0}); this is a bug in lakegauge, please report it")]
    Wrong(String),
    /// No answer, or an unknown one.
    #[error("no answer ({0}); check region, endpoint and network; kept and sent again")]
    Unreachable(String),
}

impl Refusal {
    /// Whether the same values may be accepted later.
    pub fn passes(&self) -> bool {
        !matches!(self, Refusal::Wrong(_))
    }

    /// Whether they may be accepted a moment later.
    pub(super) fn passes_soon(&self) -> bool {
        matches!(self, Refusal::Throttled(_) | Refusal::Unreachable(_))
    }

    /// The meaning of an error answer: its status, and its code and message (CloudWatch API reference, "Common
    /// errors").
    pub(super) fn of_answer(status: u16, body: &str) -> Refusal {
        let code = element(body, "Code").unwrap_or_default();
        let said = match (code.as_str(), element(body, "Message")) {
            ("", _) => format!("HTTP status {status}"),
            (code, Some(message)) => format!("{code}: {message}"),
            (code, None) => code.to_owned(),
        };
        match (code.as_str(), status) {
            (
                "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException",
                _,
            )
            | (_, 429) => Refusal::Throttled(said),
            (
                "AccessDenied"
                | "AccessDeniedException"
                | "NotAuthorized"
                | "OptInRequired"
                | "UnrecognizedClientException"
                | "MissingAuthenticationToken"
                | "InvalidClientTokenId"
                | "IncompleteSignature"
                | "SignatureDoesNotMatch"
                | "RequestExpired"
                | "ExpiredToken"
                | "ExpiredTokenException",
                _,
            )
            | (_, 401 | 403) => Refusal::Denied(said),
            (_, 413) => Refusal::Wrong(said),
            (code, _)
                if code.starts_with("Invalid")
                    || code.starts_with("Missing")
                    || code.contains("Validation")
                    || code == "MalformedInput" =>
            {
                Refusal::Wrong(said)
            }
            _ => Refusal::Unreachable(said),
        }
    }

    /// Whether the credentials had expired.
    pub(super) fn is_expired(&self) -> bool {
        matches!(self, Refusal::Denied(said) if said.starts_with("ExpiredToken") || said.starts_with("RequestExpired"))
    }
}

/// The text of the first element with this name.
fn element(body: &str, name: &str) -> Option<String> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let plain =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    Some(plain.iter().fold(text.trim().to_owned(), |text, (escaped, plain)| text.replace(escaped, plain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_a_meaning() {
        let check = |status: u16, body: &str, expect: &str| {
            assert_eq!(format!("{:?}", Refusal::of_answer(status, body)), expect);
        };
        let error = |code: &str, message: &str| {
            format!(
                "<ErrorResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><Error><Type>Sender</Type>\
                 <Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
            )
        };
        check(400, &error("Throttling", "Rate exceeded"), r#"Throttled("Throttling: Rate exceeded")"#);
        check(429, "slow down", r#"Throttled("HTTP status 429")"#);
        check(403, &error("AccessDenied", "r &amp; s"), r#"Denied("AccessDenied: r & s")"#);
        check(403, "<html>", r#"Denied("HTTP status 403")"#);
        check(400, &error("InvalidParameterValue", "NaN"), r#"Wrong("InvalidParameterValue: NaN")"#);
        check(400, &error("InvalidClientTokenId", "x"), r#"Denied("InvalidClientTokenId: x")"#);
        check(413, "", r#"Wrong("HTTP status 413")"#);
        check(503, "<Code>ServiceUnavailable</Code>", r#"Unreachable("ServiceUnavailable")"#);
        check(404, "", r#"Unreachable("HTTP status 404")"#);
        assert!(Refusal::of_answer(400, &error("ExpiredToken", "x")).is_expired());
    }

    #[test]
    fn what_was_not_taken_is_said_by_its_reasons() {
        let (busy, wrong) = (Refusal::Throttled("Throttling".into()), Refusal::Wrong("NaN".into()));
        let unsent = Unsent { which: vec![(0, busy.clone()), (1, busy.clone()), (7, wrong.clone())] };
        assert_eq!((unsent.why(1), unsent.why(2), unsent.why(7)), (Some(&busy), None, Some(&wrong)));
        assert_eq!(
            unsent.to_string(),
            "2 values did not reach CloudWatch: throttled (Throttling); kept and sent again at the next tick; \
             1 values did not reach CloudWatch: rejected as invalid (NaN); this is a bug in lakegauge, please report it"
        );
    }
}
