//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use lakegauge_show::{FORMATS, Format};

use crate::clock;
use crate::terraform::Events;

const EXIT_CODES: &str = "\
Exit codes:
  0    everything judged, all healthy
  1    at least one alarm: late, missing, too small or different
  2    the command line or the config is wrong; nothing was looked at
  3    the lake could not be seen well enough to judge
  4    a bug in lakegauge; no alarm besides
  5    a problem on this machine: a history, a file or a disk that cannot be read or written
  124  `wait` timed out
  130  interrupted";

/// The heading of the options of every command.
const GLOBAL: &str = "Global options";

/// Watches the datasets of a data lake and says, with evidence, when one is late, missing, too small or different.
#[derive(Debug, Parser)]
#[command(name = "lakegauge", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The config file
    #[arg(help_heading = GLOBAL,
        short,
        long,
        global = true,
        env = "LAKEGAUGE_CONFIG", hide_env_values = true,
        default_value = "lakegauge.yaml",
        value_name = "FILE"
    )]
    pub(crate) config: PathBuf,
    /// The address of an S3-compatible store
    #[arg(help_heading = GLOBAL, long, global = true, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Judge as of this time, ignoring objects that were written later
    #[arg(help_heading = GLOBAL, long, global = true, value_name = "T", value_parser = clock::parse_instant)]
    pub(crate) now: Option<Timestamp>,
    /// Print more to standard error; use twice to log every request
    #[arg(help_heading = GLOBAL, short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Print only errors to standard error
    #[arg(help_heading = GLOBAL, short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// When to use colour
    #[arg(help_heading = GLOBAL, long, global = true, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorWhen,
    /// The format of the log on standard error
    #[arg(help_heading = GLOBAL, long, global = true, default_value = "text", value_name = "FORM")]
    pub(crate) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Build a sample lake with several incidents and check it; needs nothing else
    Demo(DemoArgs),
    /// List a lake once, find its datasets and write a small, reviewable config
    Init(InitArgs),
    /// Print every problem in the config at once
    Validate(ValidateArgs),
    /// Look at the newest partition that is due, and judge it
    Check(CheckArgs),
    /// Wait until a partition has landed and is healthy
    Wait(WaitArgs),
    /// Show a metric's past with its band
    History(HistoryArgs),
    /// Show what is checked, when it is due, what is expected, and the reasons for the last verdict
    Explain(ExplainArgs),
    /// Show what happened in the last days: slow change, new levels, alarms, notices, late landings
    Digest(DigestArgs),
    /// Replay every alarm over the past: what would have fired, when, and on what evidence
    Backtest(BacktestArgs),
    /// Mark a partition as the new normal, which is learned at once
    Accept(MarkArgs),
    /// Mark a partition as bad; it is never learned from
    Reject(MarkArgs),
    /// Keep the history of data that has moved here from another lake or path
    Moved(MovedArgs),
    /// Start a new history for datasets, from what is in the lake
    Forget(ForgetArgs),
    /// Judge partition facts from standard input, one JSON object per line
    Judge,
    /// Show what a changed config would change: datasets, deadlines, alarms, requests
    Plan(PlanArgs),
    /// Show requests and dollars per month, by dataset, for each way of running
    Cost(CostArgs),
    /// Write the serverless deployment of the config as a Terraform module
    Terraform(TerraformArgs),
    /// Print the JSON Schema of the config, for editors
    Schema(SchemaArgs),
    /// Print a shell completion script
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
    // Commands of later versions are not in the help, and say so when they are used.
    #[command(hide = true)]
    Serve(Typed),
    #[command(hide = true)]
    Import(Typed),
    #[command(hide = true)]
    Alarms(Typed),
    #[command(hide = true)]
    Ack(Typed),
    #[command(hide = true)]
    Silence(Typed),
}

impl Verb {
    /// Whether the command exists to record what it finds: it has failed if nothing can be saved.
    pub(crate) fn saves(&self) -> bool {
        matches!(self, Verb::Check(_) | Verb::Wait(_))
    }
}

/// Any arguments after a command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Typed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    words: Vec<String>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct DemoArgs {
    /// Keep the sample lake in this folder instead of a temporary one
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct InitArgs {
    /// Where the lake is: s3://bucket/prefix, gs://…, az://…, or a folder
    pub(crate) lake: String,
    /// The config to write; `-` prints it
    #[arg(short, long, default_value = "lakegauge.yaml", value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Overwrite an existing config
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ValidateArgs {
    /// The config file [default: that of --config]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct CheckArgs {
    /// The datasets; `*` matches any characters; default: all of them
    #[arg(value_name = "DATASET")]
    pub(crate) datasets: Vec<String>,
    /// Every partition in this period, for example 2026-11-21, 2026-11-21T05, 2026-W47 or 2026-11; or `latest`, the newest partition that is due
    #[arg(long, value_name = "P", conflicts_with = "last")]
    pub(crate) partition: Vec<String>,
    /// The newest N partitions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) last: Option<u32>,
    /// The format of the output
    #[arg(long, default_value = "text", value_name = "FORM", value_parser = formats())]
    pub(crate) format: Format,
}

/// The forms of a report, by name.
fn formats() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name));
    names.try_map(|name| Format::named(&name).ok_or("unknown format"))
}

#[derive(Args, Clone, Debug)]
pub(crate) struct WaitArgs {
    /// The dataset; if it is split, all of its splits
    pub(crate) dataset: String,
    /// The partition, or every partition in this period; `latest` is the newest that is due
    #[arg(long, value_name = "P")]
    pub(crate) partition: String,
    /// Give up after this time
    #[arg(long, default_value = "2h", value_name = "TIME", value_parser = clock::parse_duration)]
    pub(crate) timeout: SignedDuration,
    /// The time between two looks
    #[arg(long, default_value = "30s", value_name = "TIME", value_parser = clock::parse_duration)]
    pub(crate) every: SignedDuration,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct HistoryArgs {
    /// The dataset
    pub(crate) dataset: String,
    /// The metric
    #[arg(long, default_value = "TotalFileSize", value_name = "NAME")]
    pub(crate) metric: String,
    /// The start: a date, a time, or how long ago (30d)
    #[arg(long, value_name = "T")]
    pub(crate) since: Option<String>,
    /// The format of the output
    #[arg(long, default_value = "text", value_name = "FORM")]
    pub(crate) format: HistoryFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryFormat {
    Text,
    Json,
    Csv,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ExplainArgs {
    /// The dataset
    pub(crate) dataset: String,
    /// The partition; default: the newest judged one
    #[arg(long, value_name = "P")]
    pub(crate) partition: Option<String>,
    /// The format of the output; JSON has the whole derivation
    #[arg(long, default_value = "text", value_name = "FORM")]
    pub(crate) format: ExplainFormat,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    Text,
    Json,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct DigestArgs {
    /// The datasets; `*` matches any characters; default: all of them
    #[arg(value_name = "DATASET")]
    pub(crate) datasets: Vec<String>,
    /// The number of days
    #[arg(long, default_value = "7", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=400))]
    pub(crate) days: u32,
    /// The format of the output
    #[arg(long, default_value = "text", value_name = "FORM")]
    pub(crate) format: DigestFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DigestFormat {
    Text,
    Json,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct BacktestArgs {
    /// The datasets; `*` matches any characters; default: all of them
    #[arg(value_name = "DATASET")]
    pub(crate) datasets: Vec<String>,
    /// The number of days to report; earlier partitions are used for learning
    #[arg(long, default_value = "90", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4_000))]
    pub(crate) days: u32,
    /// Another config to compare with
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Incidents that you remember, as CSV (dataset,from,to,why) or a YAML list: which would have been caught
    #[arg(long, value_name = "FILE")]
    pub(crate) incidents: Option<PathBuf>,
    /// The format of the output [default: text, or by the extension of --output]
    #[arg(long, value_name = "FORM")]
    pub(crate) format: Option<BacktestFormat>,
    /// Write the output to this file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BacktestFormat {
    Text,
    Json,
    Html,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct MarkArgs {
    /// The dataset
    pub(crate) dataset: String,
    /// The partition; `latest` is the newest that came
    #[arg(long, value_name = "P")]
    pub(crate) partition: String,
    /// The reason, for later readers
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Who gives this verdict
    #[arg(long, value_name = "NAME", env = "USER", hide_env_values = true)]
    pub(crate) by: Option<String>,
    /// Take back an earlier verdict
    #[arg(long, conflicts_with = "reason")]
    pub(crate) undo: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct MovedArgs {
    /// The datasets; `*` matches any characters; default: all of them
    #[arg(value_name = "DATASET")]
    pub(crate) datasets: Vec<String>,
    /// Where the data was: the start of an address in the history, required if the history has several
    #[arg(long, value_name = "PLACE")]
    pub(crate) from: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ForgetArgs {
    /// The datasets; `*` matches any characters
    #[arg(value_name = "DATASET", required = true)]
    pub(crate) datasets: Vec<String>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct PlanArgs {
    /// The older version [default: that of the last commit]
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// The format of the output
    #[arg(long, default_value = "text", value_name = "FORM")]
    pub(crate) format: PlanFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    Text,
    Json,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct CostArgs {
    /// The datasets; `*` matches any characters; default: all of them
    #[arg(value_name = "DATASET")]
    pub(crate) datasets: Vec<String>,
    /// How many times per day `check` runs [default: once for each partition of the finest dataset]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_440))]
    pub(crate) checks_per_day: Option<u32>,
    /// The names of metrics in CloudWatch
    #[arg(long, default_value = "lakegauge", value_name = "NAMING")]
    pub(crate) naming: NamingChoice,
    /// The format of the output
    #[arg(long, default_value = "text", value_name = "FORM")]
    pub(crate) format: CostFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CostFormat {
    Text,
    Json,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct TerraformArgs {
    /// The folder to write
    #[arg(short, long, default_value = "terraform", value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// The region of the lake's bucket, where the functions run [default: that of the config]
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub(crate) region: Option<String>,
    /// The names of metrics in CloudWatch
    #[arg(long, default_value = "lakegauge", value_name = "NAMING")]
    pub(crate) naming: NamingChoice,
    /// How new objects reach the functions
    #[arg(long, default_value = "eventbridge", value_name = "WAY")]
    pub(crate) events: Events,
    /// Overwrite files that were changed by hand or not written by lakegauge
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NamingChoice {
    /// Dimension Dataset, in the config's namespace
    Lakegauge,
    /// As in the first design: ATUK/Lambda, with BucketName, Key and FunctionName
    Original,
}

impl NamingChoice {
    /// The name on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            NamingChoice::Lakegauge => "lakegauge",
            NamingChoice::Original => "original",
        }
    }
}

#[derive(Args, Clone, Debug)]
pub(crate) struct SchemaArgs {
    /// The schema of `check --format json` instead of the config's
    #[arg(long)]
    pub(crate) check: bool,
    /// The schema of `explain --format json` instead of the config's
    #[arg(long, conflicts_with = "check")]
    pub(crate) explain: bool,
    /// The schema of `digest --format json` instead of the config's
    #[arg(long, conflicts_with_all = ["check", "explain"])]
    pub(crate) digest: bool,
    /// The schema of `backtest --format json` instead of the config's
    #[arg(long, conflicts_with_all = ["check", "explain", "digest"])]
    pub(crate) backtest: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// A region, by its form.
fn region(typed: &str) -> Result<String, String> {
    lakegauge_core::region::check(typed).map(|()| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
