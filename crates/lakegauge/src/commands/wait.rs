//! `wait`: a sensor for any pipeline.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use indicatif::ProgressBar;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::observation::Gap;
use lakegauge_core::partition::Partition;
use lakegauge_core::quantity;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::{DatasetReport, Report, Status};
use lakegauge_show as show;

use crate::answer::{Answer, Failure, exit};
use crate::cli::WaitArgs;
use crate::commands::check;
use crate::commands::naming::{self, Named};
use crate::context::Context;
use crate::session::Session;
use crate::subject::Subject;

/// Number of refused looks in a row that end a wait: one may be refused while a key is being changed.
const REFUSED: u32 = 2;
/// Maximum number of names in the message.
const NAMED: usize = 5;

pub(crate) async fn run(context: &Context, args: &WaitArgs) -> Result<Answer, Failure> {
    let named = naming::read(std::slice::from_ref(&args.partition))?;
    let session = Arc::new(Session::open(context).await?);
    let mut waiting = Waiting { session, args, named, latest: BTreeMap::new() };
    let started = tokio::time::Instant::now();
    let timeout = args.timeout.unsigned_abs();
    let every = args.every.unsigned_abs().max(Duration::from_secs(1));
    let mut refused = 0;
    loop {
        // Simulated or real, time passes while we wait.
        let now = context.now.checked_add(started.elapsed()).unwrap_or(context.now);
        let seen = waiting.look(now).await?;
        if seen.open.is_empty() {
            let stdout = show::text::check(&seen.report, &seen.recents, &context.options());
            return Ok(Answer { code: check::exit_code(&seen.report), stdout });
        }
        let gaps: Vec<&Gap> = seen.report.datasets.iter().flat_map(|dataset| &dataset.gaps).collect();
        refused = if gaps.iter().any(|gap| gap.kind.is_lasting()) { refused + 1 } else { 0 };
        if refused >= REFUSED {
            let code = exit::of_gaps(gaps.iter().copied());
            return Ok(gave_up(code, &seen.open, &gaps, |open| format!("{open} cannot be seen; giving up")));
        }
        let left = timeout.saturating_sub(started.elapsed());
        if left.is_zero() {
            let waited = quantity::duration(timeout.as_secs_f64());
            let why = |open: &Open| match open.state {
                Some(PartitionState::Landed) => format!("{open} could not be judged after {waited}"),
                state => {
                    let state = state.map_or("not known", PartitionState::name);
                    format!("{open} had not landed after {waited} (it is {state})")
                }
            };
            return Ok(gave_up(exit::TIMED_OUT, &seen.open, &gaps, why));
        }
        let pause = every.min(left);
        for open in seen.open.iter().take(NAMED) {
            let state = open.state.map_or("not known", PartitionState::name);
            tracing::info!("{open} is {state}; looking again in {} s", pause.as_secs());
        }
        tokio::time::sleep(pause).await;
    }
}

/// Reports what has not landed, and what could not be seen.
fn gave_up(code: u8, open: &[Open], gaps: &[&Gap], why: impl Fn(&Open) -> String) -> Answer {
    open.iter().take(NAMED).for_each(|open| anstream::eprintln!("{}", why(open)));
    if let Some(more) = open.len().checked_sub(NAMED).filter(|more| *more > 0) {
        anstream::eprintln!("and {more} more");
    }
    gaps.iter().for_each(|gap| anstream::eprintln!("{gap}"));
    Answer { code, stdout: String::new() }
}

/// What is waited for.
struct Waiting<'a> {
    session: Arc<Session>,
    args: &'a WaitArgs,
    named: Named,
    /// The meaning of `latest` by dataset: the partition that was due when the wait began.
    latest: BTreeMap<String, Partition>,
}

/// One look at everything.
struct Seen {
    report: Report,
    recents: Vec<show::Recent>,
    /// What has not landed yet, or cannot be judged.
    open: Vec<Open>,
}

/// Something that is still waited for.
struct Open {
    dataset: String,
    partition: String,
    state: Option<PartitionState>,
}

impl std::fmt::Display for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.dataset, self.partition)
    }
}

impl Waiting<'_> {
    /// Looks. New splits are waited for like those that existed before.
    async fn look(&mut self, now: jiff::Timestamp) -> Result<Seen, Failure> {
        let names = std::slice::from_ref(&self.args.dataset);
        let subjects = self.session.datasets_at(names, now).await?;
        let ask = |subject: Subject| {
            let wanted = self.wanted(&subject.dataset);
            (subject, wanted)
        };
        let asks: Vec<(Subject, Wanted)> = subjects.into_iter().map(ask).collect();
        let meant: Vec<Wanted> = asks.iter().map(|(_, wanted)| wanted.clone()).collect();
        let hidden = ProgressBar::hidden();
        let (report, recents) = check::look(&self.session, asks, now, &hidden, show::Recent::of).await?;
        let open = report
            .datasets
            .iter()
            .zip(&meant)
            .flat_map(|(dataset, wanted)| self.open(dataset, wanted))
            .collect();
        for dataset in report.datasets.iter().filter(|_| self.named == Named::Latest) {
            if let Some(newest) = dataset.partitions.first() {
                self.latest.entry(dataset.dataset.clone()).or_insert(newest.partition);
            }
        }
        Ok(Seen { report, recents, open })
    }

    fn wanted(&self, dataset: &Dataset) -> Wanted {
        match (&self.named, self.latest.get(&dataset.name)) {
            (Named::Periods(periods), _) => {
                Wanted::Named(periods.iter().flat_map(|period| naming::within(*period, dataset)).collect())
            }
            (_, Some(latest)) => Wanted::Named(vec![*latest]),
            (_, None) => Wanted::Last(1),
        }
    }

    /// The partitions in a dataset's report that are still open.
    fn open(&self, report: &DatasetReport, wanted: &Wanted) -> Vec<Open> {
        let open = |partition: &str, state| Open {
            dataset: report.dataset.clone(),
            partition: partition.to_owned(),
            state,
        };
        let judged = report.status != Status::Unknown;
        let state_of = |partition: Partition| {
            report.partitions.iter().find(|p| p.partition == partition).map(|p| p.state)
        };
        let done = |state: Option<PartitionState>| judged && state == Some(PartitionState::Landed);
        let asked: Vec<Partition> = match wanted {
            Wanted::Named(named) => named.clone(),
            _ => report.partitions.first().map(|newest| newest.partition).into_iter().collect(),
        };
        if asked.is_empty() {
            return vec![open(&self.args.partition, None)];
        }
        let states = asked.into_iter().map(|partition| (partition, state_of(partition)));
        states.filter(|(_, state)| !done(*state)).map(|(p, state)| open(&p.to_string(), state)).collect()
    }
}
