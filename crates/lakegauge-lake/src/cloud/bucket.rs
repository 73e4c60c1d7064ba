//! A GCS bucket or an Azure container.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lakegauge_core::cause::chain;
use lakegauge_core::observation::GapKind;
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::{RetryConfig, azure::MicrosoftAzureBuilder, gcp::GoogleCloudStorageBuilder};

use super::wire::{Connector, Form, Sought, failed};
use crate::error::StoreError;
use crate::options::Options;
use crate::page::{Ask, Page, Pages};

/// A bucket or a container.
pub(crate) struct Cloud {
    store: Arc<dyn PaginatedListStore>,
    /// The address of the bucket, with a trailing `/`.
    address: String,
    /// Whether the store can start a listing after a key.
    offsets: bool,
    form: Form,
}

/// What the caller knows about the store.
pub(crate) struct Settings<'a> {
    /// Another server than the cloud's own.
    pub(crate) endpoint: Option<&'a str>,
    /// Settings by `object_store`'s names; they override the environment.
    pub(crate) extra: &'a [(String, String)],
    /// Time limit of one request.
    pub(crate) timeout: Duration,
}

impl Settings<'_> {
    /// The settings in a lake's options.
    pub(crate) fn of(options: &Options) -> Settings<'_> {
        Settings { endpoint: options.endpoint.as_deref(), extra: &options.cloud, timeout: options.timeout }
    }

    fn plain(&self) -> bool {
        self.endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))
    }

    fn connector(&self, no_credentials: &'static str) -> Connector {
        Connector { timeout: self.timeout, no_credentials }
    }
}

/// Retries are left to [`Retry`](crate::page::Retry), which counts the requests.
fn once() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

const NO_GOOGLE_CREDENTIALS: &str = "no Google credentials were found: log in (`gcloud auth application-default login`), \
     set GOOGLE_APPLICATION_CREDENTIALS to a key's file, or GOOGLE_SKIP_SIGNATURE=true for a public bucket";
const NO_AZURE_CREDENTIALS: &str = "no Azure credentials were found: set AZURE_STORAGE_ACCOUNT_KEY, \
     AZURE_STORAGE_SAS_TOKEN or the three of a service principal (AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID), \
     AZURE_USE_AZURE_CLI=true after `az login`, or AZURE_SKIP_SIGNATURE=true for a public container";

const NO_AZURE_ACCOUNT: &str = "the storage account is not known: set AZURE_STORAGE_ACCOUNT_NAME, or write \
     abfss://container@account.dfs.core.windows.net/prefix";

fn refused(address: &str, error: &object_store::Error) -> StoreError {
    StoreError::lasting(GapKind::Denied, address, chain(error))
}

impl Cloud {
    /// A bucket of Google Cloud Storage, with the credentials in the environment.
    pub(crate) fn gcs(bucket: &str, settings: &Settings<'_>) -> Result<Cloud, StoreError> {
        let address = format!("gs://{bucket}/");
        let mut builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket);
        builder = builder.with_retry(once()).with_client_options(Connector::options(settings.plain()));
        builder = builder.with_http_connector(settings.connector(NO_GOOGLE_CREDENTIALS));
        if let Some(endpoint) = settings.endpoint {
            builder = builder.with_base_url(endpoint.trim_end_matches('/'));
        }
        for (key, value) in settings.extra {
            let key = key.parse().map_err(|error| refused(&address, &error))?;
            builder = builder.with_config(key, value);
        }
        let store = builder.build().map_err(|error| refused(&address, &error))?;
        Ok(Cloud { store: Arc::new(store), address, offsets: true, form: Form::Bucket })
    }

    /// A container of Azure Blob Storage, with the credentials in the environment.
    pub(crate) fn azure(
        account: Option<&str>,
        container: &str,
        settings: &Settings<'_>,
    ) -> Result<Cloud, StoreError> {
        let address = format!("az://{container}/");
        let mut builder = MicrosoftAzureBuilder::from_env().with_container_name(container);
        builder = builder.with_retry(once()).with_client_options(Connector::options(settings.plain()));
        builder = builder.with_http_connector(settings.connector(NO_AZURE_CREDENTIALS));
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
        let store = builder.build().map_err(|error| match chain(&error) {
            detail if detail.contains("Account must be specified") => {
                StoreError::lasting(GapKind::Denied, &address, NO_AZURE_ACCOUNT)
            }
            detail => StoreError::lasting(GapKind::Denied, &address, detail),
        })?;
        // Azurite does not know `startFrom`; keys up to the start are filtered out here in any case.
        let offsets = settings.endpoint.is_none();
        Ok(Cloud { store: Arc::new(store), address, offsets, form: Form::Blobs })
    }
}

#[async_trait]
impl Pages for Cloud {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        let place = format!("{}{}", self.address, ask.prefix);
        let sought = Sought { form: self.form, prefix: ask.prefix.clone(), place: place.clone() };
        let mut options = PaginatedListOptions {
            offset: ask.start_after.clone().filter(|_| self.offsets && ask.token.is_none()),
            delimiter: ask.by_level.then(|| "/".into()),
            page_token: ask.token.clone(),
            ..PaginatedListOptions::default()
        };
        options.extensions.insert(sought);
        let prefix = Some(ask.prefix.as_str()).filter(|prefix| !prefix.is_empty());
        let listed = self.store.list_paginated(prefix, options).await;
        let mut listed = listed.map_err(|error| failed(&place, &error))?;
        let page = listed.result.extensions.remove::<Page>();
        page.ok_or_else(|| StoreError::lasting(GapKind::Malformed, place, "not a listing"))
    }
}
