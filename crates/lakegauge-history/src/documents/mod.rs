//! History as documents of an object store: no database, and any number of writers at once.
//!
//! [`Shelf`] holds documents and replaces them by compare-and-swap (`If-Match`, `If-None-Match`); `page` is a document's
//! form on the shelf (a version, then what it says, compressed); `past` is what one document remembers of one dataset, and
//! `journal` what was added since it was written; [`Documents`] is the history over both, and [`OneRun`] one run's part in it.
//! [`Files`] reads what others write beside them.

mod files;
mod history;
mod journal;
mod page;
mod past;
mod run;
mod s3;
mod shelf;

pub use files::{Files, Texts};
pub use history::{Beside, Documents};
pub use run::OneRun;
pub use s3::{S3Settings, open_s3};
pub use shelf::{Shelf, ShelfError};
