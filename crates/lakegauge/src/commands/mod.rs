//! The verbs. Each takes the context and its own arguments and returns an answer.

mod check;
mod explain;
mod history;
mod init;
mod judge;
mod texts;
mod validate;
mod wait;

pub(crate) use check::report;

use crate::answer::{Answer, Failure};
use crate::cli::Verb;
use crate::context::Context;

/// Runs a verb.
pub(crate) async fn run(context: &Context, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::Demo(args) => crate::demo::run(context, &args).await,
        Verb::Init(args) => init::run(context, &args).await,
        Verb::Validate(args) => validate::run(context, &args),
        Verb::Check(args) => check::run(context, &args).await,
        Verb::Wait(args) => wait::run(context, &args).await,
        Verb::History(args) => history::run(context, &args).await,
        Verb::Explain(args) => explain::run(context, &args).await,
        Verb::Judge => judge::run(),
        Verb::Schema(args) => Ok(texts::schema(&args)),
        Verb::Completions(args) => Ok(texts::completions(&args)),
        Verb::Man => texts::man(),
    }
}

/// Reads a partition's name as typed.
fn partition(text: &str) -> Result<lakegauge_core::partition::Partition, Failure> {
    lakegauge_core::partition::Partition::parse(text).ok_or_else(|| {
        Failure::usage(format!(
            "`{text}` is not a partition; expected 2026-11-21, 2026-11-21T05, 2026-W47 or 2026-11"
        ))
    })
}

/// Refuses a partition whose shape does not fit the dataset's cadence.
fn partition_of(
    dataset: &lakegauge_core::dataset::Dataset,
    text: &str,
) -> Result<lakegauge_core::partition::Partition, Failure> {
    let partition = partition(text)?;
    let cadence = dataset.layout.cadence();
    if partition.cadence() == cadence {
        return Ok(partition);
    }
    let like = lakegauge_core::partition::Partition::containing(partition.start(), cadence);
    Err(Failure::usage(format!(
        "`{}` is {}: its partitions are named like {like}, not {text}",
        dataset.name,
        cadence.name()
    )))
}
