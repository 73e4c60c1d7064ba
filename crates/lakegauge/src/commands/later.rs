//! Verbs that the contract has and this version does not do yet: each says so, and what does the like today.

use crate::answer::Failure;
use crate::cli::Verb;

/// The failure of a verb that is still to come.
pub(super) fn refuse(verb: &Verb) -> Failure {
    let (name, instead) = match verb {
        Verb::Serve(_) => (
            "serve",
            "run `lakegauge check` from cron (docs/guide/running.md), or deploy with `lakegauge terraform`",
        ),
        Verb::Import(_) => ("import", "`lakegauge init LAKE` finds the datasets in the lake itself"),
        Verb::Alarms(_) => {
            ("alarms", "`lakegauge check` shows every alarm, `--format json` with its evidence")
        }
        Verb::Ack(_) => ("ack", "`lakegauge accept DATASET --partition P` ends an alarm that is none"),
        _ => ("silence", "`lakegauge accept DATASET --partition P` ends an alarm that is none"),
    };
    Failure::usage(format!("this version has no `{name}` yet; {instead}"))
}
