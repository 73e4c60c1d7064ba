//! GCS and Azure Blob Storage through `object_store`, page by page.
//!
//! `object_store` refuses a page that holds a key with `//`, `.`, `..` or a control character; the listing is then a
//! gap that says so.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::cause::chain;
use lakegauge_core::observation::{GapKind, Listed, etag};
use object_store::client::{ClientOptions, HttpError, HttpErrorKind};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::{RetryConfig, azure::MicrosoftAzureBuilder, gcp::GoogleCloudStorageBuilder};

use crate::answer::Answer;
use crate::error::StoreError;
use crate::open::Options;
use crate::page::{Ask, Page, Pages};

/// A bucket or a container.
pub(crate) struct Cloud {
    store: Arc<dyn PaginatedListStore>,
    /// The address of the bucket, with a closing `/`.
    address: String,
    /// Whether the store can begin a listing after a key.
    offsets: bool,
    /// Whether `object_store` leaves out the object whose key is the prefix itself, as it does on Azure.
    drops_exact: bool,
}

/// A shorter prefix, below which an object of exactly this key is not left out. Folders' placeholders are no loss.
fn shortened(prefix: &str) -> &str {
    match prefix.char_indices().next_back() {
        Some((at, last)) if last != '/' => prefix.get(..at).unwrap_or(prefix),
        _ => prefix,
    }
}

/// What the caller knows about the store.
pub(crate) struct Settings<'a> {
    /// Another server than the cloud's own.
    pub(crate) endpoint: Option<&'a str>,
    /// Settings by `object_store`'s names, over those of the environment.
    pub(crate) extra: &'a [(String, String)],
    /// The longest that one request may take.
    pub(crate) timeout: Duration,
}

impl Settings<'_> {
    /// Those of a lake's options.
    pub(crate) fn of(options: &Options) -> Settings<'_> {
        Settings { endpoint: options.endpoint.as_deref(), extra: &options.cloud, timeout: options.timeout }
    }

    fn client(&self) -> ClientOptions {
        let http = self.endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
        ClientOptions::new().with_timeout(self.timeout).with_allow_http(http)
    }
}

/// Repeating is [`Retry`](crate::page::Retry)'s, which counts what is sent.
fn once() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

fn refused(address: &str, error: &object_store::Error) -> StoreError {
    StoreError::lasting(GapKind::Denied, address, chain(error))
}

impl Cloud {
    /// A bucket of Google Cloud Storage, with the credentials of the environment.
    pub(crate) fn gcs(bucket: &str, settings: &Settings<'_>) -> Result<Cloud, StoreError> {
        let address = format!("gs://{bucket}/");
        let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket);
        builder = builder.with_retry(once()).with_client_options(settings.client());
        if let Some(endpoint) = settings.endpoint {
            builder = builder.with_base_url(endpoint.trim_end_matches('/'));
        }
        for (key, value) in settings.extra {
            let key = key.parse().map_err(|error| refused(&address, &error))?;
            builder = builder.with_config(key, value);
        }
        let store = builder.build().map_err(|error| refused(&address, &error))?;
        Ok(Cloud { store: Arc::new(store), address, offsets: true, drops_exact: false })
    }

    /// A container of Azure Blob Storage, with the credentials of the environment.
    pub(crate) fn azure(
        account: Option<&str>,
        container: &str,
        settings: &Settings<'_>,
    ) -> Result<Cloud, StoreError> {
        let address = format!("az://{container}/");
        let mut builder = MicrosoftAzureBuilder::from_env().with_container_name(container);
        builder = builder.with_retry(once()).with_client_options(settings.client());
        if let Some(account) = account {
            builder = builder.with_account(account);
        }
        if let Some(endpoint) = settings.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
        }
        for (key, value) in settings.extra {
            let key = key.parse().map_err(|error| refused(&address, &error))?;
            builder = builder.with_config(key, value);
        }
        let store = builder.build().map_err(|error| refused(&address, &error))?;
        // Azurite does not know `startFrom`; keys up to the start are left out here in any case.
        let offsets = settings.endpoint.is_none();
        Ok(Cloud { store: Arc::new(store), address, offsets, drops_exact: true })
    }
}

#[async_trait]
impl Pages for Cloud {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        let offset = ask.start_after.clone().filter(|_| self.offsets && ask.token.is_none());
        let options = PaginatedListOptions {
            offset,
            delimiter: ask.by_level.then(|| "/".into()),
            page_token: ask.token.clone(),
            ..PaginatedListOptions::default()
        };
        let asked = if self.drops_exact { shortened(&ask.prefix) } else { &ask.prefix };
        let prefix = Some(asked).filter(|prefix| !prefix.is_empty());
        let wanted = |key: &str| key.starts_with(&ask.prefix);
        let place = || format!("{}{}", self.address, ask.prefix);
        let listed = self.store.list_paginated(prefix, options).await.map_err(|e| failed(place(), &e))?;
        let mut page = Page::with_capacity(listed.result.objects.len());
        for object in listed.result.objects.iter().filter(|object| wanted(object.location.as_ref())) {
            let at = &object.last_modified;
            let modified =
                Timestamp::new(at.timestamp(), at.timestamp_subsec_nanos().min(999_999_999) as i32);
            page.push(Listed {
                key: object.location.as_ref(),
                size: object.size,
                last_modified: modified.unwrap_or_default(),
                etag: object.e_tag.as_deref().and_then(etag),
            });
        }
        let folders = listed.result.common_prefixes.iter().map(|folder| format!("{folder}/"));
        page.prefixes = folders.filter(|folder| wanted(folder)).collect();
        page.next = listed.page_token;
        Ok(page)
    }
}

/// What `object_store` says, as an error. Its text may hold an address with a signature: only the parts that are
/// known to be safe are kept.
fn failed(place: String, error: &object_store::Error) -> StoreError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if let Some(http) = inner.downcast_ref::<HttpError>() {
            return no_answer(place, http);
        }
        source = inner.source();
    }
    let text = chain(error);
    if let Some((status, body)) = status(&text) {
        return match error {
            object_store::Error::NotFound { .. } => {
                StoreError::lasting(GapKind::NotFound, place, "the bucket or container does not exist")
            }
            _ => Answer::new(status, body.as_bytes(), None).error(&place),
        };
    }
    let odd = text.contains("Encountered") || text.contains("illegal");
    let detail =
        if odd { "a key has an empty level, `.`, `..` or a control character" } else { "not a listing" };
    StoreError::lasting(GapKind::Malformed, place, detail)
}

fn no_answer(place: String, error: &HttpError) -> StoreError {
    let detail = match error.kind() {
        HttpErrorKind::Timeout => "time-out",
        HttpErrorKind::Connect => "no connection",
        HttpErrorKind::Decode => "the answer cannot be read",
        _ => "the connection broke",
    };
    StoreError::passing(GapKind::Unreachable, place, detail)
}

/// The status and the body out of `object_store`'s text: its error type for them is private.
fn status(text: &str) -> Option<(u16, &str)> {
    let (_, rest) = text.split_once("status code: ")?;
    let status = rest.get(..3)?.parse().ok()?;
    Some((status, rest.find('<').and_then(|at| rest.get(at..)).unwrap_or_default()))
}
