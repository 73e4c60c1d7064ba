//! Compares lakegauge with the common rules: as a table for the documentation, and as points of its chart.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use super::history::History;
use super::ours::Ours;
use super::peers::{Peer, Rule};
use super::report::{SEED, total};
use super::tally::{Rate, Score, Share};

/// One rule and its score on all histories.
pub(crate) struct Standing {
    pub(crate) name: &'static str,
    /// Where its parameters come from, as Markdown; `None` for lakegauge.
    source: Option<&'static str>,
    score: Score,
}

/// lakegauge first, then each rule.
pub(crate) fn standings(data: &Path) -> Result<Vec<Standing>> {
    let histories = History::all(data)?;
    let ours = Standing { name: "lakegauge", source: None, score: total(&histories, Ours::new, SEED) };
    let mut standings = vec![ours];
    for (name, rule) in Rule::ALL {
        let score = total(&histories, || Peer::new(rule), SEED);
        standings.push(Standing { name, source: Some(rule.source()), score });
    }
    Ok(standings)
}

impl Standing {
    /// False alarms on clean days, per 30 of them.
    pub(crate) fn false_per_month(&self) -> f64 {
        per_month(self.score.volume_false)
    }

    /// The share of the injected one-day faults (emptied, halved, a fifth less, doubled) that raised an alarm.
    pub(crate) fn caught(&self) -> f64 {
        let mut caught = Share::default();
        self.score.faults.into_iter().for_each(|share| caught.add(share));
        caught.hits as f64 / caught.of.max(1) as f64
    }

    fn row(&self) -> String {
        let Score { volume_false, volume_real, faults, shift_tail, benign, late_false, late_real, .. } =
            &self.score;
        let [emptied, halved, fifth_less, doubled] = faults.map(percent);
        let tail = shift_tail.hits as f64 / shift_tail.of.max(1) as f64;
        let name = if self.source.is_none() { format!("**{}**", self.name) } else { self.name.to_owned() };
        format!(
            "| {name} | {:.2} | {} of {} | {emptied} | {halved} | {doubled} | {fifth_less} | {tail:.1} | {} of {} | {:.2} | {} of {} |",
            per_month(*volume_false),
            volume_real.hits,
            volume_real.of,
            benign.hits,
            benign.of,
            per_month(*late_false),
            late_real.hits,
            late_real.of,
        )
    }
}

fn per_month(rate: Rate) -> f64 {
    rate.count as f64 / rate.months.max(1.0)
}

fn percent(share: Share) -> String {
    format!("{:.0} %", 100.0 * share.hits as f64 / share.of.max(1) as f64)
}

/// The table, and below it the source of each rule's parameters.
pub(crate) fn table(standings: &[Standing]) -> String {
    let mut out = "| rule | false alarms per dataset per month | real incidents | emptied | halved | doubled | a fifth less | \
                   alarms on days 4–30 after a shift | on benign days | false lateness alarms | real late and missing |\n\
                   |---|---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for standing in standings {
        let _ = writeln!(out, "{}", standing.row());
    }
    out.push('\n');
    for (standing, source) in standings.iter().filter_map(|s| Some((s, s.source?))) {
        let _ = writeln!(out, "- *{}*: {source}", standing.name);
    }
    out
}
