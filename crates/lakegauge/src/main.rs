//! The `lakegauge` program.

mod answer;
mod cli;
mod clock;
mod commands;
mod context;
mod demo;
mod file;
mod lake;
mod logging;
mod pattern;
mod session;
mod show;
mod subject;
mod terraform;

use std::io::Write as _;
use std::process::ExitCode;

use answer::{Answer, exit};
use clap::Parser as _;
use context::Context;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(answer::report_panic));
    let cli = cli::Cli::parse();
    let answer = match Context::new(&cli.global) {
        Ok(context) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
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
    match answer {
        Ok(Answer { code, stdout }) => finish(code, &stdout),
        Err(failure) => {
            anstream::eprintln!("{failure}");
            ExitCode::from(failure.code)
        }
    }
}

/// Runs the command until it ends or the user presses Ctrl-C. Writes are transactions, so nothing is left
/// half-written.
async fn answer_or_interrupt(context: &Context, verb: cli::Verb) -> Result<Answer, answer::Failure> {
    tokio::select! {
        // Polled first, so that Ctrl-C works from the beginning, even if a command starts with long work.
        biased;
        _ = tokio::signal::ctrl_c() => Ok(Answer { code: exit::INTERRUPTED, stdout: String::new() }),
        answer = commands::run(context, verb) => answer,
    }
}

/// Prints the output. A closed pipe (`| head`) is not an error.
fn finish(code: u8, stdout: &str) -> ExitCode {
    let mut out = anstream::stdout().lock();
    match out.write_all(stdout.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            anstream::eprintln!("error: cannot write to standard output: {error}");
            ExitCode::from(exit::MACHINE)
        }
        _ => ExitCode::from(code),
    }
}
