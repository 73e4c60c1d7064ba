//! Builds listings from pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lakegauge_core::foreign::visible;
use lakegauge_core::observation::{GapKind, Listed};
use tokio::time::Instant;

use super::{Ask, Order, OutOfOrder, Page, Pages};
use crate::error::StoreError;
use crate::store::{Each, Level, Store};

/// A store may return pages without keys (deleted versions, a filter of its own), but not this many in a row, nor for
/// this long.
const EMPTY_PAGES: u32 = 1_000;
const EMPTY_FOR: Duration = Duration::from_secs(300);

/// A store that answers page by page, below a root.
pub(crate) struct Paged {
    pages: Arc<dyn Pages>,
    address: String,
    root: String,
    sent: Arc<AtomicU64>,
    page_size: u64,
    lanes: usize,
}

impl Paged {
    /// `address` precedes a prefix in its name for users; `root` is the prefix of every key, empty or with a trailing
    /// `/`; `lanes` is the number of parallel listings in a sweep.
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

    /// Passes on the page's objects, and returns the number of new keys.
    fn hand_over(
        &self,
        ask: &Ask,
        page: &Page,
        order: &mut Order,
        each: &mut Each<'_>,
    ) -> Result<usize, StoreError> {
        let mut stray = None;
        let taken = order.take(page.objects(), &mut |object| match self.relative(ask, object.key) {
            Ok(key) if ask.start_after.as_deref().is_none_or(|after| object.key > after) => {
                each(Listed { key, ..object });
            }
            Ok(_) => {}
            Err(error) => stray = Some(error),
        });
        let new = taken.map_err(|found| self.twice(ask, &found))?;
        stray.map_or(Ok(new), Err)
    }

    /// Fetches page after page, and the next one while `take` processes the current one. `take` returns how much of the
    /// page was new.
    async fn walk(
        &self,
        mut ask: Ask,
        take: &mut (dyn FnMut(Page) -> Result<usize, StoreError> + Send),
    ) -> Result<(), StoreError> {
        let (mut empty, mut since) = (0, Instant::now());
        let mut page = self.pages.page(&ask).await?;
        while let Some(token) = page.next.take() {
            if ask.token.as_ref() == Some(&token) {
                return Err(self.broken(&ask, "the store returned a continuation token a second time"));
            }
            ask.token = Some(token);
            let (next, taken) = futures::join!(self.pages.page(&ask), async { take(page) });
            if taken? > 0 {
                (empty, since) = (0, Instant::now());
            } else {
                empty += 1;
            }
            if empty > EMPTY_PAGES || (empty > 1 && since.elapsed() > EMPTY_FOR) {
                return Err(self.broken(&ask, "the store returned page after page without a new key"));
            }
            page = next?;
        }
        take(page).map(|_| ())
    }

    fn broken(&self, ask: &Ask, detail: &str) -> StoreError {
        StoreError::lasting(GapKind::Truncated, self.place(self.below_root(&ask.prefix)), detail)
    }

    fn twice(&self, ask: &Ask, OutOfOrder { before, key }: &OutOfOrder) -> StoreError {
        let (before, key) = (visible(before), visible(key));
        self.broken(
            ask,
            &format!("the store listed `{key}` after `{before}`: a page came twice, or out of order"),
        )
    }

    fn below_root<'a>(&self, key: &'a str) -> &'a str {
        key.strip_prefix(self.root.as_str()).unwrap_or(key)
    }

    /// A key relative to the root. A store that lists what was not requested is not trusted.
    fn relative<'a>(&self, ask: &Ask, key: &'a str) -> Result<&'a str, StoreError> {
        let Some(below) = key.strip_prefix(ask.prefix.as_str()) else {
            return Err(self.stray(ask, key, "is not below the prefix"));
        };
        // Folders end with the delimiter; any other key that contains one should have been grouped.
        if ask.by_level && below.strip_suffix('/').unwrap_or(below).contains('/') {
            return Err(self.stray(ask, key, "is deeper than the level that was asked for"));
        }
        Ok(self.below_root(key))
    }

    fn stray(&self, ask: &Ask, key: &str, why: &str) -> StoreError {
        let detail = format!("the store listed `{}`, which {why}", visible(key));
        StoreError::lasting(GapKind::Malformed, self.place(self.below_root(&ask.prefix)), detail)
    }

    /// Adds what is new on a page to its level, and returns how much that was.
    fn fill(
        &self,
        level: &mut Level,
        ask: &Ask,
        page: &Page,
        (objects, folders): &mut (Order, Order),
    ) -> Result<usize, StoreError> {
        let new = self.hand_over(ask, page, objects, &mut |object| {
            level.objects.push(object.meta());
        })?;
        let mut stray = None;
        let taken = folders.take(page.folders(), &mut |folder| match self.relative(ask, folder.key) {
            // A folder no deeper than the requested one would be entered forever.
            Ok(name) if folder.key.len() > ask.prefix.len() && folder.key.ends_with('/') => {
                level.prefixes.push(name.to_owned());
            }
            Ok(_) => stray = Some(self.stray(ask, folder.key, "is not a folder below the prefix")),
            Err(error) => stray = Some(error),
        });
        let more = taken.map_err(|found| self.twice(ask, &found))?;
        stray.map_or(Ok(new + more), Err)
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
        let (first, mut order) = (ask.clone(), Order::default());
        self.walk(ask, &mut |page| self.hand_over(&first, &page, &mut order, each)).await?;
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
        self.hand_over(&ask, &page, &mut Order::default(), each)?;
        Ok(page.next.is_none())
    }

    async fn level(&self, prefix: &str) -> Result<Level, StoreError> {
        let ask = Ask { by_level: true, ..self.ask(prefix, None) };
        let (first, mut orders) = (ask.clone(), <(Order, Order)>::default());
        let mut level = Level::default();
        self.walk(ask, &mut |page| self.fill(&mut level, &first, &page, &mut orders)).await?;
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

    /// Pages with one key each: `keys` in a row, each with the token of the next.
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

    fn paged(keys: &[&'static str], tokens: &[Option<&'static str>]) -> Paged {
        let script = Script { keys: keys.to_vec(), tokens: tokens.to_vec() };
        Paged::new(Arc::new(script), "s3://b/r/".to_owned(), "r/".to_owned(), 1, 1)
    }

    async fn check(keys: &[&'static str], tokens: &[Option<&'static str>], expect: Result<&[&str], GapKind>) {
        let mut seen = Vec::new();
        let result =
            paged(keys, tokens).list("p", None, &mut |object| seen.push(object.key.to_owned())).await;
        assert_eq!(
            result.map(|_| seen).map_err(|e| e.kind),
            expect.map(|k| k.iter().map(|k| k.to_string()).collect())
        );
    }

    #[tokio::test]
    async fn pages_follow_each_other_until_the_last() {
        check(&["r/p1", "r/p2", "r/p//3"], &[Some("t1"), Some("t2"), None], Err(GapKind::Truncated)).await;
        check(&["r/p//1", "r/p1", "r/p2"], &[Some("t1"), Some("t2"), None], Ok(&["p//1", "p1", "p2"])).await;
        check(&["r/p1", "r/p1", "r/p2"], &[Some("t1"), Some("t2"), None], Ok(&["p1", "p2"])).await;
        check(&["r/p1", "r/p2"], &[Some("t1"), Some("t1")], Err(GapKind::Truncated)).await;
        check(&["r/p1", "r/p2"], &[Some("t1"), Some("t0")], Err(GapKind::Truncated)).await;
        check(&["r/p1", "r/q"], &[Some("t1"), None], Err(GapKind::Malformed)).await;
    }

    #[tokio::test]
    async fn keys_up_to_the_start_are_left_out_even_if_the_store_sends_them() {
        let store = paged(&["r/a", "r/b", "r/c"], &[Some("t1"), Some("t2"), None]);
        let mut seen = Vec::new();
        store.list("", Some("b"), &mut |object| seen.push(object.key.to_owned())).await.unwrap();
        assert_eq!(seen, ["c"]);
    }

    #[tokio::test]
    async fn a_level_names_each_folder_once_and_none_that_is_not_on_it() {
        let level = async |keys: &[&'static str]| {
            let tokens: Vec<_> =
                (1..keys.len()).map(|n| Some(["", "t1", "t2", "t3"][n])).chain([None]).collect();
            let level = paged(keys, &tokens).level("p/").await.map_err(|e| e.kind)?;
            let objects = level.objects.iter().map(|object| object.key.clone());
            Ok(level.prefixes.iter().cloned().chain(objects).collect::<Vec<_>>())
        };
        let check = async |keys: &[&'static str], expect: Result<&[&str], GapKind>| {
            let expect = expect.map(|names| names.iter().map(|name| name.to_string()).collect());
            assert_eq!(level(keys).await, expect, "{keys:?}");
        };
        check(&["r/p/a//", "r/p/b", "r/p/c//"], Ok(&["p/a/", "p/c/", "p/b"])).await;
        check(&["r/p/a//", "r/p/a//", "r/p/b//"], Ok(&["p/a/", "p/b/"])).await;
        check(&["r/p/a//", "r/p/b//", "r/p/a//"], Err(GapKind::Truncated)).await;
        check(&["r/p///"], Ok(&["p//"])).await;
        check(&["r/p//"], Err(GapKind::Malformed)).await;
        check(&["r/p/a/b//"], Err(GapKind::Malformed)).await;
        check(&["r/p/a/b"], Err(GapKind::Malformed)).await;
        check(&["r/q/a//"], Err(GapKind::Malformed)).await;
    }

    /// A new token with each page, and never a new key.
    struct Endless(Option<&'static str>);

    #[async_trait]
    impl Pages for Endless {
        async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut page = Page::default();
            let n: u32 = ask.token.as_deref().map_or(0, |token| token.parse().unwrap());
            page.next = Some((n + 1).to_string());
            match self.0 {
                Some(folder) if folder.ends_with('/') => page.prefixes.push(folder.to_owned()),
                Some(key) => page.push(object(key)),
                None => {}
            }
            Ok(page)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pages_that_lead_nowhere_come_to_an_end() {
        for what in [None, Some("r/k"), Some("r/k/")] {
            let store = Paged::new(Arc::new(Endless(what)), "s3://b/r/".to_owned(), "r/".to_owned(), 1, 1);
            for by_level in [false, true] {
                let kind = match by_level {
                    true => store.level("").await.map(|_| ()),
                    false => store.list("", None, &mut |_| {}).await.map(|_| ()),
                };
                let error = kind.unwrap_err();
                assert_eq!(error.kind, GapKind::Truncated, "{what:?} {by_level}");
                assert!(error.detail.ends_with("without a new key"), "{error}");
            }
        }
    }
}
