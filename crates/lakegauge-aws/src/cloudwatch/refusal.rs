//! Why CloudWatch rejected values.

use lakegauge_engine::Refusal;

/// The meaning of an error answer: its status, and its code and message (CloudWatch API reference, "Common
/// errors").
pub(super) fn refusal(status: u16, body: &str) -> Refusal {
    let code = element(body, "Code").unwrap_or_default();
    let said = match (code.as_str(), element(body, "Message")) {
        ("", _) => format!("HTTP status {status}"),
        (code, Some(message)) => format!("{code}: {message}"),
        (code, None) => code.to_owned(),
    };
    match (code.as_str(), status) {
        ("Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException", _)
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
        | (_, 401 | 403) => {
            Refusal::Denied(format!("{said}: allow cloudwatch:PutMetricData for this namespace"))
        }
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
pub(super) fn is_expired(why: &Refusal) -> bool {
    matches!(why, Refusal::Denied(said) if said.starts_with("ExpiredToken") || said.starts_with("RequestExpired"))
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
            assert_eq!(format!("{:?}", refusal(status, body)), expect);
        };
        let error = |code: &str, message: &str| {
            format!(
                "<ErrorResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><Error><Type>Sender</Type>\
                 <Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
            )
        };
        check(400, &error("Throttling", "Rate exceeded"), r#"Throttled("Throttling: Rate exceeded")"#);
        check(429, "slow down", r#"Throttled("HTTP status 429")"#);
        check(
            403,
            &error("AccessDenied", "r &amp; s"),
            r#"Denied("AccessDenied: r & s: allow cloudwatch:PutMetricData for this namespace")"#,
        );
        check(
            403,
            "<html>",
            r#"Denied("HTTP status 403: allow cloudwatch:PutMetricData for this namespace")"#,
        );
        check(400, &error("InvalidParameterValue", "NaN"), r#"Wrong("InvalidParameterValue: NaN")"#);
        check(
            400,
            &error("InvalidClientTokenId", "x"),
            r#"Denied("InvalidClientTokenId: x: allow cloudwatch:PutMetricData for this namespace")"#,
        );
        check(413, "", r#"Wrong("HTTP status 413")"#);
        check(503, "<Code>ServiceUnavailable</Code>", r#"Unreachable("ServiceUnavailable")"#);
        check(404, "", r#"Unreachable("HTTP status 404")"#);
        assert!(is_expired(&refusal(400, &error("ExpiredToken", "x"))));
    }
}
