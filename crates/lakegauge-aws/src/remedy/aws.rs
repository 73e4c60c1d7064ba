//! Requests to AWS: invoking a function, reading a secret.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::answer::RemedyError;

/// All but the unreserved characters of RFC 3986.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A POST to an AWS service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ask {
    /// The service's name in the signature and the address.
    pub(super) service: &'static str,
    pub(super) region: String,
    /// The path below the service's address, without a leading `/`.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// `Invoke` (Lambda API reference) without waiting for the result: Lambda retries, and has a place for calls that fail
/// for good. The region is that of the function.
pub(super) fn invocation(arn: &str, payload: String) -> Result<Ask, RemedyError> {
    let kind = HeaderName::from_static("x-amz-invocation-type");
    let name = utf8_percent_encode(arn, STRICT);
    Ok(Ask {
        service: "lambda",
        region: region(arn)?,
        path: format!("2015-03-31/functions/{name}/invocations"),
        headers: HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (kind, HeaderValue::from_static("Event")),
        ]),
        body: payload,
    })
}

/// `GetSecretValue` (Secrets Manager) or `GetParameter` (Systems Manager), depending on the ARN.
pub(super) fn secret(arn: &str) -> Result<Ask, RemedyError> {
    let (service, target, body) = match arn.split(':').nth(2) {
        Some("secretsmanager") => {
            ("secretsmanager", "secretsmanager.GetSecretValue", json!({"SecretId": arn}))
        }
        _ => ("ssm", "AmazonSSM.GetParameter", json!({"Name": arn, "WithDecryption": true})),
    };
    Ok(Ask {
        service,
        region: region(arn)?,
        path: String::new(),
        headers: HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1")),
            (HeaderName::from_static("x-amz-target"), HeaderValue::from_static(target)),
        ]),
        body: body.to_string(),
    })
}

/// The secret in an answer of either.
pub(super) fn secret_of(answer: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let text = answer.get("SecretString").or_else(|| answer.pointer("/Parameter/Value"))?;
    text.as_str().map(str::to_owned)
}

fn region(arn: &str) -> Result<String, RemedyError> {
    let region = arn.split(':').nth(3).filter(|region| !region.is_empty());
    region.map(str::to_owned).ok_or_else(|| RemedyError::Wrong(format!("{arn} has no region")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_those_of_the_api_references() {
        let check = |ask: Ask, expect: (&str, &str, &str, &str)| {
            let header = ask.headers.iter().find(|(name, _)| name.as_str().starts_with("x-amz")).unwrap();
            let told = format!("{}: {}", header.0, header.1.to_str().unwrap());
            assert_eq!((ask.service, ask.path.as_str(), told.as_str(), ask.body.as_str()), expect);
            assert_eq!(ask.region, "eu-west-2");
        };
        let path = "2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-2%3A1%3Afunction%3Arerun/invocations";
        check(
            invocation("arn:aws:lambda:eu-west-2:1:function:rerun", "{}".to_owned()).unwrap(),
            ("lambda", path, "x-amz-invocation-type: Event", "{}"),
        );
        check(
            secret("arn:aws:secretsmanager:eu-west-2:1:secret:airflow-AbCdEf").unwrap(),
            (
                "secretsmanager",
                "",
                "x-amz-target: secretsmanager.GetSecretValue",
                r#"{"SecretId":"arn:aws:secretsmanager:eu-west-2:1:secret:airflow-AbCdEf"}"#,
            ),
        );
        check(
            secret("arn:aws:ssm:eu-west-2:1:parameter/airflow").unwrap(),
            (
                "ssm",
                "",
                "x-amz-target: AmazonSSM.GetParameter",
                r#"{"Name":"arn:aws:ssm:eu-west-2:1:parameter/airflow","WithDecryption":true}"#,
            ),
        );
    }

    #[test]
    fn a_secret_is_found_in_either_answer() {
        assert_eq!(secret_of(r#"{"Name": "n", "SecretString": "s"}"#).as_deref(), Some("s"));
        assert_eq!(
            secret_of(r#"{"Parameter": {"Type": "SecureString", "Value": "s"}}"#).as_deref(),
            Some("s")
        );
        assert_eq!(secret_of(r#"{"SecretBinary": "cw=="}"#), None);
    }
}
