//! Opens the store at an address.

use std::sync::Arc;

use lakegauge_core::cause::chain;
use lakegauge_core::observation::GapKind;
use lakegauge_core::region;

use crate::address::{self, Address};
#[cfg(feature = "clouds")]
use crate::cloud::{self, Cloud};
use crate::error::StoreError;
use crate::local::Local;
use crate::options::Options;
use crate::page::{Gate, Paged, Pages, Retry};
#[cfg(feature = "clouds")]
use crate::refused::Refused;
use crate::s3::{self, S3};
use crate::store::Store;

/// Opens the store at `address`; sends nothing yet.
///
/// # Errors
/// If the options are invalid: an endpoint that is not a server's address, a region that is not one. Credentials of
/// Google Cloud Storage or Azure that cannot be read are an error of each listing.
pub fn open(address: &Address, options: &Options) -> Result<Arc<dyn Store>, StoreError> {
    let shown = address.to_string();
    let lasting = |detail: &str| StoreError::lasting(GapKind::Unreachable, shown.as_str(), detail);
    let endpoint = options.endpoint.as_deref().map(|typed| address::endpoint(typed, address)).transpose();
    let endpoint = endpoint.map_err(|error| lasting(&format!("the endpoint: {error}")))?;
    options.region.as_deref().map_or(Ok(()), region::check).map_err(|why| lasting(&why))?;
    let options = &Options { endpoint, ..options.clone() };
    match address {
        Address::Local(root) => Ok(Arc::new(Local::new(root.clone()))),
        Address::S3 { bucket, prefix } => {
            if bucket.ends_with("--x-s3") && options.endpoint.is_none() {
                return Err(StoreError::lasting(
                    GapKind::Unsupported,
                    shown,
                    "an S3 Express directory bucket",
                ));
            }
            let settings = s3::Settings {
                bucket: bucket.clone(),
                endpoint: options.endpoint.clone(),
                region: options.region.clone(),
                credentials: options.credentials.clone(),
                http: options.http.clone(),
                timeout: options.timeout,
            };
            let s3 = S3::new(settings).map_err(|e| lasting(&chain(&e)))?;
            Ok(paged(s3, shown, prefix, s3::PAGE_SIZE, options))
        }
        #[cfg(feature = "clouds")]
        Address::Gcs { bucket, prefix } => match Cloud::gcs(bucket, &cloud::Settings::of(options)) {
            Ok(gcs) => Ok(paged(gcs, shown, prefix, s3::PAGE_SIZE, options)),
            Err(error) => Ok(Arc::new(Refused(error))),
        },
        #[cfg(feature = "clouds")]
        Address::Azure { account, container, prefix } => {
            match Cloud::azure(account.as_deref(), container, &cloud::Settings::of(options)) {
                Ok(azure) => Ok(paged(azure, shown, prefix, AZURE_PAGE_SIZE, options)),
                Err(error) => Ok(Arc::new(Refused(error))),
            }
        }
        #[cfg(not(feature = "clouds"))]
        Address::Gcs { .. } | Address::Azure { .. } => {
            let detail =
                "this program was built for S3 and local folders: `lakegauge check` sees such a lake";
            Err(StoreError::lasting(GapKind::Unsupported, shown, detail))
        }
    }
}

/// The page size of Azure's List Blobs (maximum of its `maxresults`).
#[cfg(feature = "clouds")]
const AZURE_PAGE_SIZE: u64 = 5_000;

/// Wraps a store in the decorators, in the order that [`crate::page`] describes.
pub(crate) fn paged(
    pages: impl Pages + 'static,
    shown: String,
    prefix: &str,
    page_size: u64,
    options: &Options,
) -> Arc<dyn Store> {
    let bucket = shown.strip_suffix(prefix).unwrap_or(&shown).to_owned();
    let gate = Gate::new(pages, bucket, options.parallel);
    let retry: Arc<dyn Pages> = Arc::new(Retry::new(gate, options.backoff));
    Arc::new(Paged::new(retry, shown, prefix.to_owned(), page_size, options.parallel.max(1)))
}
