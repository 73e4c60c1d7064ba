//! How a command ends: the answer for standard output and the exit code, or a failure.

use std::fmt;
use std::io::Write as _;

use lakegauge_core::foreign::visible;

/// The exit codes. They are public; see `lakegauge --help`.
pub(crate) mod exit {
    /// Everything judged, all healthy.
    pub(crate) const HEALTHY: u8 = 0;
    /// At least one alarm.
    pub(crate) const ALARM: u8 = 1;
    /// The command line or the config is wrong; nothing was looked at.
    pub(crate) const USAGE: u8 = 2;
    /// The lake could not be seen well enough to judge; no alarm besides.
    pub(crate) const UNSEEN: u8 = 3;
    /// lakegauge itself failed.
    pub(crate) const INTERNAL: u8 = 4;
    /// This machine is in the way: a history, a file or a disk that cannot be read or written.
    pub(crate) const MACHINE: u8 = 5;
    /// `wait` ran out of time.
    pub(crate) const TIMED_OUT: u8 = 124;
    /// Ctrl-C.
    pub(crate) const INTERRUPTED: u8 = 130;
}

/// A command that came to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    /// One of [`exit`].
    pub(crate) code: u8,
    /// For standard output.
    pub(crate) stdout: String,
}

impl Answer {
    /// An answer with exit code 0.
    pub(crate) fn healthy(stdout: impl Into<String>) -> Answer {
        Answer { code: exit::HEALTHY, stdout: stdout.into() }
    }
}

/// A command that could not be carried out. What others wrote (a name as typed, a server's answer) stands in its message on
/// one line, and cannot move the cursor.
#[derive(Debug)]
pub(crate) struct Failure {
    /// One of [`exit`].
    pub(crate) code: u8,
    message: String,
}

impl Failure {
    /// The command line or the config is wrong. `message` names the place and what to do.
    pub(crate) fn usage(message: impl fmt::Display) -> Failure {
        Failure::of(exit::USAGE, message)
    }

    /// A message that is complete in itself (rendered config problems).
    pub(crate) fn rendered(message: String) -> Failure {
        Failure { code: exit::USAGE, message }
    }

    /// The lake could not be reached at all.
    pub(crate) fn unseen(message: impl fmt::Display) -> Failure {
        Failure::of(exit::UNSEEN, message)
    }

    /// This machine is in the way: a file, a folder or a disk. `message` names it.
    pub(crate) fn machine(message: impl fmt::Display) -> Failure {
        Failure::of(exit::MACHINE, message)
    }

    /// What is remembered cannot be read or written, because of `error` or what is behind it.
    pub(crate) fn history(error: impl Into<anyhow::Error>) -> Failure {
        Failure::machine(format!("{:#}", error.into())).and([ELSEWHERE])
    }

    /// lakegauge itself failed.
    pub(crate) fn internal(error: anyhow::Error) -> Failure {
        Failure::of(exit::INTERNAL, format!("{error:#}")).and([REPORT])
    }

    /// The same with more lines.
    pub(crate) fn and(mut self, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Failure {
        for line in lines {
            self.message.push('\n');
            self.message.push_str(&visible(line.as_ref()));
        }
        self
    }

    fn of(code: u8, message: impl fmt::Display) -> Failure {
        Failure { code, message: format!("error: {}", visible(message.to_string().trim_end())) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.trim_end())
    }
}

/// The way out where the history's place is the trouble.
const ELSEWHERE: &str =
    "`history:` in the config names another place for it, for example /var/lib/lakegauge/history.sqlite";

const REPORT: &str =
    "this is a bug in lakegauge: please report it with the command, `lakegauge --version` and this message";

/// Says what happened and how to report it, then ends with [`exit::INTERNAL`].
pub(crate) fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    let said = info.to_string();
    let lines: Vec<_> = said.lines().map(visible).collect();
    say(&format!("error: {}\n{REPORT}", lines.join("\n  ")));
    std::process::exit(i32::from(exit::INTERNAL));
}

/// Says something on standard error. Where nobody reads it any more, it is lost; the exit code is not.
pub(crate) fn say(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
