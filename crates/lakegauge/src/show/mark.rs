//! What `accept` and `reject` answer: what was said, of what, and what follows from it.

use lakegauge_core::dataset::Dataset;
use lakegauge_core::foreign::visible;
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::AlarmReport;

use super::fit;
use super::options::{DOUBT, Options, QUIET, STRONG};

/// A partition of which somebody said something.
#[derive(Clone, Debug)]
pub(crate) struct Marked<'a> {
    /// Of which dataset.
    pub(crate) dataset: &'a Dataset,
    /// Which partition.
    pub(crate) partition: Partition,
    /// What had been said of it.
    pub(crate) before: Option<&'a Mark>,
    /// What is said of it now; `None`: nothing any more.
    pub(crate) now: Option<&'a Mark>,
    /// What lakegauge itself finds unusual about it.
    pub(crate) found: &'a [AlarmReport],
    /// Of those, the metrics whose limit stands in the config.
    pub(crate) standing: Vec<String>,
}

const INDENT: &str = "    ";

/// The answer, a few lines.
pub(crate) fn text(marked: &Marked<'_>, options: &Options) -> String {
    let Marked { dataset, partition, before, now, found, standing } = marked;
    let name = options.strong(&dataset.name);
    let mut out = match (now, before) {
        (Some(now), _) => format!("{name} {partition}: {}\n", visible(&now.in_words(&dataset.zone))),
        (None, Some(before)) => {
            format!("{name} {partition}: taken back: {}\n", visible(&before.in_words(&dataset.zone)))
        }
        (None, None) => return format!("{name} {partition}: nothing had been said of it\n"),
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
            &format!("the limit of {metrics} stands in the config: change it there if this is to last"),
        );
    }
    if let Some(now) = now {
        let verb = if now.says == Says::Accepted { "accept" } else { "reject" };
        let name = quoted(&dataset.name);
        say(QUIET, &format!("take it back: lakegauge {verb} {name} --partition {partition} --undo"));
    }
    out
}

fn what_follows(says: Option<Says>, found: bool) -> &'static str {
    match (says, found) {
        (Some(Says::Accepted), true) => {
            "from the next check on it is healthy as it is now, and what follows is judged by it"
        }
        (Some(Says::Accepted), false) => {
            "it stays healthy as it is now, whatever the config or the past may say"
        }
        (Some(Says::Bad), true) => "it stays in alarm, and nothing is learned from it",
        (Some(Says::Bad), false) => "nothing is learned from it any more",
        (None, true) => "the next check judges it as any other",
        (None, false) => "it teaches again as any other",
    }
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}
