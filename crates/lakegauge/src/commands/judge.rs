//! `judge`: the detector as a filter over JSON lines.

use std::io::{BufRead as _, Write as _};

use lakegauge_core::baseline::Judge;

use crate::answer::{Answer, Failure};

/// Answers each line of standard input with one line on standard output, at once, so that a program can wait for each
/// answer.
///
/// Reading blocks, so it has its own thread: Ctrl-C must not wait for the next line.
pub(crate) async fn run() -> Result<Answer, Failure> {
    tokio::task::spawn_blocking(converse).await.map_err(|error| Failure::internal(error.into()))?
}

/// An invalid line has an answer too, and the next one is read: one bad row must not end a pipeline of thousands.
fn converse() -> Result<Answer, Failure> {
    let mut judge = Judge::default();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut input = std::io::BufReader::new(std::io::stdin());
    let mut line = Vec::new();
    let (mut lines, mut invalid) = (0_u64, 0_u64);
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => lines += 1,
            Err(error) => return Err(Failure::usage(format!("standard input, line {}: {error}", lines + 1))),
        }
        let answer = judge.answer(&line).unwrap_or_else(|error| {
            invalid += 1;
            error.answer(lines)
        });
        // If no more input is buffered, the other side may be waiting for this answer.
        let conversing = input.buffer().is_empty();
        let written = writeln!(out, "{answer}").and_then(|()| if conversing { out.flush() } else { Ok(()) });
        if written.is_err() {
            break;
        }
    }
    let _ = out.flush();
    match invalid {
        0 => Ok(Answer::healthy("")),
        _ => Err(Failure::usage(format!(
            "{invalid} of {lines} input lines are invalid; each has its error on standard output"
        ))),
    }
}
