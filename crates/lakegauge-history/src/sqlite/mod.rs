//! History in a SQLite file: WAL, one transaction per commit, migrations by `user_version`.
//!
//! `file` opens it, to write where that is possible and else to read; `origin` tells the datasets of one lake from those of
//! another that share the file; `rows` reads and writes; `fault` is what can go wrong; [`Sqlite`] is the history over them.

mod fault;
mod file;
mod history;
mod origin;
mod rows;

pub use history::Sqlite;
pub use origin::Origin;
