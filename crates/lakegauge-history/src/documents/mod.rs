//! History as documents in an object store: no database, and any number of concurrent writers.
//!
//! [`Shelf`] stores documents and replaces them by compare-and-swap (`If-Match`, `If-None-Match`). `page` is the format
//! of a document (a version, then its contents, compressed), `past` the history of one dataset in one document, and
//! `journal` the additions since it was written. [`Documents`] is the history over both, and [`OneRun`] the part of one
//! run. [`Files`] reads files that others write next to them.

mod files;
mod history;
mod journal;
mod page;
mod past;
mod recent;
mod run;
mod s3;
mod shelf;
mod splits;

pub use files::{Files, Texts};
pub use history::Documents;
pub use recent::Beside;
pub use run::{Finished, OneRun};
pub use s3::{S3Settings, open_s3};
pub use shelf::{Shelf, ShelfError};
