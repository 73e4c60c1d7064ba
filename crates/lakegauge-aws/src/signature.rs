//! Signature Version 4 of a POST to an AWS service.

use bytes::Bytes;
use http::header::{HeaderMap, HeaderValue};
use http::{Method, Request};
use lakegauge_core::region;
use lakegauge_engine::Credential;
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{HttpRequest, HttpRequestBody};

/// The scope of a signature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    /// The service's name in the signature.
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
}

/// AWS's own address of a service in a region.
pub(crate) fn endpoint(service: &str, region: &str) -> String {
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://{service}.{region}.{suffix}/")
}

impl Scope<'_> {
    /// The headers of a POST of `bytes` to `url`: the given ones, and the signature; no signature for an anonymous
    /// request.
    pub(crate) fn post(
        self,
        url: &str,
        headers: HeaderMap,
        bytes: Bytes,
        credential: Option<&Credential>,
    ) -> Result<HeaderMap, String> {
        let Some(Credential { key_id, secret, token }) = credential else { return Ok(headers) };
        for (what, text) in [("access key id", Some(key_id)), ("session token", token.as_ref())] {
            if text.is_some_and(|text| HeaderValue::from_str(text).is_err() || text.trim() != text) {
                return Err(format!("the {what} contains a character that cannot be sent"));
            }
        }
        // The signer assumes that both are valid, and would panic.
        region::check(self.region)?;
        reqwest::Url::parse(url).map_err(|_| "the endpoint is not an address".to_owned())?;
        let mut request: HttpRequest = Request::builder()
            .method(Method::POST)
            .uri(url)
            .body(HttpRequestBody::from(bytes))
            .map_err(|_| "the endpoint is not a URL".to_owned())?;
        *request.headers_mut() = headers;
        let credential =
            AwsCredential { key_id: key_id.clone(), secret_key: secret.clone(), token: token.clone() };
        AwsAuthorizer::new(&credential, self.service, self.region)
            .try_authorize(&mut request, None)
            .map_err(|_| "the request cannot be signed".to_owned())?;
        Ok(std::mem::take(request.headers_mut()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_said_and_holds_no_secret() {
        let credential =
            Credential { key_id: "KEY".into(), secret: "SECRET".into(), token: Some("T".into()) };
        let url = endpoint("monitoring", "cn-north-1");
        assert_eq!(url, "https://monitoring.cn-north-1.amazonaws.com.cn/");
        let scope = Scope { service: "monitoring", region: "cn-north-1" };
        let kind = HeaderValue::from_static("text/plain");
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, kind)]);
        let signed = scope.post(&url, headers.clone(), "x".into(), Some(&credential)).unwrap();
        let signature = signed["authorization"].to_str().unwrap();
        assert!(signature.contains("/cn-north-1/monitoring/aws4_request"), "{signature}");
        assert!(!format!("{signed:?}").contains("SECRET"));
        let odd = Credential { token: Some("a\nb".into()), ..credential.clone() };
        assert!(scope.post(&url, headers.clone(), Bytes::new(), Some(&odd)).is_err());
        let nowhere = Scope { region: "eu\u{1}x", ..scope };
        assert!(nowhere.post(&url, headers.clone(), Bytes::new(), Some(&credential)).is_err());
        assert_eq!(scope.post(&url, headers.clone(), Bytes::new(), None).unwrap(), headers);
    }
}
