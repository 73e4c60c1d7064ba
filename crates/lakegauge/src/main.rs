//! The `lakegauge` program.

mod answer;
mod asked;
mod cli;
mod clock;
mod commands;
mod context;
mod demo;
mod dispatch;
mod file;
mod histories;
mod history;
mod lake;
mod logging;
mod pattern;
mod session;
mod subject;
mod terraform;

use std::io::Write as _;
use std::process::ExitCode;

use answer::{Answer, exit};
use clap::Parser as _;
use context::Context;
use histories::Histories;

/// Much of a check is small pieces of memory, of several threads (ADR 20).
#[cfg(all(unix, not(target_env = "musl")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How many threads read folders and the history. Many more than the machine has cores only wait for each other, and
/// each keeps memory of its own; few would let one folder on a slow disk hold up all others.
const BLOCKING: usize = 16;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(answer::report_panic));
    let cli = cli::Cli::parse();
    let saves = cli.verb.saves();
    let context = Context::new(&cli.global);
    let histories = context.as_ref().map_or_else(|_| Histories::default(), |c| c.histories.clone());
    let answer = match context {
        Ok(context) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING)
            .build()
            .map_err(|error| answer::Failure::internal(error.into()))
            .and_then(|runtime| {
                let answer = lakegauge_engine::guarded(answer_or_interrupt(&context, cli.verb));
                let answer =
                    runtime.block_on(answer).unwrap_or_else(|bug| Err(answer::Failure::internal(bug.into())));
                // Ctrl-C does not wait for a blocking read or a walk through a large folder.
                runtime.shutdown_background();
                answer
            }),
        Err(failure) => Err(failure),
    };
    let (code, said) = match &answer {
        Ok(answer) => (print(answer), None),
        Err(failure) => (failure.code, Some(failure.to_string())),
    };
    // Problems on this machine come last, so that they are not missed above a long output.
    let (code, failures) = histories.ending(code, saves);
    said.into_iter().chain(failures).for_each(|text| answer::say(&text));
    ExitCode::from(code)
}

/// Runs the command until it ends or the user presses Ctrl-C. Writes are transactions, so nothing is left
/// half-written.
async fn answer_or_interrupt(context: &Context, verb: cli::Verb) -> Result<Answer, answer::Failure> {
    tokio::select! {
        // Polled first, so that Ctrl-C works from the beginning, even if a command starts with long work.
        biased;
        _ = tokio::signal::ctrl_c() => Ok(Answer { code: exit::INTERRUPTED, stdout: String::new() }),
        answer = dispatch::run(context, verb) => answer,
    }
}

/// Prints the output and returns the exit code. A closed pipe (`| head`) is not an error.
fn print(answer: &Answer) -> u8 {
    let mut out = anstream::stdout().lock();
    match out.write_all(answer.stdout.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            answer::say(&format!("error: cannot write to standard output: {error}"));
            exit::MACHINE
        }
        _ => answer.code,
    }
}
