//! The detector as a filter over JSON lines, for measuring: `score.py -- target/release/examples/judge`.

use std::io::{self, BufRead, BufReader, BufWriter, Write};

use lakegauge_core::baseline::Judge;

fn main() -> io::Result<()> {
    let mut judge = Judge::default();
    let mut input = BufReader::new(io::stdin().lock());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let answer = judge.answer(line.as_bytes()).map_err(io::Error::other)?;
        writeln!(out, "{answer}")?;
        line.clear();
        // Whoever waits for answers gets them before the filter waits for more.
        if input.buffer().is_empty() {
            out.flush()?;
        }
    }
    out.flush()
}
