//! What watches, wherever it runs: decides when to look, looks, records, and hands out.
//!
//! A [`Watcher`] is asked to look because of events, a deadline, or the regular tick. `attention` decides whether
//! a dataset is worth a look (pure), `attend` runs the pipeline, which records the verdicts with what they owe, and
//! `outbox` and `remedies` hand it out. A [`Round`] does all of this for every dataset, and `notified` for those that events
//! name.
//!
//! A [`Book`] is a history together with the [`Attention`] for each dataset. Functions keep both in documents that any
//! number of them write; a resident process keeps the attention in memory ([`Resident`]), over any history.
//!
//! Reading order: `attention`, `book`, `attend`, `outbox`, `remedies`, `round`, `notified`; `splits` and `known` (the datasets or splits
//! of a call), `wake` (pure: when something may change without an event), `merged` (the report of several passes).

mod attend;
mod attention;
mod book;
mod documents;
mod known;
mod merged;
mod notified;
mod outbox;
mod remedies;
mod resident;
mod round;
mod splits;
mod summary;
mod wake;
mod watcher;

pub use attention::Attention;
pub use book::{Book, Ending, Noting, Visit};
pub use known::Known;
pub use notified::Notified;
pub use resident::Resident;
pub use round::Round;
pub use summary::Summary;
pub use watcher::{Failed, Failures, Watcher};
