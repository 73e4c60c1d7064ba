//! Files that others write (a deployment's config), read again only when they have changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use lakegauge_engine::HistoryError;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::sync::Mutex;

use super::shelf::Shelf;

/// Files fetched in parallel.
const ABREAST: usize = 16;

/// The files below a prefix, by their path below it.
pub type Texts = BTreeMap<String, Vec<u8>>;

/// Files with their tags, by their path below the prefix.
type Tagged = BTreeMap<String, (String, Vec<u8>)>;

/// The kind of the document with the copy; its name follows.
const KIND: &str = "copy";
const NAME: &str = "config";

/// The files below a prefix. One listing shows which have changed.
#[derive(Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    place: String,
    shelf: Option<Shelf>,
    kept: Mutex<Tagged>,
}

impl Files {
    /// The files below `prefix` of `store`. `place` is the name for users.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: &str, place: impl Into<String>) -> Files {
        Files { store, prefix: Path::from(prefix), place: place.into(), shelf: None, kept: Mutex::default() }
    }

    /// Keeps a copy of all files on `shelf`: a new process reads one document instead of every file, and then only the
    /// files whose tags have changed since.
    pub fn copied_on(self, shelf: Shelf) -> Files {
        Files { shelf: Some(shelf), ..self }
    }

    /// All files as last read.
    pub async fn kept(&self) -> Texts {
        texts(&*self.kept.lock().await)
    }

    /// All files, if any has changed since the last call or if this is the first one; otherwise `None`.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn changed(&self) -> Result<Option<Texts>, HistoryError> {
        let failed = |error: object_store::Error| HistoryError::Unusable {
            place: self.place.clone(),
            source: error.into(),
        };
        let mut kept = self.kept.lock().await;
        let first = kept.is_empty();
        let listed = self.store.list(Some(&self.prefix)).try_collect::<Vec<_>>();
        let copy = async { if first { self.copy().await } else { Tagged::new() } };
        let (found, copy) = futures::join!(listed, copy);
        let found = found.map_err(failed)?;
        let known = if first { &copy } else { &*kept };
        let (mut now, mut changed) = (Tagged::new(), Vec::new());
        for meta in &found {
            let below = meta.location.as_ref().strip_prefix(self.prefix.as_ref()).unwrap_or_default();
            let name = below.trim_start_matches('/').to_owned();
            let tag = tag(meta);
            match known.get(&name) {
                Some((known, bytes)) if *known == tag => drop(now.insert(name, (tag, bytes.clone()))),
                _ => changed.push((name, tag, &meta.location)),
            }
        }
        let fresh = found.len() != known.len() || !changed.is_empty();
        let fetch = changed.into_iter().map(|(name, tag, location)| async move {
            let bytes = self.store.get(location).await?.bytes().await?;
            Ok((name, (tag, bytes.to_vec())))
        });
        let fetched = stream::iter(fetch).buffer_unordered(ABREAST);
        now.extend(fetched.try_collect::<Vec<_>>().await.map_err(failed)?);
        *kept = now;
        if fresh {
            self.keep_copy(&kept).await;
        }
        Ok((first || fresh).then(|| texts(&kept)))
    }

    /// The copy; empty if there is none. A bad copy costs the time to read the files, nothing else.
    async fn copy(&self) -> Tagged {
        let Some(shelf) = &self.shelf else { return Tagged::new() };
        let copy: Result<BTreeMap<String, (String, String)>, _> = shelf.read(KIND, NAME).await;
        let bytes = |(name, (tag, text)): (String, (String, String))| (name, (tag, text.into_bytes()));
        copy.unwrap_or_default().into_iter().map(bytes).collect()
    }

    async fn keep_copy(&self, files: &Tagged) {
        let Some(shelf) = &self.shelf else { return };
        // What is not text is not copied, so it is read and rejected each time.
        let text = |(name, (tag, bytes)): (&String, &(String, Vec<u8>))| {
            Some((name.clone(), (tag.clone(), String::from_utf8(bytes.clone()).ok()?)))
        };
        let copy: BTreeMap<_, _> = files.iter().filter_map(text).collect();
        let replace = |stands: &BTreeMap<_, _>| (*stands != copy).then(|| copy.clone());
        let _ = shelf.update(KIND, NAME, replace).await;
    }
}

fn tag(meta: &ObjectMeta) -> String {
    meta.e_tag.clone().unwrap_or_else(|| meta.last_modified.to_rfc3339())
}

fn texts(kept: &Tagged) -> Texts {
    kept.iter().map(|(name, (_, bytes))| (name.clone(), bytes.clone())).collect()
}

#[cfg(test)]
mod tests {
    use object_store::PutPayload;
    use object_store::memory::InMemory;

    use super::*;

    /// Files that are written, or removed (`None`).
    type Puts = [(&'static str, Option<&'static str>)];

    /// Applies the steps to one store, and checks which changes, as `name=text`, each step shows to three readers: one
    /// that keeps running, one that keeps a copy, and one that starts anew each time with that copy.
    async fn check(steps: &[(&Puts, Option<&[&str]>)]) {
        let store = Arc::new(InMemory::new());
        let shelf = Shelf::new(store.clone(), "p/state", "memory");
        let files = || Files::new(store.clone(), "p/config", "memory");
        let (plain, copying) = (files(), files().copied_on(shelf.beside()));
        let shown = |(name, bytes): (String, Vec<u8>)| format!("{name}={}", String::from_utf8_lossy(&bytes));
        let mut all = Vec::new();
        for (nth, (puts, expect)) in steps.iter().enumerate() {
            for (name, text) in *puts {
                let path = Path::from(format!("p/config/{name}"));
                match text {
                    Some(text) => {
                        drop(store.put(&path, PutPayload::from_static(text.as_bytes())).await.unwrap())
                    }
                    None => store.delete(&path).await.unwrap(),
                }
            }
            let changed =
                |texts: Option<Texts>| texts.map(|all| all.into_iter().map(shown).collect::<Vec<_>>());
            let expect = expect.map(|all| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
            for (files, which) in [(&plain, "plain"), (&copying, "copying")] {
                assert_eq!(changed(files.changed().await.unwrap()), expect, "step {nth}, {which}");
            }
            all = expect.unwrap_or(all);
            let begun = files().copied_on(shelf.beside()).changed().await.unwrap();
            assert_eq!(changed(begun).as_ref(), Some(&all), "step {nth}, begun anew");
        }
    }

    #[tokio::test]
    async fn files_are_read_again_when_they_change() {
        let base = ("base.yaml", Some("lake"));
        check(&[
            (&[base], Some(&["base.yaml=lake"])),
            (&[], None),
            (&[("datasets/a.yaml", Some("a"))], Some(&["base.yaml=lake", "datasets/a.yaml=a"])),
            (&[("base.yaml", Some("sea"))], Some(&["base.yaml=sea", "datasets/a.yaml=a"])),
            (&[("datasets/a.yaml", None)], Some(&["base.yaml=sea"])),
            (&[], None),
        ])
        .await;
        check(&[(&[], Some(&[])), (&[], Some(&[])), (&[base], Some(&["base.yaml=lake"]))]).await;
    }

    #[tokio::test]
    async fn what_was_copied_is_not_read_again() {
        let store = Arc::new(InMemory::new());
        let shelf = Shelf::new(store.clone(), "p/state", "memory");
        let files = || Files::new(store.clone(), "p/config", "memory").copied_on(shelf.beside());
        let path = Path::from("p/config/base.yaml");
        store.put(&path, PutPayload::from_static(b"lake")).await.unwrap();
        files().changed().await.unwrap();
        // A different text with the file's current tag: it can only come from the copy.
        let other = |copy: &BTreeMap<String, (String, String)>| {
            Some(
                copy.iter()
                    .map(|(name, (tag, _))| (name.clone(), (tag.clone(), "copied".to_owned())))
                    .collect(),
            )
        };
        shelf.update(KIND, NAME, other).await.unwrap();
        let all = files().changed().await.unwrap().unwrap();
        assert_eq!(all.get("base.yaml").map(Vec::as_slice), Some(b"copied".as_slice()));
        // A damaged copy counts as none.
        let copy = Path::from("p/state/config.copy.gz");
        store.put(&copy, PutPayload::from_static(b"torn")).await.unwrap();
        let all = files().changed().await.unwrap().unwrap();
        assert_eq!(all.get("base.yaml").map(Vec::as_slice), Some(b"lake".as_slice()));
    }
}
