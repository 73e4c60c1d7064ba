//! `wait`: a sensor for any pipeline.

use std::time::Duration;

use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::{Report, Status};

use crate::answer::{Answer, Failure, exit};
use crate::cli::WaitArgs;
use crate::commands::naming::partition_of;
use crate::context::Context;
use crate::session::Session;
use crate::show;

/// The number of lasting failures in a row that end a wait: a key that is being rotated may fail once.
const REFUSED: u32 = 2;

pub(super) async fn run(context: &Context, args: &WaitArgs) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let dataset = session.dataset(&args.dataset).await?;
    let partition = partition_of(&dataset, &args.partition)?;
    let wanted = Wanted::Named(vec![partition]);
    let started = tokio::time::Instant::now();
    let timeout = args.timeout.unsigned_abs();
    let every = args.every.unsigned_abs().max(Duration::from_secs(1));
    let mut refused = 0;
    loop {
        let passed = started.elapsed();
        // Time passes while we wait, also with `--now`.
        let now = context.now.checked_add(passed).unwrap_or(context.now);
        let outcome = session.run(&dataset, &wanted, now).await?;
        let found = outcome.judgement.report.partitions.first();
        let landed = found.is_some_and(|p| p.state == PartitionState::Landed);
        let report = Report::new(now, vec![outcome.judgement.report.clone()]);
        if landed && report.status != Status::Unknown {
            let recents = [show::Recent::of(&dataset, &outcome.judgement)];
            let code = super::check::exit_code(report.status);
            return Ok(Answer { code, stdout: show::text::check(&report, &recents, &context.options()) });
        }
        let state = found.map_or("not known", |p| p.state.name());
        let gaps = &outcome.judgement.report.gaps;
        refused = if gaps.iter().any(|gap| gap.kind.is_lasting()) { refused + 1 } else { 0 };
        let gave_up = |code, why: &str| {
            anstream::eprintln!("{} {partition} {why}", dataset.name);
            gaps.iter().for_each(|gap| anstream::eprintln!("{gap}"));
            Ok(Answer { code, stdout: String::new() })
        };
        if refused >= REFUSED {
            return gave_up(exit::UNSEEN, "cannot be seen; giving up");
        }
        let left = timeout.saturating_sub(started.elapsed());
        if left.is_zero() {
            let waited = lakegauge_core::quantity::duration(timeout.as_secs_f64());
            let what = if landed { "could not be judged" } else { "had not landed" };
            let known = if landed { String::new() } else { format!(" (it is {state})") };
            return gave_up(exit::TIMED_OUT, &format!("{what} after {waited}{known}"));
        }
        let pause = every.min(left);
        tracing::info!("{} {partition} is {state}; looking again in {} s", dataset.name, pause.as_secs());
        tokio::time::sleep(pause).await;
    }
}
