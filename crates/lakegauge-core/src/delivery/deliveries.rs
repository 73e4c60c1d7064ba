//! The deliveries of one dataset.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Delivery, DeliveryState, Item, Kind, Post};
use super::orders::{Orders, Verdict};
use super::step::{LEASE, Settled, Step, Taken};
use crate::partition::Partition;
use crate::remediation::RemedyRun;

/// How many partitions' verdicts are remembered, newest first, besides those that are reported.
const REMEMBERED: usize = 64;

/// What is to be handed out for one dataset, and what must be remembered of what was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Deliveries {
    /// The identity of the last verdict of each partition.
    verdicts: BTreeMap<Partition, u64>,
    /// In the order in which they were ordered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entries: Vec<Delivery>,
    /// When the last look began.
    looked_at: Option<Timestamp>,
    /// When the last look with new values began.
    posted_at: Option<Timestamp>,
}

impl Deliveries {
    /// Whether there is nothing to hand out or to remember.
    pub fn is_empty(&self) -> bool {
        *self == Deliveries::default()
    }

    /// All deliveries, those that are done and remembered included.
    pub fn entries(&self) -> &[Delivery] {
        &self.entries
    }

    /// The identity of the last verdict of a partition.
    pub fn verdict(&self, partition: Partition) -> Option<u64> {
        self.verdicts.get(&partition).copied()
    }

    /// Whether no later look has brought other values than the one at which this was ordered.
    pub fn still_holds(&self, delivery: &Delivery) -> bool {
        self.posted_at == Some(delivery.since)
    }

    /// Adds what a look owes. A verdict that was known before owes nothing more.
    pub fn record(&mut self, orders: &Orders) {
        // A look that began earlier and ended later saw less.
        if self.looked_at.is_some_and(|before| before > orders.at) {
            return;
        }
        self.looked_at = Some(orders.at);
        let mut posted = false;
        for verdict in &orders.verdicts {
            if self.verdicts.insert(verdict.partition, verdict.identity) != Some(verdict.identity) {
                posted |= self.post(verdict, orders.at);
                self.need(verdict, orders.at);
            }
        }
        let newest = orders.verdicts.iter().max_by_key(|verdict| verdict.partition);
        if let Some(newest) = newest.filter(|_| orders.again && !posted) {
            self.post(newest, orders.at);
        }
        self.have_landed(&orders.landed);
        self.forget(orders);
    }

    /// Forgets the verdicts of old partitions. One that is still reported would be new at each look.
    fn forget(&mut self, orders: &Orders) {
        let Some(first) = self.verdicts.keys().rev().nth(REMEMBERED - 1).copied() else { return };
        let is_reported = |partition| orders.verdicts.iter().any(|verdict| verdict.partition == partition);
        self.verdicts.retain(|partition, _| *partition >= first || is_reported(*partition));
        let verdicts = &self.verdicts;
        self.entries
            .retain(|entry| !entry.kind().is_remembered() || verdicts.contains_key(&entry.partition()));
    }

    /// Adds the values of a verdict, in place of those of an earlier pass of the same look. The look sends them itself.
    fn post(&mut self, verdict: &Verdict, at: Timestamp) -> bool {
        let Some(data) = verdict.data.clone() else { return false };
        let is_earlier = |entry: &Delivery| {
            entry.kind() == Kind::Post && entry.partition() == verdict.partition && entry.since == at
        };
        self.entries.retain(|entry| !is_earlier(entry));
        let post = Post { partition: verdict.partition, verdict: verdict.identity, data };
        let state = DeliveryState::Claimed(at);
        self.entries.push(Delivery { item: Item::Post(post), since: at, state, over: false });
        self.posted_at = Some(at);
        true
    }

    /// Adds the runs of a new verdict. A partition that recovers before they were made needs them no more.
    fn need(&mut self, verdict: &Verdict, at: Timestamp) {
        let of_partition = |entry: &&mut Delivery| entry.partition() == verdict.partition;
        for entry in self.entries.iter_mut().filter(of_partition) {
            let Item::Run(run) = &mut entry.item else { continue };
            let again = verdict.runs.iter().find(|asked| asked.same_incident(run));
            entry.over = again.is_none();
            if let (Some(again), DeliveryState::Pending) = (again, entry.state) {
                **run = again.clone();
            }
        }
        for run in &verdict.runs {
            let is_known =
                self.entries.iter().filter_map(Delivery::run).any(|known| known.same_incident(run));
            if !is_known {
                let (item, state) = (Item::Run(Box::new(run.clone())), DeliveryState::Pending);
                self.entries.push(Delivery { item, since: at, state, over: false });
            }
        }
        self.drop_what_is_over();
    }

    /// These partitions have landed and are not reported otherwise: they are no longer missing or late.
    fn have_landed(&mut self, partitions: &BTreeSet<Partition>) {
        // A silence lasts although the partition that it follows has landed.
        let awaited = |run: &RemedyRun| {
            let metric = run.evidence.metric;
            metric.is_overdue() && !metric.is_of_dataset()
        };
        for entry in &mut self.entries {
            entry.over |= entry.run().is_some_and(awaited) && partitions.contains(&entry.partition());
        }
        self.drop_what_is_over();
    }

    fn drop_what_is_over(&mut self) {
        self.entries.retain(|entry| !(entry.over && entry.state == DeliveryState::Pending));
    }

    /// The deliveries after a step, and what it took.
    pub fn after(&self, step: &Step) -> (Deliveries, Taken) {
        let (mut next, mut taken) = (self.clone(), Taken::default());
        match step {
            Step::Claim { kind, at } => next.claim(*kind, *at, &mut taken),
            Step::Settle { of, how, at } => {
                for delivery in of {
                    next.settle(delivery, *how, *at);
                }
            }
        }
        (next, taken)
    }

    fn claim(&mut self, kind: Kind, now: Timestamp, taken: &mut Taken) {
        self.entries.retain_mut(|entry| {
            let is_free = match entry.state {
                DeliveryState::Pending => true,
                DeliveryState::Claimed(at) => now.duration_since(at) >= LEASE,
                DeliveryState::Done(_) => false,
            };
            if entry.kind() != kind || !is_free {
                return true;
            }
            if entry.over {
                return false;
            }
            if now.duration_since(entry.since) >= kind.patience() {
                taken.given_up.push(entry.clone());
                return false;
            }
            entry.state = DeliveryState::Claimed(now);
            taken.claimed.push(entry.clone());
            true
        });
    }

    fn settle(&mut self, delivery: &Delivery, how: Settled, now: Timestamp) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.is_same(delivery)) else { return };
        entry.state = match how {
            Settled::Done => DeliveryState::Done(now),
            // Whoever took it over meanwhile has the word.
            Settled::Failed if entry.state == delivery.state => DeliveryState::Pending,
            Settled::Failed => entry.state,
        };
        let is_done = |state| matches!(state, DeliveryState::Done(_));
        self.entries.retain(|entry| !is_done(entry.state) || entry.kind().is_remembered());
        self.drop_what_is_over();
    }
}
