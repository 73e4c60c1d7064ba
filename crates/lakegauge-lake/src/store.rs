//! A store as a monitor needs it: two kinds of listing.

use std::sync::Arc;

use async_trait::async_trait;
use lakegauge_core::observation::{Listed, ObjectMeta};

use crate::error::StoreError;

/// What is done with each object of a listing.
pub type Each<'a> = dyn FnMut(Listed<'_>) + Send + 'a;

/// Objects and folders directly below a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// Folders: the whole prefix relative to the lake's root, with the closing `/`.
    pub prefixes: Vec<String>,
    /// Objects that lie directly below.
    pub objects: Vec<ObjectMeta>,
    /// Places that could not be read.
    pub hidden: Vec<StoreError>,
}

/// A lake's store. Prefixes and keys are relative to the lake's root; a prefix need not end at a `/`.
#[async_trait]
pub trait Store: Send + Sync {
    /// Lists every object below `prefix` whose key sorts after `start_after`, page by page, in an order of the
    /// store's choice.
    ///
    /// Returns the places that stayed hidden while the rest was listed (folders without permission).
    ///
    /// # Errors
    /// When the listing could not be finished; objects seen before that have been handed to `each`.
    async fn list(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError>;

    /// Hands over the first page of [`Store::list`], and says whether it was all.
    ///
    /// # Errors
    /// As [`Store::list`].
    async fn first(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<bool, StoreError>;

    /// Lists what lies directly below `prefix`: the delimiter is `/`.
    ///
    /// # Errors
    /// When the listing could not be finished.
    async fn level(&self, prefix: &str) -> Result<Level, StoreError>;

    /// List requests sent so far, retries included. A local folder counts one a call.
    fn requests(&self) -> u64;

    /// A prefix as a user would name it: with the lake's address in front.
    fn place(&self, prefix: &str) -> String;

    /// Objects that one request returns at most; `None` when a listing is always one request.
    fn page_size(&self) -> Option<u64>;

    /// How many listings of one [`sweep`](crate::sweep) run at once; 1 where the store is fast by itself.
    fn lanes(&self) -> usize;

    /// The same store with a count of requests of its own, from 0; what bounds its requests is shared.
    fn view(&self) -> Arc<dyn Store>;
}
