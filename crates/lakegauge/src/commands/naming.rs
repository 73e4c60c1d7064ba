//! Partitions on the command line.

use lakegauge_core::dataset::Dataset;
use lakegauge_core::partition::Partition;

use crate::answer::Failure;

/// Parses a partition's name.
fn partition(text: &str) -> Result<Partition, Failure> {
    Partition::parse(text).ok_or_else(|| {
        Failure::usage(format!(
            "`{text}` is not a partition; expected 2026-11-21, 2026-11-21T05, 2026-W47 or 2026-11"
        ))
    })
}

/// Rejects a partition whose form does not fit the dataset's cadence.
pub(super) fn partition_of(dataset: &Dataset, text: &str) -> Result<Partition, Failure> {
    let partition = partition(text)?;
    let cadence = dataset.layout.cadence();
    if partition.cadence() == cadence {
        return Ok(partition);
    }
    let like = Partition::containing(partition.start(), cadence);
    Err(Failure::usage(format!(
        "`{}` is {}: its partitions are named like {like}, not {text}",
        dataset.name,
        cadence.name()
    )))
}
