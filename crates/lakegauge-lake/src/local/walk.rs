//! Walks a folder tree with a few threads.

use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use lakegauge_core::observation::{GapKind, Listed};
use tokio::sync::mpsc::Sender;

use crate::error::StoreError;
use crate::page::Page;

/// Objects per batch.
const BATCH: usize = 1_024;
/// A folder with at most this many files is read at once.
const FEW: usize = 64;
/// Maximum number of threads of one walk. Most of the work of reading a folder is the kernel's.
const THREADS: usize = 4;
/// The number of threads of one walk. Asked for once: the answer reads the limits of every control group.
static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS)));

/// An entry of a folder.
#[derive(Debug)]
pub(super) enum Entry {
    /// A readable file.
    File { size: u64, modified: Timestamp },
    /// A folder; `link` is the real path if it is a link.
    Folder { path: PathBuf, link: Option<PathBuf> },
}

/// Reads one folder: each entry's key is `above` and its name. Returns what could not be read; a missing folder counts
/// as empty.
pub(super) fn read(folder: &Path, above: &str, each: &mut dyn FnMut(&str, Entry)) -> Vec<StoreError> {
    read_while(folder, above, &mut |key, entry| {
        each(key, entry);
        true
    })
}

/// The files directly in a folder that has few entries and no folders, if it is one: what lies in a partition. Their keys
/// are `above` and their names.
pub(super) fn few(folder: &Path, above: &str) -> Option<(Page, Vec<StoreError>)> {
    let (mut page, mut entries) = (Page::default(), 0);
    let hidden = read_while(folder, above, &mut |key, entry| {
        entries += 1;
        match entry {
            Entry::File { size, modified } if entries <= FEW => {
                page.push(Listed { key, size, last_modified: modified, etag: None });
                true
            }
            _ => {
                entries = FEW + 1;
                false
            }
        }
    });
    (entries <= FEW).then_some((page, hidden))
}

/// Reads one folder until `each` returns false.
fn read_while(folder: &Path, above: &str, each: &mut dyn FnMut(&str, Entry) -> bool) -> Vec<StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if nothing(&error) => return Vec::new(),
        Err(error) => return vec![failed(folder, &error)],
    };
    let mut hidden = Vec::new();
    let mut key = above.to_owned();
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                hidden.push(failed(folder, &error));
                break;
            }
        };
        key.truncate(above.len());
        key.push_str(&entry.file_name().to_string_lossy());
        let mut link = false;
        let meta = match entry.file_type() {
            Ok(kind) if kind.is_dir() => match each(&key, Entry::Folder { path: entry.path(), link: None }) {
                true => continue,
                false => break,
            },
            Ok(kind) if kind.is_symlink() => {
                link = true;
                fs::metadata(entry.path())
            }
            Ok(_) => entry.metadata(),
            Err(error) => Err(error),
        };
        match meta.and_then(|meta| found(&entry, &meta)) {
            Ok(Some(found)) => {
                if !each(&key, found) {
                    break;
                }
            }
            Ok(None) => {}
            // It was deleted in the meantime, or a link is dangling or points to itself.
            Err(error) if nothing(&error) || (link && error.kind() != io::ErrorKind::PermissionDenied) => {}
            Err(error) => hidden.push(failed(&entry.path(), &error)),
        }
    }
    hidden
}

fn nothing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A file, a linked folder, or `None` for something else (a socket, a device).
fn found(entry: &DirEntry, meta: &Metadata) -> io::Result<Option<Entry>> {
    if meta.is_dir() {
        let path = entry.path();
        let link = Some(path.canonicalize()?);
        return Ok(Some(Entry::Folder { path, link }));
    }
    if !meta.is_file() {
        return Ok(None);
    }
    let modified = Timestamp::try_from(meta.modified()?).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Some(Entry::File { size: meta.len(), modified }))
}

/// A folder to read.
struct Task {
    path: PathBuf,
    above: String,
    /// The location and target of each link on the way: none of them may be entered again, nor the start of the walk.
    real: Vec<PathBuf>,
}

/// One walk.
pub(super) struct Walk {
    start: PathBuf,
    prefix: String,
    start_after: Option<String>,
    work: Mutex<Work>,
    more: Condvar,
    batches: Sender<Page>,
}

#[derive(Default)]
struct Work {
    tasks: Vec<Task>,
    busy: usize,
    hidden: Vec<StoreError>,
}

impl Walk {
    /// Walks `folder`, whose keys begin with `above`, for keys that begin with `prefix`.
    pub(super) fn new(
        folder: PathBuf,
        above: &str,
        prefix: &str,
        start_after: Option<&str>,
        batches: Sender<Page>,
    ) -> Walk {
        let tasks = vec![Task { path: folder.clone(), above: above.to_owned(), real: Vec::new() }];
        Walk {
            start: folder,
            prefix: prefix.to_owned(),
            start_after: start_after.map(str::to_owned),
            work: Mutex::new(Work { tasks, ..Work::default() }),
            more: Condvar::new(),
            batches,
        }
    }

    /// Walks to the end, or until the consumer stops. Blocks.
    pub(super) fn run(self) -> Vec<StoreError> {
        let threads = *CORES;
        // A partition's folder usually has no subfolders: threads are started once there is more than one folder to
        // read.
        if self.work(true) {
            std::thread::scope(|scope| {
                (1..threads).for_each(|_| drop(scope.spawn(|| self.work(false))));
                self.work(false);
            });
        }
        std::mem::take(&mut self.lock().hidden)
    }

    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes folders until none is left and no other thread is reading one; or, while `alone`, until several are
    /// waiting. Returns whether folders are left.
    fn work(&self, alone: bool) -> bool {
        let mut batch = Page::with_capacity(BATCH);
        let mut open = true;
        let mut work = self.lock();
        loop {
            if let Some(task) = work.tasks.pop().filter(|_| open) {
                work.busy += 1;
                drop(work);
                let (mut tasks, mut hidden) = self.folder(task, &mut batch, &mut open);
                work = self.lock();
                work.busy -= 1;
                work.tasks.append(&mut tasks);
                work.hidden.append(&mut hidden);
                self.more.notify_all();
                if alone && work.tasks.len() > 1 {
                    break;
                }
            } else if work.busy == 0 || !open {
                break;
            } else {
                work = self.more.wait(work).unwrap_or_else(PoisonError::into_inner);
            }
        }
        let left = open && !work.tasks.is_empty();
        drop(work);
        if !batch.is_empty() {
            self.batches.blocking_send(batch).ok();
        }
        left
    }

    fn folder(&self, task: Task, batch: &mut Page, open: &mut bool) -> (Vec<Task>, Vec<StoreError>) {
        let mut tasks = Vec::new();
        let hidden = read(&task.path, &task.above, &mut |key, entry| match entry {
            Entry::File { size, modified } => {
                if !key.starts_with(&self.prefix)
                    || self.start_after.as_deref().is_some_and(|after| key <= after)
                {
                    return;
                }
                batch.push(Listed { key, size, last_modified: modified, etag: None });
                if batch.len() == BATCH {
                    let full = std::mem::replace(batch, Page::with_capacity(BATCH));
                    *open &= self.batches.blocking_send(full).is_ok();
                }
            }
            Entry::Folder { path, link } => {
                let above = format!("{key}/");
                let mut real = task.real.clone();
                if let Some(link) = link {
                    // A cycle is entered through a link to a folder that the walk is in.
                    real.extend(
                        [&self.start, &task.path].into_iter().filter_map(|path| path.canonicalize().ok()),
                    );
                    if real.iter().any(|real| real.starts_with(&link)) {
                        return;
                    }
                    real.push(link);
                }
                if self.may_hold(&above) {
                    tasks.push(Task { path, above, real });
                }
            }
        });
        (tasks, hidden)
    }

    /// Whether keys that start with `above` may be wanted.
    fn may_hold(&self, above: &str) -> bool {
        let wanted = above.starts_with(&self.prefix) || self.prefix.starts_with(above);
        let after = self.start_after.as_deref();
        wanted && after.is_none_or(|after| above > after || after.starts_with(above))
    }
}

/// An operating system error as one of ours.
pub(super) fn failed(path: &Path, error: &io::Error) -> StoreError {
    let kind = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => GapKind::NotFound,
        io::ErrorKind::PermissionDenied => GapKind::Denied,
        _ => GapKind::Unreachable,
    };
    StoreError::lasting(kind, path.display().to_string(), error.to_string())
}
