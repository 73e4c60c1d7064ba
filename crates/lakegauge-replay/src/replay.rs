//! Replays one dataset's past.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::baseline::Series;
use lakegauge_core::batch::copied;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::{Builder, Question, evaluate_all, usual_delay};
use lakegauge_core::lifecycle::{PartitionState, Seen, completion};
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::metric::{Kind, Metric};
use lakegauge_core::observation::{Gap, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_core::scope::{Wanted, current, depth, first_learned};
use lakegauge_core::standing::Standing;

use super::agenda::{Event, Happens, agenda, truly_copied};
use super::ledger::{AlarmRun, Ledger};
use super::trace::{Sight, Trace};

/// The part of the past that is reported; everything before it is only learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Alarms from this instant on.
    pub from: Timestamp,
    /// The instant at which the replay ends.
    pub until: Timestamp,
}

/// The outcome for one dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Which dataset.
    pub dataset: String,
    /// The partitions that were judged within the window.
    pub replayed: BTreeSet<Partition>,
    /// How many partitions were known.
    pub known: usize,
    /// The oldest partition that was learned from.
    pub oldest: Option<Partition>,
    /// One for each rule, in the config's order.
    pub alarms: Vec<AlarmRun>,
    /// How many partitions were copied: their real landing times are unknown, so they count as on time.
    pub copied: usize,
    /// How many partitions were rewritten, shrunk or deleted after they had landed, as far as lakegauge saw it.
    pub changed: usize,
    /// Alarms on lakegauge itself, which cannot be replayed.
    pub silent: Vec<Metric>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// The partitions that a person marked as bad.
    pub bad: Vec<(Partition, Mark)>,
}

/// Replays `dataset` over what is known of its past. Each partition is judged when it lands, when its deadline
/// passes, when it changes and when a person marks it, by what was known at that instant.
///
/// Every partition is judged a few times, however long the past is. A partition that lands after newer ones makes
/// those be judged again, so the work grows with the number of days and with how often they overtake each other.
pub fn replay(dataset: &Dataset, records: &Records, gaps: &[Gap], window: Window) -> Run {
    let completion = completion(&dataset.landed_when, records);
    let newest = current(dataset, window.until);
    let first = oldest(records, newest);
    let mut traces: BTreeMap<Partition, Trace> = BTreeMap::new();
    for next in first.into_iter().flat_map(|first| first.through(newest)) {
        let trace = records.get(&next).map(|record| Trace::of(record, &completion, false, window.until));
        // Where something could not be seen, a hole may not be one.
        if let Some(trace) = trace.or_else(|| gaps.is_empty().then(Trace::default)) {
            traces.insert(next, trace);
        }
    }
    let landings: BTreeMap<Partition, Timestamp> =
        traces.iter().filter_map(|(partition, trace)| Some((*partition, trace.landed_at()?))).collect();
    let usual = usual_delay(&landings, dataset);
    let together = copied(landings);
    let copies = truly_copied(&together, &traces, dataset);
    for (partition, trace) in &mut traces {
        trace.copied = copies.contains(partition);
    }
    let builder = Builder::begin(completion, copies.clone(), usual, first.unwrap_or(newest));
    let events = agenda(dataset, &traces, window.until);
    let changed = traces.values().filter(|trace| trace.changed_at().is_some()).count();
    let known = traces.values().filter(|trace| trace.landed_at().is_some()).count();
    let mut replay = Replay::new(dataset, traces, builder, window.from);
    replay.together = together;
    for event in events {
        replay.pass(event.0);
        replay.take(event);
    }
    replay.pass(window.until);
    let (mut alarms, replayed) = replay.ledger.close();
    let (silent, kept) = alarms.drain(..).partition(|run: &AlarmRun| run.metric.kind() == Kind::Check);
    Run {
        dataset: dataset.name.clone(),
        replayed,
        known,
        oldest: first,
        alarms: kept,
        copied: copies.len(),
        changed,
        silent: silent.iter().map(|run: &AlarmRun| run.metric).collect(),
        gaps: gaps.to_vec(),
        bad: marked_bad(records),
    }
}

/// The first partition that has any data, as far back as lakegauge learns.
fn oldest(records: &Records, newest: Partition) -> Option<Partition> {
    let first = records.values().find(|record| record.came())?.partition;
    let oldest = first_learned(newest).unwrap_or_else(|| newest.offset(-depth(newest.cadence())));
    Some(first.max(oldest))
}

fn marked_bad(records: &Records) -> Vec<(Partition, Mark)> {
    let bad = |record: &PartitionRecord| record.mark.clone().filter(|mark| mark.says == Says::Bad);
    records.values().filter_map(|record| Some((record.partition, bad(record)?))).collect()
}

/// Events that come with time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wakes {
    /// A partition has been quiet for long enough.
    Ripe(Partition),
    /// A deadline passes.
    Deadline(Partition),
    /// Nothing new has come for too long.
    Silence,
}

struct Replay<'a> {
    dataset: &'a Dataset,
    traces: BTreeMap<Partition, Trace>,
    builder: Builder,
    /// The partitions that were written together: copied or caught up.
    together: BTreeSet<Partition>,
    /// What had been learned before each partition.
    before: BTreeMap<Partition, Series>,
    /// What has been learned from all of them.
    learned: Series,
    /// When pending deadlines pass, including those whose partition may still turn out to be on time.
    due: BTreeMap<Partition, Timestamp>,
    /// When each partition is complete if nothing more is written to it.
    ripe: BTreeMap<Partition, Timestamp>,
    /// When the silence since the newest partition becomes too long.
    silent: Option<Timestamp>,
    /// The partitions whose deadline passed before they landed.
    overdue: BTreeSet<Partition>,
    standing: Standing,
    ledger: Ledger,
    now: Timestamp,
}

impl Replay<'_> {
    fn new(
        dataset: &Dataset,
        traces: BTreeMap<Partition, Trace>,
        builder: Builder,
        from: Timestamp,
    ) -> Replay<'_> {
        Replay {
            dataset,
            traces,
            builder,
            together: BTreeSet::new(),
            before: BTreeMap::new(),
            learned: Series::new(dataset.layout.cadence(), dataset.zone.clone()),
            due: BTreeMap::new(),
            ripe: BTreeMap::new(),
            silent: None,
            overdue: BTreeSet::new(),
            standing: Standing::default(),
            ledger: Ledger::new(&dataset.rules, from),
            now: Timestamp::MIN,
        }
    }

    fn take(&mut self, (at, happens, partition): Event) {
        self.now = self.now.max(at);
        let copied = self.traces.get(&partition).is_some_and(|trace| trace.copied);
        match happens {
            Happens::Begins => {
                self.builder.turn_to(partition);
                if !copied {
                    self.place_from(partition);
                }
                self.await_silence();
            }
            // A partition that has landed by then does not change.
            Happens::Ends | Happens::Arrives if self.has_landed(partition) => {}
            Happens::Ends => self.place_from(partition),
            Happens::Arrives => {
                let was = self.state(partition);
                self.place_from(partition);
                // What might have been written on time was not.
                if (was, self.state(partition))
                    == (Some(PartitionState::Arriving), Some(PartitionState::Late))
                {
                    self.evaluate(partition);
                }
            }
            Happens::Lands => self.land(partition),
            Happens::Changes | Happens::IsMarked => {
                self.place_from(partition);
                self.evaluate(partition);
            }
            Happens::GoesStale => {
                let newest = self.builder.timeline().judged().next();
                newest.into_iter().for_each(|newest| self.evaluate(newest));
            }
        }
    }

    /// The fifth partition shows that this is a catch-up: the landing times of all five are no longer learned from.
    /// Returns the oldest partition whose lesson has changed since `partition` landed.
    fn caught_up(&mut self, partition: Partition) -> Partition {
        if !self.together.contains(&partition) {
            return partition;
        }
        let by_now =
            self.traces.iter().filter(|(_, trace)| trace.known_at().is_some_and(|at| at <= self.now));
        let mut copies = copied(by_now.filter_map(|(p, trace)| Some((*p, trace.landed_at()?))));
        copies.extend(self.traces.iter().filter(|(_, trace)| trace.copied).map(|(p, _)| *p));
        let news = copies.difference(self.builder.timeline().copied()).next().copied();
        self.builder.learn_of_copies(copies);
        news.map_or(partition, |news| news.min(partition))
    }

    /// Lets a partition land. If it is too early for that, it is asked again later.
    fn land(&mut self, partition: Partition) {
        let from = self.caught_up(partition);
        self.place_from(from);
        if self.has_landed(partition) {
            self.evaluate(partition);
        }
    }

    /// Runs through what time alone brings before `limit`, in order: deadlines that pass, partitions that have been
    /// quiet for long enough, and silence that becomes too long.
    fn pass(&mut self, limit: Timestamp) {
        while let Some((at, wakes)) = self.next_wake().filter(|(at, _)| *at < limit) {
            self.now = at;
            match wakes {
                Wakes::Deadline(partition) => {
                    self.overdue.insert(partition);
                    self.place_from(partition);
                    self.evaluate(partition);
                }
                Wakes::Ripe(partition) => {
                    self.ripe.remove(&partition);
                    self.land(partition);
                }
                Wakes::Silence => {
                    self.silent = None;
                    let stale = self.builder.timeline().stale(self.dataset, self.now);
                    stale.into_iter().for_each(|pause| self.evaluate(pause.newest));
                }
            }
        }
    }

    /// The next event that comes with time alone. A deadline that was learned too late passes now.
    fn next_wake(&self) -> Option<(Timestamp, Wakes)> {
        let deadlines = self.due.iter().map(|(partition, at)| (*at, Wakes::Deadline(*partition)));
        let ripe = self.ripe.iter().map(|(partition, at)| (*at, Wakes::Ripe(*partition)));
        let silence = self.silent.map(|at| (at, Wakes::Silence));
        deadlines.chain(ripe).chain(silence).map(|(at, wakes)| (at.max(self.now), wakes)).min()
    }

    /// Computes when the silence becomes too long. Within one period of the newest arrival it cannot.
    fn await_silence(&mut self) {
        let newest =
            self.builder.timeline().begun().rev().find_map(|(_, slot)| slot.record.look.as_ref()?.last_write);
        let period = SignedDuration::from_secs(self.dataset.layout.cadence().nominal_seconds());
        if newest.is_none_or(|newest| self.now.duration_since(newest) < period) {
            return;
        }
        let second = SignedDuration::from_secs(1);
        let pause =
            self.builder.timeline().pause(self.dataset, self.now).filter(|pause| pause.stale_at >= self.now);
        self.silent = pause.and_then(|pause| pause.stale_at.checked_add(second).ok());
    }

    /// When a deadline has passed: one second after it. Data that is being written then may still be on time; that is
    /// known once it has been quiet for long enough. Returns both instants.
    fn passes(&self, due: Timestamp) -> (Timestamp, Timestamp) {
        let quiet = self.builder.timeline().completion().grace();
        let after = |wait: SignedDuration| {
            due.checked_add(wait.saturating_add(SignedDuration::from_secs(1))).unwrap_or(due)
        };
        (after(SignedDuration::ZERO), after(quiet))
    }

    fn state(&self, partition: Partition) -> Option<PartitionState> {
        self.builder.timeline().get(partition).map(|slot| slot.record.state)
    }

    fn has_landed(&self, partition: Partition) -> bool {
        self.builder.timeline().get(partition).is_some_and(|slot| slot.record.landed_at.is_some())
    }

    /// Judges a partition as it is seen now, and then every newer partition again, because they had learned without
    /// it.
    fn place_from(&mut self, partition: Partition) {
        let newer: Vec<Partition> =
            self.before.range(partition..).map(|(p, _)| *p).filter(|p| *p != partition).collect();
        let mut series = match (self.before.remove(&partition), newer.first()) {
            (Some(before), _) => before,
            (None, None) => self.learned.clone(),
            // It came late: what the next one had learned is what was known before this one.
            (None, Some(next)) => self.before.get(next).unwrap_or(&self.learned).clone(),
        };
        for partition in std::iter::once(partition).chain(newer) {
            self.before.insert(partition, series.clone());
            self.place(partition, &mut series);
        }
        self.learned = series;
    }

    fn place(&mut self, partition: Partition, series: &mut Series) {
        let Some(trace) = self.traces.get(&partition) else { return };
        let known = self.builder.timeline().get(partition).map(|slot| slot.record.clone());
        let mut before = known.unwrap_or_else(|| PartitionRecord::new(partition, self.now));
        before.mark = trace.mark(self.now).cloned();
        let sight = trace.seen(self.builder.timeline().completion(), self.now);
        let seen = match &sight {
            Sight::Whole(look) | Sight::Part(look) => Seen::Something(look),
            Sight::Nothing => Seen::Nothing,
        };
        if let (true, Sight::Whole(look), None) = (trace.copied, &sight, before.landed_at) {
            before.landed_at = trace.landed_at();
            before.landed = Some(look.clone());
        }
        self.builder.place(self.dataset, series, before, Some(seen), self.now);
        if matches!(sight, Sight::Part(_)) {
            self.builder.forget_look(partition);
        }
        self.await_deadline(partition);
        self.await_quiet(partition);
    }

    /// A partition that has data but is not complete is asked again when it should be.
    fn await_quiet(&mut self, partition: Partition) {
        let waiting = self.builder.timeline().get(partition).filter(|slot| slot.record.landed_at.is_none());
        let ripe = waiting.and_then(|slot| {
            let look = slot.record.look.as_ref()?;
            self.builder.timeline().completion().ripens_at(look, &slot.window).filter(|at| *at > self.now)
        });
        match ripe {
            Some(at) => drop(self.ripe.insert(partition, at)),
            None => drop(self.ripe.remove(&partition)),
        }
    }

    fn await_deadline(&mut self, partition: Partition) {
        let settled = |state| matches!(state, PartitionState::Landed | PartitionState::Deleted);
        let slot = self.builder.timeline().get(partition).filter(|slot| !settled(slot.record.state));
        let (owed, state) = (slot.and_then(|slot| slot.owed.at), slot.map(|slot| slot.record.state));
        let passes = owed.map(|due| self.passes(due));
        // An older partition that landed late has moved the deadline: it passes again.
        if passes.is_some_and(|(passes, _)| passes > self.now) {
            self.overdue.remove(&partition);
        }
        let next = match passes {
            Some((passes, _)) if !self.overdue.contains(&partition) => Some(passes),
            Some((_, known)) if state == Some(PartitionState::Arriving) && known > self.now => Some(known),
            _ => None,
        };
        match next {
            Some(next) => drop(self.due.insert(partition, next)),
            None => drop(self.due.remove(&partition)),
        }
    }

    fn evaluate(&mut self, partition: Partition) {
        let reports = evaluate_all(
            &Question {
                dataset: self.dataset,
                records: &Records::new(),
                observation: &Observation::default(),
                standing: &self.standing,
                wanted: &Wanted::Newest,
                now: self.now,
            },
            self.builder.timeline(),
            partition,
        );
        if self.builder.timeline().judged().next() == Some(partition) {
            let states = reports.iter().map(|report| (report.metric, report.state));
            self.standing = Standing::of_states(states.collect());
        }
        self.ledger.note(partition, self.now, &reports);
    }
}
