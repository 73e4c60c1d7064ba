//! The command `demo`: runs the days of the sample lake, and reports them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lakegauge_core::alarm::State;
use lakegauge_core::metric::Metric;
use lakegauge_core::quantity;
use lakegauge_core::verdict::{Report, Status};
use lakegauge_show::{self as show, Options};

use super::days::{Checked, Days, live, unwritten};
use crate::answer::{Answer, Failure};
use crate::cli::DemoArgs;
use crate::context::Context;

/// How many lines of the config are shown.
const CONFIG_LINES: usize = 28;

/// Builds the sample lake, writes a config for it, checks it as of yesterday, lets today happen and checks it again.
///
/// # Errors
/// When the folder cannot be written, or a verb that is shown fails.
pub(crate) async fn run(context: &Context, args: &DemoArgs) -> Result<Answer, Failure> {
    let Some(keep) = &args.keep else {
        let folder = tempfile::Builder::new().prefix("lakegauge-demo-").tempdir();
        let folder = folder.map_err(|error| unwritten(&std::env::temp_dir(), &error))?;
        let days = live(context, folder.path().to_owned()).await?;
        // After a complete run the folder stays for a closer look; after an interrupted one (Ctrl-C, a full disk) it
        // is removed.
        let days = Days { folder: folder.keep(), ..days };
        return Ok(Answer::healthy(told(&days, context.options())));
    };
    let days = live(context, empty(keep)?).await?;
    Ok(Answer::healthy(told(&days, context.options())))
}

/// The requested folder, if it is empty.
fn empty(keep: &Path) -> Result<PathBuf, Failure> {
    let taken = std::fs::read_dir(keep).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        let keep = keep.display();
        return Err(Failure::usage(format!("{keep} is not empty; use an empty folder, or a new one")));
    }
    std::fs::create_dir_all(keep).and_then(|()| keep.canonicalize()).map_err(|error| unwritten(keep, &error))
}

/// The days as a text.
pub(super) fn told(days: &Days, options: Options) -> String {
    let mut story = Story { text: String::new(), options };
    let (lake, config) = (days.lake.display(), days.config.display());
    let objects = quantity::count(days.objects as f64);
    story.says(&format!("A sample lake: {objects} objects of 120 days, in {lake}"));

    story.command(&format!("init {lake} -o {config}"));
    story.output(&days.init);
    story.excerpt(days);

    story.says("Yesterday was an ordinary day:");
    story.command(&format!("check -c {config} --now {}", shown(days.before.now)));
    let table = table(&days.before, options);
    let healthy = days.before.report.status == Status::Ok;
    let last = table.trim_end().lines().last().unwrap_or_default();
    story.output(if healthy { last } else { &table });

    story.says("Today is not:");
    story.command(&format!("check -c {config}"));
    story.output(&self::table(&days.after, options));
    story.ends(days);
    story.text
}

/// The result of a check, as `check` prints it.
pub(super) fn table(checked: &Checked, options: Options) -> String {
    let options = Options { elapsed: Some(checked.elapsed), ..options };
    show::text::check(&checked.report, &checked.recents, &options)
}

fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A dataset worth a closer look: the first with its size in alarm, otherwise the first in alarm.
fn worth_a_look(report: &Report) -> &str {
    let in_alarm = |metric: Option<Metric>| {
        report.datasets.iter().find(|dataset| {
            let mut alarms = dataset.partitions.iter().flat_map(|p| &p.alarms);
            alarms.any(|a| a.state == State::Alarm && metric.is_none_or(|metric| a.metric == metric))
        })
    };
    let found = in_alarm(Some(Metric::TotalFileSize)).or(in_alarm(None)).or(report.datasets.first());
    found.map_or("DATASET", |d| d.dataset.as_str())
}

struct Story {
    text: String,
    options: Options,
}

impl Story {
    fn says(&mut self, line: &str) {
        self.line(&self.options.strong(line));
        self.line("");
    }

    fn command(&mut self, arguments: &str) {
        self.line(&self.options.quiet(&format!("$ lakegauge {arguments}")));
    }

    fn output(&mut self, text: &str) {
        self.line(text.trim_end());
        self.line("");
    }

    fn line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// The beginning of the config.
    fn excerpt(&mut self, days: &Days) {
        let lines: Vec<&str> = days.written.lines().collect();
        for line in lines.iter().take(CONFIG_LINES) {
            self.line(format!("  {line}").trim_end());
        }
        if let Some(more) = lines.len().checked_sub(CONFIG_LINES).filter(|more| *more > 0) {
            self.line(&self.options.quiet(&format!("  … {more} more lines in {}", days.config.display())));
        }
        self.line("");
    }

    fn ends(&mut self, days: &Days) {
        let named = worth_a_look(&days.after.report);
        let (config, folder) = (days.config.display(), days.folder.display());
        self.says("Try next:");
        self.line(&format!("  lakegauge explain -c {config} '{named}'"));
        self.line(&format!("  lakegauge history -c {config} '{named}'"));
        self.line(&format!("  lakegauge check -c {config} --format json"));
        self.line("");
        let now = shown(days.after.now);
        self.line(&format!(
            "The sample lake does not change any more: `--now {now}` shows this moment again,"
        ));
        self.line(&format!(
            "`rm -r {folder}` removes it. The dashboard (`lakegauge serve`) comes in a later version."
        ));
    }
}
