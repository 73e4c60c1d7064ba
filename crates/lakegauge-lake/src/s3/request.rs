//! A ListObjectsV2 request: its address and its signature.

use http::{HeaderMap, HeaderValue, Method, Request};
use lakegauge_core::region;
use lakegauge_engine::Credential;
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{HttpRequest, HttpRequestBody};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::page::Ask;

/// All but the unreserved characters of RFC 3986, as the canonical request of Signature Version 4 requires: the signed
/// and the sent address are the same.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address of one page, with its parameters in the order of the signature.
pub(super) fn url(bucket: &str, endpoint: Option<&str>, region: &str, ask: &Ask) -> String {
    let mut url = base(bucket, endpoint, region);
    let mut sign = '?';
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            url.push(sign);
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, STRICT));
            sign = '&';
        }
    };
    add("continuation-token", ask.token.as_deref());
    add("delimiter", ask.by_level.then_some("/"));
    add("encoding-type", Some("url"));
    add("list-type", Some("2"));
    add("prefix", Some(ask.prefix.as_str()).filter(|prefix| !prefix.is_empty()));
    // With a token the store knows the start; some stores would start over if it were given.
    add("start-after", ask.start_after.as_deref().filter(|_| ask.token.is_none()));
    url
}

/// Path style at another endpoint; on AWS the bucket is in the host name, unless it contains a dot, which would not
/// match the certificate.
fn base(bucket: &str, endpoint: Option<&str>, region: &str) -> String {
    let name = utf8_percent_encode(bucket, STRICT);
    let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    match endpoint {
        Some(endpoint) => format!("{}/{name}", endpoint.trim_end_matches('/')),
        None if bucket.contains('.') => format!("https://s3.{region}.{suffix}/{name}"),
        None => format!("https://{name}.s3.{region}.{suffix}/"),
    }
}

/// The headers that sign a GET of `url`; empty for an anonymous request.
pub(super) fn headers(url: &str, credential: Option<&Credential>, region: &str) -> Result<HeaderMap, String> {
    let Some(Credential { key_id, secret, token }) = credential else { return Ok(HeaderMap::new()) };
    for (what, text) in [("access key id", Some(key_id)), ("session token", token.as_ref())] {
        if text.is_some_and(|text| HeaderValue::from_str(text).is_err() || text.trim() != text) {
            return Err(format!("the {what} holds a character that cannot be sent"));
        }
    }
    // The signer assumes that both are valid, and would panic.
    region::check(region)?;
    url::Url::parse(url).map_err(|_| "the endpoint is not an address".to_owned())?;
    let credential =
        AwsCredential { key_id: key_id.clone(), secret_key: secret.clone(), token: token.clone() };
    let mut request: HttpRequest = Request::builder()
        .method(Method::GET)
        .uri(url)
        .body(HttpRequestBody::empty())
        .map_err(|_| "the endpoint is not an address".to_owned())?;
    AwsAuthorizer::new(&credential, "s3", region)
        .try_authorize(&mut request, None)
        .map_err(|_| "the request cannot be signed".to_owned())?;
    Ok(std::mem::take(request.headers_mut()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_as_they_are_signed() {
        let check = |bucket, endpoint, region, ask: Ask, expect: &str| {
            assert_eq!(url(bucket, endpoint, region, &ask), expect);
        };
        let ask = |prefix: &str| Ask { prefix: prefix.to_owned(), ..Ask::default() };
        let fixed = "encoding-type=url&list-type=2";
        check("b", None, "eu-west-2", ask(""), &format!("https://b.s3.eu-west-2.amazonaws.com/?{fixed}"));
        check(
            "b.c",
            None,
            "cn-north-1",
            ask(""),
            &format!("https://s3.cn-north-1.amazonaws.com.cn/b.c?{fixed}"),
        );
        check(
            "b",
            Some("http://127.0.0.1:8333/"),
            "us-east-1",
            ask("a +%/é/../\u{1}~"),
            &format!("http://127.0.0.1:8333/b?{fixed}&prefix=a%20%2B%25%2F%C3%A9%2F..%2F%01~"),
        );
        let later = Ask {
            token: Some("t/=".to_owned()),
            start_after: Some("k".to_owned()),
            by_level: true,
            ..ask("p")
        };
        let first = Ask { token: None, ..later.clone() };
        let url = "http://h/b";
        check(
            "b",
            Some("http://h"),
            "r",
            later,
            &format!("{url}?continuation-token=t%2F%3D&delimiter=%2F&{fixed}&prefix=p"),
        );
        check(
            "b",
            Some("http://h"),
            "r",
            first,
            &format!("{url}?delimiter=%2F&{fixed}&prefix=p&start-after=k"),
        );
    }

    #[test]
    fn signed_headers_hold_no_secret_and_odd_credentials_are_refused() {
        let credential =
            Credential { key_id: "KEY".into(), secret: "SECRET".into(), token: Some("TOKEN".into()) };
        let signed = headers("http://h/b?list-type=2", Some(&credential), "us-east-1").unwrap();
        assert!(!format!("{signed:?}").contains("SECRET"));
        assert!(signed["authorization"].to_str().unwrap().starts_with("AWS4-HMAC-SHA256 Credential=KEY/"));
        assert!(headers("http://h/", None, "r").unwrap().is_empty());
        let odd = Credential { token: Some("a\nb".into()), ..credential.clone() };
        assert!(headers("http://h/", Some(&odd), "r").is_err());
        for region in ["eu\u{1}x", "root:../../x", ""] {
            assert!(headers("http://h/b", Some(&credential), region).is_err(), "{region:?}");
        }
        assert!(headers("http://[h/b", Some(&credential), "r").is_err());
    }
}
