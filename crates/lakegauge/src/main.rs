//! The `lakegauge` program: the front door.

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
                let answer = runtime.block_on(answer_or_interrupt(&context, cli.verb));
                // Ctrl-C waits neither for a read that blocks nor for a walk through a large folder.
                runtime.shutdown_background();
                answer
            }),
        Err(failure) => Err(failure),
    };
    match answer {
        Ok(Answer { code, stdout }) => finish(code, &stdout),
        Err(failure) => {
            answer::say(&failure.to_string());
            ExitCode::from(failure.code)
        }
    }
}

/// Runs the verb until it ends or the user presses Ctrl-C. What was being written is a transaction: it is whole or not there.
async fn answer_or_interrupt(context: &Context, verb: cli::Verb) -> Result<Answer, answer::Failure> {
    tokio::select! {
        // First to be polled, so that the key is heard from the beginning on, also by a verb that begins with long work.
        biased;
        _ = tokio::signal::ctrl_c() => Ok(Answer { code: exit::INTERRUPTED, stdout: String::new() }),
        answer = commands::run(context, verb) => answer,
    }
}

/// Prints the answer. A reader that has gone away (`| head`) is no error.
fn finish(code: u8, stdout: &str) -> ExitCode {
    let mut out = anstream::stdout().lock();
    match out.write_all(stdout.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            answer::say(&format!("error: the answer cannot be written to standard output: {error}"));
            ExitCode::from(exit::MACHINE)
        }
        _ => ExitCode::from(code),
    }
}
