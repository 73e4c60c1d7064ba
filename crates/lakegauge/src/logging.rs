//! The log on standard error. Failures are logged once, where they are handled.

use std::fmt;

use lakegauge_core::foreign::visible;
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

use crate::answer::Failure;
use crate::cli::{Global, LogFormat};

/// Starts logging: warnings by default, `-v` for each step, `-vv` for every request, `-q` for errors only. `RUST_LOG`
/// overrides these.
pub(crate) fn start(global: &Global) -> Result<(), Failure> {
    // The SDK's warnings on its way through the credential chain are not problems yet, and its final error is written
    // for its developers: missing credentials are reported where they are needed.
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (false, 0) => "warn,aws=error",
        (false, 1) => "warn,aws=error,lakegauge=info",
        (false, 2) => "info,aws=error,lakegauge=debug",
        (false, _) => "trace",
    };
    let filter = match std::env::var("RUST_LOG") {
        Ok(own) => EnvFilter::try_new(&own).map_err(|e| Failure::usage(format!("RUST_LOG is wrong: {e}")))?,
        Err(_) => EnvFilter::new(level),
    };
    let coloured = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let base =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(coloured);
    let outcome = match global.log_format {
        LogFormat::Json => base.json().try_init(),
        LogFormat::Text => {
            base.fmt_fields(debug_fn(field).delimited(" ")).with_target(false).without_time().try_init()
        }
    };
    // A second start in one process (tests) keeps the first log.
    outcome.or(Ok(()))
}

/// Writes a field of an event. It may contain text from others (a server's answer, a key), so it cannot move the
/// cursor, and further lines are indented so that none looks like one of ours.
fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let text = format!("{value:?}");
    let lines: Vec<_> = text.lines().map(visible).collect();
    match field.name() {
        "message" => write!(writer, "{}", lines.join("\n    ")),
        name => write!(writer, "{name}={}", lines.join("\n    ")),
    }
}
