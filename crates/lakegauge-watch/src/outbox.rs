//! Sends values, in one request for all datasets, and then settles their deliveries.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lakegauge_cloudwatch::publish::alive;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::datum::Datum;
use lakegauge_core::delivery::{Delivery, Kind, Settled, Step};
use lakegauge_engine::{Refusal, Unsent};

use crate::book::Visit;
use crate::watcher::{Failed, Watcher};

/// An alarm of one-minute periods sees values up to this age.
const SEEN: SignedDuration = SignedDuration::from_secs(60);

impl Watcher {
    /// Sends verdicts. Returns how many values the sink accepted, and which it rejected.
    ///
    /// # Errors
    ///
    /// If the state cannot be written. Values that the sink rejects are not an error: they stay claimed, and are taken
    /// over by a later tick.
    pub(crate) async fn send(&self, posts: &[Outgoing]) -> Result<(u64, Option<Unsent>), Failed> {
        let now = self.now();
        let sent: Vec<Vec<Datum>> = posts.iter().map(|entry| entry.sent(now)).collect();
        let data: Vec<Datum> = sent.iter().flatten().cloned().collect();
        let outcome = if data.is_empty() { Ok(()) } else { self.sink.put(&data).await };
        let unsent = outcome.err();
        let (mut done, mut at, mut accepted) = (BTreeMap::<&str, Vec<Delivery>>::new(), 0, data.len());
        for (Outgoing { dataset, delivery, .. }, data) in posts.iter().zip(&sent) {
            let places = at..at + data.len();
            at = places.end;
            let refused: Vec<(&Datum, &Refusal)> =
                places.filter_map(|place| Some((data.get(place)?, unsent.as_ref()?.why(place)?))).collect();
            accepted = accepted.saturating_sub(refused.len());
            log_rejected(dataset, delivery, &refused);
            if refused.iter().all(|(_, why)| !why.passes()) {
                done.entry(dataset).or_default().push(delivery.clone());
            }
        }
        let settle = done.into_iter().map(|(name, of)| self.settle(name, of, Settled::Done));
        futures::future::try_join_all(settle).await?;
        Ok((accepted as u64, unsent))
    }

    /// Says what became of deliveries of a dataset.
    pub(crate) async fn settle(&self, name: &str, of: Vec<Delivery>, how: Settled) -> Result<(), Failed> {
        let step = Step::Settle { of, how, at: self.now() };
        self.book.outbox().hand_out(name, &step).await.map(drop).map_err(Failed::state(name))
    }

    /// What earlier calls have left behind of a dataset's values, claimed for this call.
    pub(crate) async fn left_behind(
        &self,
        dataset: &Dataset,
        visit: &dyn Visit,
    ) -> Result<Vec<Outgoing>, Failed> {
        let (name, step) = (dataset.name.as_str(), Step::Claim { kind: Kind::Post, at: self.now() });
        let taken = self.book.outbox().hand_out(name, &step).await.map_err(Failed::state(name))?;
        for delivery in &taken.given_up {
            tracing::error!(
                dataset = name,
                partition = %delivery.partition(),
                values = listed(delivery.post().iter().flat_map(|post| &post.data)),
                "judged at {} and not sent since: CloudWatch rejects values older than two weeks, so they are dropped",
                delivery.since
            );
        }
        let entry = |delivery: Delivery| Outgoing {
            dataset: name.to_owned(),
            holds: visit.deliveries().still_holds(&delivery),
            delivery,
        };
        Ok(taken.claimed.into_iter().map(entry).collect())
    }

    /// Posts the heartbeat.
    pub(crate) async fn heartbeat(&self) -> Option<Unsent> {
        self.sink.put(&[alive(&self.deployment, self.now())]).await.err()
    }
}

/// The values of a verdict, to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) dataset: String,
    pub(crate) delivery: Delivery,
    /// Whether no later look has changed the dataset's values.
    pub(crate) holds: bool,
}

impl Outgoing {
    /// A verdict that has just been recorded.
    pub(crate) fn new(dataset: &str, delivery: &Delivery) -> Outgoing {
        Outgoing { dataset: dataset.to_owned(), delivery: delivery.clone(), holds: true }
    }

    /// Its values. An alarm only looks at the last minutes, so values that are sent later and still hold are also
    /// sent with the current time.
    fn sent(&self, now: Timestamp) -> Vec<Datum> {
        let own = self.delivery.post().map(|post| post.data.as_slice()).unwrap_or_default();
        let mut data = own.to_vec();
        if self.holds && now.duration_since(self.delivery.since) >= SEEN {
            data.extend(own.iter().map(|datum| Datum { at: now.max(datum.at), ..datum.clone() }));
        }
        data
    }
}

/// Logs the values that CloudWatch rejected, and why.
fn log_rejected(dataset: &str, delivery: &Delivery, refused: &[(&Datum, &Refusal)]) {
    for alike in refused.chunk_by(|(_, one), (_, other)| one == other) {
        let Some((_, why)) = alike.first() else { continue };
        let values = listed(alike.iter().map(|(datum, _)| *datum));
        tracing::error!(dataset, partition = %delivery.partition(), values, "rejected by CloudWatch: {why}");
    }
}

/// Values for the log.
fn listed<'a>(data: impl Iterator<Item = &'a Datum>) -> String {
    data.map(|datum| format!("{}={}", datum.name, datum.value)).collect::<Vec<_>>().join(" ")
}
