//! Listings out of pages.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use lakegauge_core::observation::{GapKind, Listed};

use super::{Ask, Page, Pages};
use crate::error::StoreError;
use crate::store::{Each, Level, Store};

/// A store may return pages without a key (deleted versions, a filter of its own); so many in a row are no
/// listing any more.
const EMPTY_PAGES: u32 = 1_000;

/// A store that answers page by page, below one root.
pub(crate) struct Paged {
    pages: Arc<dyn Pages>,
    address: String,
    root: String,
    sent: Arc<AtomicU64>,
    page_size: u64,
    lanes: usize,
}

impl Paged {
    /// `address` is what is written in front of a prefix to name it; `root` is in front of every key, empty or
    /// with a closing `/`; `lanes` is how many listings of a sweep run at once.
    pub(crate) fn new(
        pages: Arc<dyn Pages>,
        address: String,
        root: String,
        page_size: u64,
        lanes: usize,
    ) -> Paged {
        Paged { pages, address, root, sent: Arc::default(), page_size, lanes }
    }

    /// The first page below `prefix`.
    fn ask(&self, prefix: &str, start_after: Option<&str>) -> Ask {
        Ask {
            prefix: format!("{}{prefix}", self.root),
            start_after: start_after.map(|key| format!("{}{key}", self.root)),
            sent: self.sent.clone(),
            ..Ask::default()
        }
    }

    fn hand_over(&self, ask: &Ask, page: &Page, each: &mut Each<'_>) -> Result<(), StoreError> {
        for object in page.objects() {
            let key = self.relative(&ask.prefix, object.key)?;
            if ask.start_after.as_deref().is_none_or(|after| object.key > after) {
                each(Listed { key, ..object });
            }
        }
        Ok(())
    }

    /// Fetches page after page; while `take` works on one, the next is under way.
    async fn walk(
        &self,
        mut ask: Ask,
        take: &mut (dyn FnMut(Page) -> Result<(), StoreError> + Send),
    ) -> Result<(), StoreError> {
        let mut tokens = HashSet::new();
        let mut empty = 0;
        let mut page = self.pages.page(&ask).await?;
        while let Some(token) = page.next.take() {
            empty = if page.is_empty() && page.prefixes.is_empty() { empty + 1 } else { 0 };
            if !tokens.insert(token.clone()) {
                return Err(self.broken(&ask, "the store returned a continuation token a second time"));
            }
            if empty > EMPTY_PAGES {
                return Err(self.broken(&ask, "the store returned page after page without a key"));
            }
            ask.token = Some(token);
            let (next, taken) = futures::join!(self.pages.page(&ask), async { take(page) });
            taken?;
            page = next?;
        }
        take(page)
    }

    fn broken(&self, ask: &Ask, detail: &str) -> StoreError {
        StoreError::lasting(GapKind::Truncated, self.place(self.below_root(&ask.prefix)), detail)
    }

    fn below_root<'a>(&self, key: &'a str) -> &'a str {
        key.strip_prefix(self.root.as_str()).unwrap_or(key)
    }

    /// A key relative to the root. A store that lists what was not asked for is not to be trusted.
    fn relative<'a>(&self, ask: &str, key: &'a str) -> Result<&'a str, StoreError> {
        if key.starts_with(ask) {
            return Ok(self.below_root(key));
        }
        let detail = format!("the store listed `{key}`, which is not below the prefix");
        Err(StoreError::lasting(GapKind::Malformed, self.place(self.below_root(ask)), detail))
    }
}

#[async_trait]
impl Store for Paged {
    async fn list(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError> {
        let ask = self.ask(prefix, start_after);
        let first = ask.clone();
        self.walk(ask, &mut |page| self.hand_over(&first, &page, each)).await?;
        Ok(Vec::new())
    }

    async fn first(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<bool, StoreError> {
        let ask = self.ask(prefix, start_after);
        let page = self.pages.page(&ask).await?;
        self.hand_over(&ask, &page, each)?;
        Ok(page.next.is_none())
    }

    async fn level(&self, prefix: &str) -> Result<Level, StoreError> {
        let ask = Ask { by_level: true, ..self.ask(prefix, None) };
        let whole = ask.prefix.clone();
        let mut level = Level::default();
        let mut take = |page: Page| {
            for object in page.objects() {
                let key = self.relative(&whole, object.key)?;
                level.objects.push(Listed { key, ..object }.meta());
            }
            for found in &page.prefixes {
                level.prefixes.push(self.relative(&whole, found)?.to_owned());
            }
            Ok(())
        };
        self.walk(ask, &mut take).await?;
        Ok(level)
    }

    fn requests(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    fn place(&self, prefix: &str) -> String {
        format!("{}{prefix}", self.address)
    }

    fn page_size(&self) -> Option<u64> {
        Some(self.page_size)
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn view(&self) -> Arc<dyn Store> {
        Arc::new(Paged {
            pages: self.pages.clone(),
            address: self.address.clone(),
            root: self.root.clone(),
            sent: Arc::default(),
            ..*self
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn object(key: &str) -> Listed<'_> {
        Listed { key, size: 1, last_modified: Timestamp::UNIX_EPOCH, etag: None }
    }

    /// Pages of one key each: `keys` in a row, each with the token of the next.
    struct Script {
        keys: Vec<&'static str>,
        tokens: Vec<Option<&'static str>>,
    }

    #[async_trait]
    impl Pages for Script {
        async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
            let at = ask.token.as_deref().map_or(0, |token| token.trim_start_matches('t').parse().unwrap());
            let mut page = Page::default();
            page.next = self.tokens[at].map(str::to_owned);
            match self.keys[at].strip_suffix("//") {
                Some(folder) => page.prefixes.push(format!("{folder}/")),
                None => page.push(object(self.keys[at])),
            }
            Ok(page)
        }
    }

    async fn check(keys: &[&'static str], tokens: &[Option<&'static str>], expect: Result<&[&str], GapKind>) {
        let script = Script { keys: keys.to_vec(), tokens: tokens.to_vec() };
        let store = Paged::new(Arc::new(script), "s3://b/r/".to_owned(), "r/".to_owned(), 1, 1);
        let mut seen = Vec::new();
        let result = store.list("p", None, &mut |object| seen.push(object.key.to_owned())).await;
        assert_eq!(
            result.map(|_| seen).map_err(|e| e.kind),
            expect.map(|k| k.iter().map(|k| k.to_string()).collect())
        );
    }

    #[tokio::test]
    async fn pages_follow_each_other_until_the_last() {
        check(&["r/p1", "r/p2", "r/p//3"], &[Some("t1"), Some("t2"), None], Ok(&["p1", "p2", "p//3"])).await;
        check(&["r/p1", "r/p2"], &[Some("t1"), Some("t1")], Err(GapKind::Truncated)).await;
        check(&["r/p1", "r/q"], &[Some("t1"), None], Err(GapKind::Malformed)).await;
    }

    #[tokio::test]
    async fn keys_up_to_the_start_are_left_out_even_if_the_store_sends_them() {
        let script = Script { keys: vec!["r/a", "r/b", "r/c"], tokens: vec![Some("t1"), Some("t2"), None] };
        let store = Paged::new(Arc::new(script), String::new(), "r/".to_owned(), 1, 1);
        let mut seen = Vec::new();
        store.list("", Some("b"), &mut |object| seen.push(object.key.to_owned())).await.unwrap();
        assert_eq!(seen, ["c"]);
    }
}
