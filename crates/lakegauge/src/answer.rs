//! How a command ends: the answer for standard output and the exit code, or a failure.

use std::fmt;
use std::io::Write as _;

use lakegauge_core::foreign::visible;

/// The exit codes. They are public; see `lakegauge --help`.
pub(crate) mod exit {
    use lakegauge_core::observation::{Gap, GapKind};

    /// Everything judged, all healthy.
    pub(crate) const HEALTHY: u8 = 0;
    /// At least one alarm.
    pub(crate) const ALARM: u8 = 1;
    /// The command line or the config is wrong; nothing was looked at.
    pub(crate) const USAGE: u8 = 2;
    /// The lake could not be seen well enough to judge, and no alarm.
    pub(crate) const UNSEEN: u8 = 3;
    /// lakegauge itself failed; no alarm besides.
    pub(crate) const INTERNAL: u8 = 4;
    /// A problem on this machine: a history, a file or a disk that cannot be read or written.
    pub(crate) const MACHINE: u8 = 5;
    /// `wait` timed out.
    pub(crate) const TIMED_OUT: u8 = 124;
    /// Ctrl-C.
    pub(crate) const INTERRUPTED: u8 = 130;

    /// The exit code if nothing is in alarm, depending on what could not be seen.
    pub(crate) fn of_gaps<'a>(gaps: impl IntoIterator<Item = &'a Gap>) -> u8 {
        gaps.into_iter().fold(HEALTHY, |code, gap| match gap.kind {
            GapKind::Bug => INTERNAL,
            _ => code.max(UNSEEN),
        })
    }
}

/// A completed command.
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

/// A command that failed. Text from others in its message (a name as typed, a server's answer) is on one line, and
/// cannot move the cursor.
#[derive(Debug)]
pub(crate) struct Failure {
    /// One of [`exit`].
    pub(crate) code: u8,
    message: String,
}

impl Failure {
    /// The command line or the config is wrong. `message` says where and what to do.
    pub(crate) fn usage(message: impl fmt::Display) -> Failure {
        Failure::of(exit::USAGE, message)
    }

    /// A complete message (rendered config problems).
    pub(crate) fn rendered(message: String) -> Failure {
        Failure { code: exit::USAGE, message }
    }

    /// The lake could not be reached at all.
    pub(crate) fn unseen(message: impl fmt::Display) -> Failure {
        Failure::of(exit::UNSEEN, message)
    }

    /// A problem with a file, a folder or a disk on this machine. `message` names it.
    pub(crate) fn machine(message: impl fmt::Display) -> Failure {
        Failure::of(exit::MACHINE, message)
    }

    /// The history cannot be read or written, because of `error` or its source.
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

/// A hint for a history that cannot be stored at its place.
pub(crate) const ELSEWHERE: &str =
    "set `history:` in the config to another path, for example /var/lib/lakegauge/history.sqlite";

const REPORT: &str =
    "this is a bug in lakegauge: please report it with the command, `lakegauge --version` and this message";

/// The panic hook. A panic that is caught ([`lakegauge_engine::guarded`]) is reported in the answer. Any other is
/// reported here, with a request to report the bug; in the main thread it ends the program with [`exit::INTERNAL`], and
/// in another thread the code that waits for it reports what is missing.
pub(crate) fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    if lakegauge_engine::kept(info) {
        return;
    }
    let said = info.to_string();
    let lines: Vec<_> = said.lines().map(visible).collect();
    say(&format!("error: {}\n{REPORT}", lines.join("\n  ")));
    if std::thread::current().name() == Some("main") {
        std::process::exit(i32::from(exit::INTERNAL));
    }
}

/// Prints a message to standard error. If nobody reads it any more, it is lost; the exit code is not affected.
pub(crate) fn say(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
