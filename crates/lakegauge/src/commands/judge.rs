//! `judge`: the detector as a filter over JSON lines.

use std::io::{BufRead as _, Write as _};

use lakegauge_core::baseline::Judge;

use crate::answer::{Answer, Failure};

/// Answers each line of standard input with one line on standard output, at once, so that a program can converse.
///
/// Reading blocks, so it has a thread of its own: Ctrl-C must not wait for the next line.
pub(super) async fn run() -> Result<Answer, Failure> {
    tokio::task::spawn_blocking(converse).await.map_err(|error| Failure::internal(error.into()))?
}

fn converse() -> Result<Answer, Failure> {
    let mut judge = Judge::default();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut input = std::io::BufReader::new(std::io::stdin());
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        match input.read_line(&mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return Err(Failure::usage(format!("standard input, line {number}: {error}"))),
        }
        let answer = judge
            .answer(line.trim_end())
            .map_err(|error| Failure::usage(format!("standard input, line {number}: {error}")))?;
        // Where nothing more is waiting, the other side may be waiting for this answer.
        let conversing = input.buffer().is_empty();
        let written = writeln!(out, "{answer}").and_then(|()| if conversing { out.flush() } else { Ok(()) });
        if written.is_err() {
            break;
        }
    }
    let _ = out.flush();
    Ok(Answer::healthy(""))
}
