//! The request for a page, the page, and the trait that fetches it.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::observation::Listed;

use crate::error::StoreError;

/// A request for a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    /// Only keys with this prefix (including the lake's root).
    pub(crate) prefix: String,
    /// Group keys with a further `/` into folders.
    pub(crate) by_level: bool,
    /// Only keys that sort after this one (including the lake's root).
    pub(crate) start_after: Option<String>,
    /// The continuation token of the previous page.
    pub(crate) token: Option<String>,
    /// Counts the requests sent for it.
    pub(crate) sent: Arc<AtomicU64>,
}

/// One page of a listing, its keys in one allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    keys: String,
    objects: Vec<(usize, u64, Timestamp, Option<u64>)>,
    /// Folders, if requested.
    pub(crate) prefixes: Vec<String>,
    /// The token for the next page; `None` on the last one.
    pub(crate) next: Option<String>,
}

impl Page {
    /// An empty page with room for `objects`.
    pub(crate) fn with_capacity(objects: usize) -> Page {
        Page {
            keys: String::with_capacity(objects * 64),
            objects: Vec::with_capacity(objects),
            ..Page::default()
        }
    }

    /// Adds an object.
    pub(crate) fn push(&mut self, object: Listed<'_>) {
        self.keys.push_str(object.key);
        self.objects.push((self.keys.len(), object.size, object.last_modified, object.etag));
    }

    /// Its folders in the form of objects.
    pub(crate) fn folders(&self) -> impl Iterator<Item = Listed<'_>> {
        let folder = |key| Listed { key, size: 0, last_modified: Timestamp::UNIX_EPOCH, etag: None };
        self.prefixes.iter().map(String::as_str).map(folder)
    }

    /// Objects on the page.
    pub(crate) fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether no object is on the page.
    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The objects in the page's order.
    pub(crate) fn objects(&self) -> impl Iterator<Item = Listed<'_>> {
        let mut from = 0;
        self.objects.iter().map(move |&(end, size, last_modified, etag)| {
            let key = self.keys.get(from..end).unwrap_or_default();
            from = end;
            Listed { key, size, last_modified, etag }
        })
    }
}

/// A store that answers page by page.
#[async_trait]
pub(crate) trait Pages: Send + Sync {
    /// Fetches one page: one request, no retries.
    ///
    /// # Errors
    /// If there is no complete, well-formed page.
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError>;
}

#[async_trait]
impl<P: Pages + ?Sized> Pages for Arc<P> {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        (**self).page(ask).await
    }
}
