//! Commands that this version does not have yet: each says so, and what to use instead.

use crate::answer::Failure;
use crate::cli::Verb;

/// The error of a command that does not exist yet.
pub(crate) fn refuse(verb: &Verb) -> Failure {
    let (name, instead) = match verb {
        Verb::Serve(_) => (
            "serve",
            "run `lakegauge check` from cron (docs/guide/running.md), or deploy with `lakegauge terraform`",
        ),
        Verb::Import(_) => ("import", "`lakegauge init LAKE` finds the datasets in the lake"),
        Verb::Alarms(_) => {
            ("alarms", "`lakegauge check` shows every alarm, `--format json` with its evidence")
        }
        Verb::Ack(_) => ("ack", "`lakegauge accept DATASET --partition P` ends a false alarm"),
        _ => ("silence", "`lakegauge accept DATASET --partition P` ends a false alarm"),
    };
    Failure::usage(format!("this version has no `{name}` yet; {instead}"))
}
