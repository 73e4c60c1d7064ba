//! The one HTTP client: state bucket, lake and CloudWatch share its connections and certificates.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// Time limits for connecting, and for a whole request.
const CONNECT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_secs(30);
/// A function is frozen between calls: the server may have closed a connection that was idle for longer.
const IDLE: Duration = Duration::from_secs(20);

/// A client that trusts Mozilla's root certificates as of the build, Amazon's among them: reading and parsing the
/// system's certificates would take a third of the start, and a megabyte.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    let provider = Arc::new(ring::default_provider());
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map(|tls| tls.with_root_certificates(roots).with_no_client_auth());
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(REQUEST)
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("lakegauge-lambda/", env!("CARGO_PKG_VERSION")));
    match tls {
        Ok(tls) => client.tls_backend_preconfigured(tls).build(),
        // `ring` supports the versions that rustls needs; otherwise reqwest reports an error.
        Err(_) => client.build(),
    }
}
