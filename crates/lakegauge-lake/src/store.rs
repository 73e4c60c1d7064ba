//! A store as a monitor needs it: two kinds of listing.

use std::sync::Arc;

use async_trait::async_trait;
use lakegauge_core::observation::{Listed, ObjectMeta};

use crate::error::StoreError;

/// Called with each object of a listing.
pub type Each<'a> = dyn FnMut(Listed<'_>) + Send + 'a;

/// Objects and folders directly below a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// Folders: the full prefix relative to the lake's root, with the trailing `/`.
    pub prefixes: Vec<String>,
    /// Objects directly below the prefix.
    pub objects: Vec<ObjectMeta>,
    /// Places that could not be read.
    pub hidden: Vec<StoreError>,
}

/// A lake's store. Prefixes and keys are relative to the lake's root; a prefix need not end in `/`.
#[async_trait]
pub trait Store: Send + Sync {
    /// Lists every object below `prefix` whose key sorts after `start_after`, page by page, in the store's order.
    ///
    /// Returns the places that could not be read while the rest was listed (folders without permission).
    ///
    /// # Errors
    /// If the listing failed; the objects seen until then have been passed to `each`.
    async fn list(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError>;

    /// Passes on the first page of [`Store::list`], and returns whether it was all.
    ///
    /// # Errors
    /// As [`Store::list`].
    async fn first(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<bool, StoreError>;

    /// Lists what is directly below `prefix`; the delimiter is `/`.
    ///
    /// # Errors
    /// If the listing failed.
    async fn level(&self, prefix: &str) -> Result<Level, StoreError>;

    /// List requests sent so far, including retries. A local folder counts one per call.
    fn requests(&self) -> u64;

    /// A prefix as named to users, with the lake's address.
    fn place(&self, prefix: &str) -> String;

    /// Maximum number of objects per request; `None` if a listing is always one request.
    fn page_size(&self) -> Option<u64>;

    /// The number of parallel listings in one [`sweep`](crate::sweep); 1 if the store is fast enough.
    fn lanes(&self) -> usize;

    /// The same store with its own count of requests, from 0; the limit on requests is shared.
    fn view(&self) -> Arc<dyn Store>;
}
