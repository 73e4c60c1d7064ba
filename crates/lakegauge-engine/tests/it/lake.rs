//! The world as a store shows it: what is in scope, and not always all of it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lakegauge_core::observation::{Gap, GapKind, LookFold, Observation, PartitionLook};
use lakegauge_core::partition::Partition;
use lakegauge_engine::{Lake, Look, Scope};

use crate::world::{Objects, World};

/// What goes wrong with a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    None,
    /// Nothing is seen.
    All(GapKind),
    /// The nth of the partitions in scope is not seen.
    One(GapKind, usize),
}

pub(crate) struct SimLake<'a> {
    pub(crate) world: &'a World,
    pub(crate) fault: Fault,
}

fn gap(kind: GapKind, place: String) -> Gap {
    Gap { kind, place, detail: "simulated".to_owned() }
}

fn fold(look: &Look<'_>, objects: &Objects) -> Option<PartitionLook> {
    let mut fold = LookFold::new(look.dataset.landed_when.marker_inside());
    for (name, (size, at)) in objects {
        fold.push(name, *size, *at);
    }
    (!fold.is_empty()).then(|| fold.finish())
}

#[async_trait]
impl Lake for SimLake<'_> {
    async fn observe(&self, look: Look<'_>) -> Observation {
        let mut seen = Observation { list_requests: 1, ..Observation::default() };
        if let Fault::All(kind) = self.fault {
            seen.gaps.push(gap(kind, "t/".to_owned()));
            return seen;
        }
        let empty = Objects::new();
        let asked: BTreeMap<Partition, &Objects> = match look.scope {
            Scope::Partitions(ps) => {
                ps.iter().map(|p| (*p, self.world.objects.get(p).unwrap_or(&empty))).collect()
            }
            Scope::Past { since } => {
                let from = |p: &Partition| since.is_none_or(|since| *p >= since);
                self.world.objects.iter().filter(|(p, _)| from(p)).map(|(p, o)| (*p, o)).collect()
            }
        };
        for (nth, (partition, objects)) in asked.into_iter().enumerate() {
            match (self.fault, fold(&look, objects)) {
                (Fault::One(kind, n), _) if n == nth => seen.gaps.push(gap(kind, partition.to_string())),
                (_, Some(found)) => drop(seen.partitions.insert(partition, found)),
                (_, None) => seen.absent.push(partition),
            }
        }
        seen
    }
}
