//! The connection to a server: one client, bodies up to a size limit, and errors as text.

use std::time::Duration;

use lakegauge_core::cause::chain;
use lakegauge_core::observation::GapKind;

use crate::error::StoreError;

/// A thousand percent-encoded keys of 1,024 bytes, with everything around them, are well below this; so are five
/// thousand Azure blobs.
pub(crate) const BODY_BYTES: usize = 32 << 20;

/// A client with a time limit for a request, `timeout`, and one for connecting, `connect`. It does not follow
/// redirects: no object store redirects a listing, and no other server must answer in its place.
pub(crate) fn client(timeout: Duration, connect: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(timeout.min(connect))
        .timeout(timeout)
        .user_agent(concat!("lakegauge/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Reads a body of at most [`BODY_BYTES`].
pub(crate) async fn read(mut answer: reqwest::Response, place: &str) -> Result<Vec<u8>, StoreError> {
    let expected = answer.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(expected.clamp(8 << 10, 1 << 20));
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= BODY_BYTES => body.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                let detail = format!("the answer is longer than {} MiB", BODY_BYTES >> 20);
                return Err(StoreError::lasting(GapKind::Malformed, place, detail));
            }
            Ok(None) => return Ok(body),
            Err(error) => return Err(broken(error, place)),
        }
    }
}

/// No answer, or a partial one. The address is omitted, because it may contain a signature or a continuation token.
pub(crate) fn broken(error: reqwest::Error, place: &str) -> StoreError {
    if error.is_timeout() {
        return StoreError::timeout(place);
    }
    let text = chain(&error.without_url());
    match other_scheme(&text) {
        Some(detail) => StoreError::lasting(GapKind::Unreachable, place, detail),
        None => StoreError::passing(GapKind::Unreachable, place, text),
    }
}

/// A hint if one side speaks `http` and the other `https`.
fn other_scheme(text: &str) -> Option<&'static str> {
    // rustls gets the first bytes of an HTTP answer; hyper gets a TLS record.
    if text.contains("InvalidContentType") || text.contains("InvalidMessage") {
        Some("the server does not speak TLS there: the endpoint is http://, or on another port")
    } else if text.contains("invalid HTTP version") {
        Some("the server does not speak plain HTTP there: the endpoint is https://, or on another port")
    } else {
        None
    }
}

/// Whether this is a server's answer to plain HTTP on a TLS port (Go, nginx, Apache and Tomcat).
pub(crate) fn wants_tls(status: u16, body: &[u8]) -> bool {
    let start = body.get(..body.len().min(2_048)).unwrap_or(body);
    let text = String::from_utf8_lossy(start);
    let said = ["HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port"]
        .iter()
        .any(|words| text.contains(words));
    let tomcat = text.contains("requires TLS") || text.contains("plain HTTP to an SSL-enabled");
    status == 400 && (said || tomcat)
}

/// The error for this answer.
pub(crate) fn tls_wanted(place: &str) -> StoreError {
    StoreError::lasting(
        GapKind::Unreachable,
        place,
        "the server speaks HTTPS there: write https:// in the endpoint",
    )
}
