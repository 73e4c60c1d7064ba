//! A store that cannot be opened: each listing fails with the reason.

use std::sync::Arc;

use async_trait::async_trait;

use crate::error::StoreError;
use crate::store::{Each, Level, Store};

/// A store in place of one that cannot be opened, so that the reason is a gap of each dataset instead of the end of
/// the command.
#[derive(Clone, Debug)]
pub(crate) struct Refused(pub(crate) StoreError);

#[async_trait]
impl Store for Refused {
    async fn list(
        &self,
        _prefix: &str,
        _start_after: Option<&str>,
        _each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError> {
        Err(self.0.clone())
    }

    async fn first(
        &self,
        _prefix: &str,
        _start_after: Option<&str>,
        _each: &mut Each<'_>,
    ) -> Result<bool, StoreError> {
        Err(self.0.clone())
    }

    async fn level(&self, _prefix: &str) -> Result<Level, StoreError> {
        Err(self.0.clone())
    }

    fn requests(&self) -> u64 {
        0
    }

    fn place(&self, prefix: &str) -> String {
        format!("{}{prefix}", self.0.place)
    }

    fn page_size(&self) -> Option<u64> {
        None
    }

    fn lanes(&self) -> usize {
        1
    }

    fn view(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }
}
