//! The output of `accept` and `reject`: the verdict, and its effect.

use lakegauge_core::dataset::Dataset;
use lakegauge_core::foreign::visible;
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::AlarmReport;

use super::fit;
use super::options::{DOUBT, Options, QUIET, STRONG};

/// A partition with a person's verdict.
#[derive(Clone, Debug)]
pub struct Marked<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The partition.
    pub partition: Partition,
    /// The previous verdict.
    pub before: Option<&'a Mark>,
    /// The new verdict; `None` if it was taken back.
    pub now: Option<&'a Mark>,
    /// Alarms that lakegauge itself raises on it.
    pub found: &'a [AlarmReport],
    /// The metrics among them whose limit is set in the config.
    pub standing: Vec<String>,
}

const INDENT: &str = "    ";

/// The answer, a few lines.
pub fn text(marked: &Marked<'_>, options: &Options) -> String {
    let Marked { dataset, partition, before, now, found, standing } = marked;
    let name = options.strong(&dataset.name);
    let mut out = match (now, before) {
        (Some(now), _) => format!("{name} {partition}: {}\n", visible(&now.in_words(&dataset.zone))),
        (None, Some(before)) => {
            format!("{name} {partition}: taken back: {}\n", visible(&before.in_words(&dataset.zone)))
        }
        (None, None) => return format!("{name} {partition}: there was no verdict to take back\n"),
    };
    for alarm in *found {
        let lines = fit::hang(&format!("{INDENT}{}: ", alarm.metric), &alarm.reason, options.width);
        lines.iter().for_each(|line| out.push_str(&format!("{}\n", options.paint(DOUBT, line))));
    }
    let mut say = |style, line: &str| {
        let lines = fit::hang(INDENT, line, options.width);
        lines.iter().for_each(|line| out.push_str(&format!("{}\n", options.paint(style, line))));
    };
    if found.is_empty() {
        say(STRONG, "it was not in alarm");
    }
    say(QUIET, what_follows(now.map(|mark| mark.says), !found.is_empty()));
    if now.is_some_and(|mark| mark.says == Says::Accepted) && !standing.is_empty() {
        let metrics = standing.join(" and ");
        say(
            QUIET,
            &format!("the limit of {metrics} is set in the config: change it there to make this permanent"),
        );
    }
    if let Some(now) = now {
        let verb = if now.says == Says::Accepted { "accept" } else { "reject" };
        let name = quoted(&dataset.name);
        say(QUIET, &format!("undo: lakegauge {verb} {name} --partition {partition} --undo"));
    }
    out
}

fn what_follows(says: Option<Says>, found: bool) -> &'static str {
    match (says, found) {
        (Some(Says::Accepted), true) => "from the next check it counts as healthy and is the new baseline",
        (Some(Says::Accepted), false) => "it stays healthy as it is now, whatever the config or the past say",
        (Some(Says::Bad), true) => "it stays in alarm and is not learned from",
        (Some(Says::Bad), false) => "it is no longer learned from",
        (None, true) => "the next check judges it like any other partition",
        (None, false) => "it counts for learning again",
    }
}

/// Quotes a name for the shell.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}
