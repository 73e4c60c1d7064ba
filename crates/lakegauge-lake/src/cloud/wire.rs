//! The HTTP client that `object_store` uses.

use std::time::Duration;

use async_trait::async_trait;
use lakegauge_core::cause::chain;
use lakegauge_core::observation::GapKind;
use object_store::ClientConfigKey;
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpService,
};

use super::blobs;
use crate::answer::Answer;
use crate::error::StoreError;
use crate::page::Page;
use crate::s3::parse;
use crate::wire;

/// The format of a listing's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// That of S3: Google Cloud Storage.
    Bucket,
    /// Azure's List Blobs.
    Blobs,
}

/// Accompanies the request for a page; a request without it asks for credentials.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    pub(super) form: Form,
    pub(super) prefix: String,
    pub(super) place: String,
}

/// Creates the clients.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) timeout: Duration,
    /// How to provide credentials if there are none.
    pub(super) no_credentials: &'static str,
}

/// Time limit for connecting.
const CONNECT: Duration = Duration::from_secs(10);
/// Time limit for connecting to a metadata service: in the cloud it answers at once, elsewhere never.
const METADATA: Duration = Duration::from_secs(1);

impl Connector {
    /// The options with which `object_store`'s builder requests a client.
    pub(super) fn options(http: bool) -> ClientOptions {
        ClientOptions::new().with_connect_timeout(CONNECT).with_allow_http(http)
    }
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let key = ClientConfigKey::ConnectTimeout;
        let usual = options.get_config_value(&key) == Connector::options(false).get_config_value(&key);
        let connect = if usual { CONNECT } else { METADATA };
        let http = wire::client(self.timeout, connect)
            .map_err(|error| object_store::Error::Generic { store: "HTTP", source: error.into() })?;
        Ok(HttpClient::new(Wire { http, no_credentials: self.no_credentials }))
    }
}

#[derive(Debug)]
struct Wire {
    http: reqwest::Client,
    no_credentials: &'static str,
}

#[async_trait]
impl HttpService for Wire {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = match request.extensions().get::<Sought>().cloned() {
            Some(sought) => self.page(request, &sought).await,
            None => self.credentials(request).await,
        };
        answer.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))
    }
}

impl Wire {
    /// Fetches and parses a page. `object_store` gets an empty page, with the parsed one attached.
    async fn page(&self, request: HttpRequest, sought: &Sought) -> Result<HttpResponse, StoreError> {
        let place = sought.place.as_str();
        let (status, location, body) = self.send(request, place).await?;
        if wire::wants_tls(status, &body) {
            return Err(wire::tls_wanted(place));
        }
        if !(200..300).contains(&status) {
            return Err(Answer::new(status, &body, location.as_deref()).error(place));
        }
        let (page, empty) = match sought.form {
            Form::Bucket => (parse(&body, &sought.prefix), "<ListBucketResult/>"),
            Form::Blobs => {
                (blobs::parse(&body, &sought.prefix), "<EnumerationResults><Blobs/></EnumerationResults>")
            }
        };
        let page: Page = page.map_err(|broken| broken.error(place))?;
        let mut response = HttpResponse::new(empty.to_owned().into());
        response.extensions_mut().insert(page);
        Ok(response)
    }

    /// Requests credentials; `object_store` parses the answer.
    async fn credentials(&self, request: HttpRequest) -> Result<HttpResponse, StoreError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let (status, _, body) = self.send(request, "").await.map_err(|error| match is_metadata(&host) {
            true => StoreError::lasting(GapKind::Denied, "", self.no_credentials),
            false => {
                StoreError { detail: format!("{host}, asked for credentials: {}", error.detail), ..error }
            }
        })?;
        if !(200..300).contains(&status) {
            let said = String::from_utf8_lossy(body.get(..body.len().min(300)).unwrap_or(&body)).into_owned();
            let detail = format!("{host}, asked for credentials, says HTTP {status} {said}");
            return Err(match status {
                429 | 500.. => StoreError::passing(GapKind::Denied, "", detail),
                _ => StoreError::lasting(GapKind::Denied, "", detail),
            });
        }
        let mut response = HttpResponse::new(body.into());
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        Ok(response)
    }

    /// The status, the target of a redirect, and the body.
    async fn send(
        &self,
        request: HttpRequest,
        place: &str,
    ) -> Result<(u16, Option<String>, Vec<u8>), StoreError> {
        let (parts, body) = request.into_parts();
        let wrong = |detail: String| StoreError::lasting(GapKind::Unreachable, place, detail);
        let url =
            parts.uri.to_string().parse::<url::Url>().map_err(|_| wrong("not an address".to_owned()))?;
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        // Nothing is uploaded: the body of a token request is in one piece.
        *request.body_mut() = body.as_bytes().cloned().map(Into::into);
        let answer = self.http.execute(request).await.map_err(|error| wire::broken(error, place))?;
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").and_then(|v| v.to_str().ok()).map(str::to_owned);
        Ok((status, location, wire::read(answer, place).await?))
    }
}

/// Whether this is the host that gives machines in the cloud their credentials.
fn is_metadata(host: &str) -> bool {
    matches!(host, "169.254.169.254" | "metadata.google.internal")
}

/// An error of `object_store` as one of ours, with the place. Errors on the wire already are ours; anything else went
/// wrong earlier, with the credentials.
pub(super) fn failed(place: &str, error: &object_store::Error) -> StoreError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if let Some(ours) = inner.downcast_ref::<StoreError>() {
            return StoreError { place: place.to_owned(), ..ours.clone() };
        }
        source = inner.source();
    }
    StoreError::lasting(GapKind::Denied, place, chain(error))
}
