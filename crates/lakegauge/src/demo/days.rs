//! The demo: builds the lake, writes a config for it, checks an ordinary day and then a bad one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::Report;
use lakegauge_show::Recent;

use super::sample::{past, today, yesterday};
use crate::answer::Failure;
use crate::cli::InitArgs;
use crate::commands::{check, init};
use crate::context::Context;
use crate::session::Session;

/// The seed of the sample lake: it is the same for everybody.
const SEED: u64 = 20_261_122;

/// The demo's folder, and the results of its steps.
pub(super) struct Days {
    pub(super) folder: PathBuf,
    pub(super) lake: PathBuf,
    pub(super) config: PathBuf,
    /// How many objects the past has.
    pub(super) objects: usize,
    /// The output of `init`.
    pub(super) init: String,
    /// The config that it wrote.
    pub(super) written: String,
    pub(super) before: Checked,
    pub(super) after: Checked,
}

/// The result of a check.
pub(super) struct Checked {
    pub(super) now: Timestamp,
    pub(super) report: Report,
    pub(super) recents: Vec<Recent>,
    pub(super) elapsed: Duration,
}

/// Runs the demo in `folder`. The checks know nothing about the lake except where it is.
pub(super) async fn live(context: &Context, folder: PathBuf) -> Result<Days, Failure> {
    let (lake, config) = (folder.join("lake"), folder.join("lakegauge.yaml"));
    let now = context.now;
    let at = |now: Timestamp| Context {
        now,
        replay: false,
        rehearsal: false,
        config: config.clone(),
        ..context.clone()
    };
    let objects = past(&lake, now, SEED).map_err(|error| unwritten(&lake, &error))?;
    let init = InitArgs { lake: lake.display().to_string(), output: config.clone(), force: true };
    let init = init::run(&at(yesterday(now)), &init).await?.stdout;
    let written = std::fs::read_to_string(&config).map_err(|error| unwritten(&config, &error))?;
    let before = check(&at(yesterday(now))).await?;
    today(&lake, now, SEED).map_err(|error| unwritten(&lake, &error))?;
    let after = check(&at(now)).await?;
    Ok(Days { folder, lake, config, objects, init, written, before, after })
}

async fn check(context: &Context) -> Result<Checked, Failure> {
    let started = tokio::time::Instant::now();
    let session = Arc::new(Session::open(context).await?);
    let subjects = session.datasets(&[]).await?;
    let asks = subjects.into_iter().map(|subject| (subject, Wanted::Newest)).collect();
    let (report, recents) = check::report(context, &session, asks, Recent::of).await?;
    Ok(Checked { now: context.now, report, recents, elapsed: started.elapsed() })
}

/// An error for a place that cannot be written.
pub(super) fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::machine(format!("the sample lake cannot be built: {}: {error}", path.display()))
}
