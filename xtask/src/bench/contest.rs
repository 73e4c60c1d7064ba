//! Runs contenders that do the same work in turns, and computes medians.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::measured::{self, Cost};

/// One program that does the work.
pub(super) struct Contender {
    name: String,
    command: Command,
    done: Box<dyn Fn(&str) -> bool>,
    costs: Vec<Cost>,
}

impl Contender {
    /// `done` checks the program's output for having done all of the work: a fast wrong answer does not count.
    pub(super) fn new(name: &str, command: Command, done: impl Fn(&str) -> bool + 'static) -> Contender {
        Contender { name: name.to_owned(), command, done: Box::new(done), costs: Vec::new() }
    }

    /// The median cost, column by column.
    pub(super) fn median(&self) -> Cost {
        Cost {
            wall: median(self.costs.iter().map(|cost| cost.wall).collect()),
            cpu: median(self.costs.iter().map(|cost| cost.cpu).collect()),
            memory: median(self.costs.iter().map(|cost| cost.memory).collect()),
        }
    }

    fn run(&self) -> Result<Cost> {
        let run = measured::run(&self.command)?;
        ensure!(
            (self.done)(&run.output),
            "{} exited with {} and printed:\n{}",
            self.name,
            run.code,
            run.output
        );
        Ok(run.cost)
    }
}

/// Runs everyone once unmeasured, then all in turns, `rounds` times.
pub(super) fn run(contenders: &mut [Contender], rounds: usize) -> Result<()> {
    for contender in contenders.iter() {
        contender.run()?;
    }
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        for contender in contenders.iter_mut() {
            let cost = contender.run()?;
            contender.costs.push(cost);
        }
    }
    Ok(())
}

/// The upper median; zero for an empty list.
fn median<T: Ord + Default + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The contenders as a Markdown table. `work` is the number of things that each run processed, with their name.
pub(super) fn table(contenders: &[Contender], work: Option<(usize, &str)>) -> String {
    let mut head = vec!["", "wall", "from–to", "CPU", "peak memory"];
    let a_second = work.map(|(_, things)| format!("{things}/s"));
    head.extend(a_second.as_deref());
    let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(head.len()))];
    for contender in contenders {
        let median = contender.median();
        let walls = contender.costs.iter().map(|cost| cost.wall);
        let (least, most) = (walls.clone().min().unwrap_or_default(), walls.max().unwrap_or_default());
        let mut cells = vec![
            contender.name.clone(),
            seconds(median.wall),
            format!("{}–{}", seconds(least), seconds(most)),
            seconds(median.cpu),
            mebibytes(median.memory),
        ];
        cells.extend(work.map(|(n, _)| format!("{:.0}", n as f64 / median.wall.as_secs_f64())));
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

/// The ratio of `a` to `b`.
pub(super) fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// Short enough to compare, long enough to tell two fast programs apart.
pub(super) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

/// Bytes as whole MiB.
pub(super) fn mebibytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / 1024.0 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contender(name: &str, walls: &[u64]) -> Contender {
        let cost = |ms: &u64| Cost {
            wall: Duration::from_millis(*ms),
            cpu: Duration::from_millis(7),
            memory: 3 << 20,
        };
        let mut contender = Contender::new(name, Command::new("true"), |_| true);
        contender.costs = walls.iter().map(cost).collect();
        contender
    }

    #[test]
    fn the_table_shows_medians() {
        let table = table(
            &[contender("ours", &[500, 250, 9000]), contender("theirs", &[2000])],
            Some((1000, "objects")),
        );
        assert_eq!(
            table,
            "|  | wall | from–to | CPU | peak memory | objects/s |\n|---|---|---|---|---|---|\n\
             | ours | 500 ms | 250 ms–9.00 s | 7 ms | 3 MiB | 2000 |\n\
             | theirs | 2.00 s | 2.00 s–2.00 s | 7 ms | 3 MiB | 500 |"
        );
    }
}
