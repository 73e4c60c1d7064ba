//! The targets of a benchmark, and whether they were met.

use std::process::ExitCode;

/// One target, with the measured value.
pub(super) struct Aim {
    what: String,
    measured: f64,
    limit: Limit,
    unit: &'static str,
}

enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

impl Aim {
    /// Met if `measured` is at least `limit`.
    pub(super) fn at_least(what: impl Into<String>, measured: f64, limit: f64, unit: &'static str) -> Aim {
        Aim { what: what.into(), measured, limit: Limit::AtLeast(limit), unit }
    }

    /// Met if `measured` is at most `limit`.
    pub(super) fn at_most(what: impl Into<String>, measured: f64, limit: f64, unit: &'static str) -> Aim {
        Aim { what: what.into(), measured, limit: Limit::AtMost(limit), unit }
    }

    fn is_met(&self) -> bool {
        match self.limit {
            Limit::AtLeast(limit) => self.measured >= limit,
            Limit::AtMost(limit) => self.measured <= limit,
        }
    }

    fn line(&self) -> String {
        let (word, limit) = match self.limit {
            Limit::AtLeast(limit) => ("at least", limit),
            Limit::AtMost(limit) => ("at most", limit),
        };
        let outcome = if self.is_met() { "met" } else { "**missed**" };
        let Aim { what, measured, unit, .. } = self;
        format!("- {what}: {}{unit} ({word} {limit}{unit}): {outcome}", short(*measured))
    }
}

fn short(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Prints the targets; fails if one was missed.
pub(super) fn judge(aims: &[Aim]) -> ExitCode {
    println!();
    for aim in aims {
        println!("{}", aim.line());
    }
    if aims.iter().all(Aim::is_met) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_met_at_its_limit() {
        let check = |aim: Aim, expect| assert_eq!(aim.line(), expect);
        check(Aim::at_least("speed", 2.0, 2.0, "×"), "- speed: 2× (at least 2×): met");
        check(Aim::at_least("speed", 1.994, 2.0, "×"), "- speed: 1.99× (at least 2×): **missed**");
        check(Aim::at_most("time", 61.0, 60.0, " s"), "- time: 61 s (at most 60 s): **missed**");
    }
}
