//! A large lake in few requests: folder by folder, and of many dated folders only the newest.
//!
//! A folder is listed flat as long as that is cheap: for ten pages, and on to the end if its folders are small enough
//! for a hundred. Otherwise it is walked by the delimiter. Folders that are named after dates or hours are partitions, or
//! years and months of them: the newest are looked at, and some days of the other half of the year, which show whether
//! landing times follow summer time. Each takes one page, and a second one if a marker would come after the first (names
//! sort by their bytes). What was not passed whole is passed as such.

mod folder;

use std::sync::Mutex;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use lakegauge_core::observation::Listed;

use self::folder::{depth, inside, is_dated, is_hour, month, name};
use crate::abreast::try_abreast;
use crate::error::StoreError;
use crate::page::Page;
use crate::store::{Level, Store};
use crate::sweep::sweep;

/// How many pages of a folder are listed before it is decided how to go on.
const PAGES: usize = 10;
/// A folder that needs no more pages than this is listed whole.
const WHOLE: usize = 100;
/// How many partitions of a dataset are looked at: thirteen weeks of days, and for hours two weeks.
const DAYS: usize = 91;
const HOURS: usize = 14 * 24;
/// How many days of the other half of the year are looked at: discovery wants fifteen on each side of a change of clocks.
const SEASON: usize = 17;
/// How many folders of years and months are opened only to know which days are there.
const LEVELS: usize = 40;

/// What a survey passes on.
#[derive(Clone, Copy, Debug)]
pub enum Sighting<'a> {
    /// An object; all objects of its folder are passed.
    Object(Listed<'a>),
    /// An object of a folder of which not all objects are passed.
    Sampled(Listed<'a>),
    /// A folder like those that were looked at, or above such folders, which was not.
    Unseen(&'a str),
}

/// Called with everything that a survey passes on.
pub type See<'a> = dyn FnMut(Sighting<'_>) + Send + 'a;

/// Lists a whole lake, or samples it if it is large, in no particular order. A store that answers in one piece is always
/// listed.
///
/// # Errors
/// If a listing failed; what was seen until then has been passed on.
pub(crate) async fn survey(store: &dyn Store, see: &mut See<'_>) -> Result<Vec<StoreError>, StoreError> {
    if store.page_size().is_none() {
        return sweep(store, "", None, &mut |object| see(Sighting::Object(object))).await;
    }
    let walk = Walk { store, see: Mutex::new(see), hidden: Mutex::default() };
    walk.folder(String::new()).await?;
    Ok(walk.hidden.into_inner().unwrap_or_default())
}

struct Walk<'a, 'b> {
    store: &'a dyn Store,
    see: Mutex<&'a mut See<'b>>,
    /// Places that could not be read.
    hidden: Mutex<Vec<StoreError>>,
}

impl Walk<'_, '_> {
    fn see(&self, sighting: Sighting<'_>) {
        if let Ok(mut see) = self.see.lock() {
            see(sighting);
        }
    }

    fn see_all(&self, page: &Page) {
        page.objects().for_each(|object| self.see(Sighting::Object(object)));
    }

    fn hide(&self, hidden: Vec<StoreError>) {
        if let Ok(mut all) = self.hidden.lock() {
            all.extend(hidden);
        }
    }

    /// Passes on the objects of a level. Returns its folders.
    fn pass(&self, level: Level) -> Vec<String> {
        self.hide(level.hidden);
        level.objects.iter().for_each(|object| self.see(Sighting::Object(object.listed())));
        level.prefixes
    }

    /// Passes on everything below a folder, or a sample of it.
    fn folder(&self, prefix: String) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            let mut page = Page::default();
            let mut last: Option<String> = None;
            for _ in 0..PAGES {
                let before = last.take();
                let mut newest = before.clone();
                let whole = self
                    .store
                    .first(&prefix, before.as_deref(), &mut |object| {
                        newest = Some(object.key.to_owned());
                        page.push(object);
                    })
                    .await?;
                if whole || newest == before {
                    self.see_all(&page);
                    return Ok(());
                }
                last = newest;
            }
            self.large(&prefix, &page, last.as_deref()).await
        }
        .boxed()
    }

    /// Goes on with a folder whose first pages were not all.
    async fn large(&self, prefix: &str, page: &Page, last: Option<&str>) -> Result<(), StoreError> {
        let mut covered: Vec<&str> = page.objects().filter_map(|object| inside(object.key, prefix)).collect();
        covered.dedup();
        let level = match covered.is_empty() {
            // Files side by side: there is nothing to walk by.
            true => Level::default(),
            false => self.store.level(prefix).await?,
        };
        // The last folder of the pages may go on; those before it are whole, and show how large the others are.
        let going_on = covered.pop();
        let going_on = going_on.map(|child| format!("{prefix}{child}/")).unwrap_or_default();
        let pages = (level.prefixes.len() * PAGES).checked_div(covered.len());
        if level.prefixes.is_empty() || pages.is_some_and(|pages| pages <= WHOLE) {
            self.see_all(page);
            let mut each = |object: Listed<'_>| self.see(Sighting::Object(object));
            let hidden = sweep(self.store, prefix, last, &mut each).await?;
            self.hide(hidden);
            return Ok(());
        }
        covered.sort_unstable();
        let (dated, others): (Vec<String>, Vec<String>) =
            self.pass(level).into_iter().partition(|folder| is_dated(name(folder)));
        for object in page.objects() {
            let is_done = |child| !is_dated(child) && covered.binary_search(&child).is_ok();
            if inside(object.key, prefix).is_some_and(is_done) {
                self.see(Sighting::Object(object));
            }
        }
        let left = others.into_iter().filter(|folder| *folder >= going_on);
        let walks = left.map(|folder| self.folder(folder)).collect();
        try_abreast(walks, self.store.lanes()).await?;
        self.newest(dated).await.map(drop)
    }

    /// Looks at the newest of dated folders.
    fn newest(&self, mut folders: Vec<String>) -> BoxFuture<'_, Result<Looked, StoreError>> {
        async move {
            folders.sort_unstable_by(|a, b| (b.len(), b).cmp(&(a.len(), a)));
            let hourly = folders.iter().any(|folder| is_hour(name(folder)));
            let mut looked = Looked { hourly, ..Looked::default() };
            let mut rest = folders.into_iter();
            // Years, months, and days of hours are looked into one after the other.
            while looked.partitions < looked.enough()
                && let Some(folder) = rest.next()
            {
                match self.partition(&folder).await? {
                    Some(below) => looked.add(below),
                    None => {
                        looked.add(Looked::at(&folder));
                        break;
                    }
                }
            }
            let left = looked.enough().saturating_sub(looked.partitions);
            let looks: Vec<String> = rest.by_ref().take(left).collect();
            looked.partitions += looks.len();
            self.partitions(&looks).await?;
            looked.seasonal += self.other(rest.rev().collect(), looked).await?;
            Ok(looked)
        }
        .boxed()
    }

    /// Looks at some days of the other half of the year, the newest of them, and passes on the folders that are not
    /// looked at. Months and years are few, and name the days that are there. Returns how many days were looked at.
    ///
    /// `folders` begins with the oldest.
    async fn other(&self, mut folders: Vec<String>, looked: Looked) -> Result<usize, StoreError> {
        let mut levels = if looked.hourly { 0 } else { LEVELS };
        let most = if looked.hourly { 0 } else { SEASON.saturating_sub(looked.seasonal) };
        let mut seasonal: Vec<String> = Vec::new();
        while let Some(folder) = folders.pop() {
            let is_above = depth(&folder) < looked.depth;
            if is_above && levels > 0 {
                levels -= 1;
                folders.extend(self.pass(self.store.level(&folder).await?));
            } else if !is_above && seasonal.len() < most && looked.is_other_season(&folder) {
                seasonal.push(folder);
            } else {
                self.see(Sighting::Unseen(&folder));
            }
        }
        self.partitions(&seasonal).await?;
        Ok(seasonal.len())
    }

    /// Looks at folders of partitions.
    async fn partitions(&self, folders: &[String]) -> Result<(), StoreError> {
        let looks: Vec<BoxFuture<'_, _>> =
            folders.iter().map(|folder| self.partition(folder).boxed()).collect();
        try_abreast(looks, self.store.lanes()).await.map(drop)
    }

    /// Looks at one dated folder. Returns what was looked at below it, unless it is a partition itself.
    async fn partition(&self, folder: &str) -> Result<Option<Looked>, StoreError> {
        let mut page = Page::default();
        let whole = self.store.first(folder, None, &mut |object| page.push(object)).await?;
        if whole {
            self.see_all(&page);
            return Ok(None);
        }
        let is_inner = |object: Listed<'_>| inside(object.key, folder).is_some_and(is_dated);
        if page.objects().any(is_inner) {
            let inner = self.pass(self.store.level(folder).await?);
            return self.newest(inner).await.map(Some);
        }
        let last = page.objects().last().map(|object| object.key.to_owned()).unwrap_or_default();
        page.objects().for_each(|object| self.see(Sighting::Sampled(object)));
        // A marker such as `_SUCCESS` sorts after digits and capitals, and before small letters.
        if last.as_str() < format!("{folder}_").as_str() {
            let after = format!("{folder}^");
            let mut each = |object: Listed<'_>| self.see(Sighting::Sampled(object));
            self.store.first(folder, Some(&after), &mut each).await?;
        }
        Ok(None)
    }
}

/// What was looked at.
#[derive(Clone, Copy, Default)]
struct Looked {
    /// The newest.
    partitions: usize,
    /// Days of the other half of the year.
    seasonal: usize,
    hourly: bool,
    /// The depth of the folder of a partition; 0 if there is none.
    depth: usize,
    /// The month of the newest, if its folder tells it.
    month: Option<u8>,
}

impl Looked {
    /// One partition.
    fn at(folder: &str) -> Looked {
        Looked { partitions: 1, depth: depth(folder), month: month(folder), ..Looked::default() }
    }

    /// Adds what was looked at in an older folder.
    fn add(&mut self, older: Looked) {
        self.partitions += older.partitions;
        self.seasonal += older.seasonal;
        self.hourly |= older.hourly;
        self.depth = self.depth.max(older.depth);
        self.month = self.month.or(older.month);
    }

    /// How many are enough.
    fn enough(self) -> usize {
        if self.hourly { HOURS } else { DAYS }
    }

    /// Whether a folder is of January or July, whichever the quarter up to the newest month says less of. Clocks change
    /// in March or April and in September to November: from May to November that quarter may be without winter, in the
    /// other months without summer (south of the equator, the reverse).
    fn is_other_season(self, folder: &str) -> bool {
        self.month.is_some_and(|newest| month(folder) == Some(if (5..=11).contains(&newest) { 1 } else { 7 }))
    }
}
