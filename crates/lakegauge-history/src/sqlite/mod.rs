//! History in a SQLite file: WAL, one transaction for the commits that wait, migrations by `user_version`.
//!
//! `file` opens it, for writing if possible and otherwise for reading; `format` brings an older file to the newest
//! format; `compact` is a record as it stands in a row; `origin` distinguishes the datasets of lakes that share the
//! file; `rows` reads and writes; `writer` writes commits together; `fault` has the errors; [`Sqlite`] is the
//! history over them, `ports` what it does for the
//! engine, and `data` values over time, for a sink of metrics.

mod compact;
mod data;
mod fault;
mod file;
mod format;
mod history;
mod origin;
mod paths;
mod ports;
mod rows;
mod writer;

pub use data::DataSink;
pub use history::Sqlite;
pub use origin::Origin;
