//! One world, told from its first day to its last, with triggers that come when they like.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lakegauge_cloudwatch::publish::Naming;
use lakegauge_core::alarm::State;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::GapKind;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::{Wanted, current};
use lakegauge_core::verdict::DatasetReport;
use lakegauge_engine::{Ask, Outcome, RunError, run};
use lakegauge_story::Dice;

use crate::audit::{
    Audited, audit, nothing_is_lost, what_is_recorded_is_what_is_reported, what_is_sent_is_what_is_reported,
};
use crate::history::SimHistory;
use crate::lake::{Fault, SimLake};
use crate::world::World;

/// How many steps are printed when a promise is broken.
const LAST_STEPS: usize = 30;

pub(crate) struct Story {
    seed: Dice,
    world: World,
    history: SimHistory,
    steps: Vec<String>,
    broken: Option<String>,
    pub(crate) runs: u64,
}

impl Story {
    pub(crate) fn new(seed: u64) -> Story {
        let mut seed = Dice::new(seed);
        let world = World::new(&mut seed);
        Story { seed, world, history: SimHistory::default(), steps: Vec::new(), broken: None, runs: 0 }
    }

    pub(crate) fn last_steps(&self) -> String {
        self.steps.get(self.steps.len().saturating_sub(LAST_STEPS)..).unwrap_or_default().join("\n")
    }

    /// Lives through it; what was promised and not kept.
    pub(crate) async fn tell(&mut self) -> Result<(), String> {
        let period = self.world.dataset.layout.cadence().nominal_seconds();
        let mut now = self.world.start;
        if self.seed.percent(40) {
            // Somebody installs lakegauge when the lake is weeks old.
            now += SignedDuration::from_secs(period * self.seed.below(30) as i64);
        }
        while now < self.world.end {
            self.happens(now);
            self.trigger(now).await?;
            // Now and then all triggers of some periods are lost, or of months.
            let wait = match self.seed.below(200) {
                0 => 6_500 + self.seed.below(2_000),
                1..=8 => self.seed.below(600),
                _ => self.seed.below(70),
            };
            now += SignedDuration::from_secs(1 + period * wait as i64 / 100);
        }
        self.happens(now);
        self.history.dies(false);
        self.settles(now).await
    }

    fn happens(&mut self, now: Timestamp) {
        let told = self.world.advance(now);
        self.steps.extend(told);
    }

    async fn trigger(&mut self, now: Timestamp) -> Result<(), String> {
        let fault = self.fault();
        let dies = self.seed.percent(8);
        let wanted = self.wanted(now);
        self.steps.push(format!("{now} run {wanted:?} {fault:?}{}", if dies { " dies" } else { "" }));
        self.history.dies(dies);
        let before = self.history.kept();
        let first = self.look(&wanted, fault, now).await;
        match first {
            Err(_) if dies => match self.history.kept() == before {
                true => Ok(()),
                false => Err("a commit that failed left something".to_owned()),
            },
            Err(error) => Err(error.to_string()),
            Ok(outcome) if fault == Fault::None && self.seed.percent(60) => {
                self.again(&outcome.judgement.report, &wanted, now).await
            }
            Ok(_) => Ok(()),
        }?;
        self.check_last()
    }

    /// The same trigger, delivered twice.
    async fn again(&mut self, first: &DatasetReport, wanted: &Wanted, now: Timestamp) -> Result<(), String> {
        let before = self.history.kept();
        let second = self.look(wanted, Fault::None, now).await.map_err(|e| e.to_string())?;
        let second = second.judgement.report;
        if *first != second {
            return Err(format!("a second run says something else\n{first:#?}\n{second:#?}"));
        }
        let after = self.history.kept();
        if before.1 != after.1 {
            return Err("a second run adds transitions".to_owned());
        }
        // A first look at the past knows of fewer holes than a look at each partition by name.
        match before.0.iter().all(|(partition, record)| after.0.get(partition) == Some(record)) {
            true => Ok(()),
            false => Err("a second run changes records".to_owned()),
        }
    }

    /// After the faults, one clean look says what a lakegauge that was installed just now says.
    async fn settles(&mut self, now: Timestamp) -> Result<(), String> {
        self.steps.push(format!("{now} the last run"));
        let told = self.look(&Wanted::Newest, Fault::None, now).await.map_err(|e| e.to_string())?;
        self.check_last()?;
        let disturbed = std::mem::take(&mut self.history);
        let clean = self.look(&Wanted::Newest, Fault::None, now).await.map_err(|e| e.to_string())?;
        self.history = disturbed;
        let (told, clean) = (told.judgement.report, clean.judgement.report);
        if told.freshness != clean.freshness {
            return Err(format!("freshness {:?}, and {:?} at first sight", told.freshness, clean.freshness));
        }
        let shown = |report: &DatasetReport| {
            let newest = report.partitions.first()?;
            // That it had landed before it was changed, the lake no longer shows.
            let changed = self.world.changed.contains(&newest.partition);
            let kept = |metric: &Metric| match metric {
                Metric::Missing | Metric::Late => true,
                Metric::Shrunk => !changed,
                // Whether rewriting is usual here, history alone knows.
                _ => false,
            };
            let states: Vec<(Metric, State)> =
                newest.alarms.iter().filter(|a| kept(&a.metric)).map(|a| (a.metric, a.state)).collect();
            let same: Option<(PartitionState, Vec<(Metric, State)>)> =
                (!changed).then_some((newest.state, states));
            Some((newest.partition, same))
        };
        match shown(&told) == shown(&clean) {
            true => Ok(()),
            false => Err(format!("{:?}\nand at first sight\n{:?}", told.partitions, clean.partitions)),
        }
    }

    async fn look(&mut self, wanted: &Wanted, fault: Fault, now: Timestamp) -> Result<Outcome, RunError> {
        self.runs += 1;
        let lake = SimLake { world: &self.world, fault };
        let to = Destinations { metrics: Some(Arc::new(Naming::Lakegauge)), remedies: true };
        let ask = Ask { dataset: &self.world.dataset, wanted, now, replay: false, to: &to };
        let outcome = run(&lake, &self.history, ask).await?;
        let (report, scope) = (&outcome.judgement.report, &outcome.scope);
        let audited = Audited { world: &self.world, report, scope, wanted, now };
        let broken = audit(&audited)
            .and_then(|()| nothing_is_lost(&self.world, &self.history))
            .and_then(|()| what_is_recorded_is_what_is_reported(&audited, &self.history))
            .and_then(|()| what_is_sent_is_what_is_reported(&audited, &self.history))
            .err();
        self.broken = self.broken.take().or(broken);
        Ok(outcome)
    }

    fn check_last(&mut self) -> Result<(), String> {
        self.broken.take().map_or(Ok(()), Err)
    }

    fn fault(&mut self) -> Fault {
        let kinds = [GapKind::Denied, GapKind::Throttled, GapKind::Unreachable];
        let kind = kinds[self.seed.below(3) as usize];
        match self.seed.below(10) {
            0 => Fault::All(kind),
            1 => Fault::One(kind, self.seed.below(5) as usize),
            _ => Fault::None,
        }
    }

    fn wanted(&mut self, now: Timestamp) -> Wanted {
        let current = current(&self.world.dataset, now);
        match self.seed.below(10) {
            0 => {
                let back = |seed: &mut Dice| -> Partition { current.offset(-(seed.below(20) as i64)) };
                Wanted::Named(vec![back(&mut self.seed), back(&mut self.seed)])
            }
            1 => Wanted::Last(1 + self.seed.below(8) as u32),
            _ => Wanted::Newest,
        }
    }
}
