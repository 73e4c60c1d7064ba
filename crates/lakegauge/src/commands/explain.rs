//! `explain`: what is checked, when it is due, what is expected and from which days, and the last verdict.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_config::{Meaning, meanings, rule_in_words};
use lakegauge_core::alarm::{Bounds, Limit, Rule, level_metric};
use lakegauge_core::baseline::Verdict;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::foreign::visible;
use lakegauge_core::judge::{Judgement, Timeline};
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::scope::{Needed, Wanted, current, depth, needed};
use lakegauge_engine::Scope;
use lakegauge_show as show;
use lakegauge_show::explain::{Completeness, Deadline, ExpectedBand, Explanation, Look};
use lakegauge_show::explained::Workings;

use crate::answer::{Answer, Failure, exit};
use crate::cli::{ExplainArgs, ExplainFormat};
use crate::commands::naming::{LATEST, partition_of};
use crate::context::Context;
use crate::session::Session;

pub(crate) async fn run(context: &Context, args: &ExplainArgs) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let subject = session.dataset(&args.dataset).await?;
    let dataset = Arc::clone(&subject.dataset);
    let named = args.partition.as_deref().filter(|text| *text != LATEST);
    let named = named.map(|text| partition_of(&dataset, text)).transpose()?;
    let wanted = named.map_or(Wanted::Newest, |partition| Wanted::Named(vec![partition]));
    let judgement = session.run(&subject, &wanted, session.now).await?.judgement;
    let judged = judgement.report.partitions.first().map(|p| p.partition);
    let partition = named.or(judged).unwrap_or_else(|| judgement.timeline.next().0);
    let looks = next_looks(&session, &dataset, &wanted, session.now).await?;
    let workings = workings(&dataset, &judgement, partition, session.now);
    let explanation = explanation(&dataset, &judgement, partition, &workings, looks);
    let code = exit::of_gaps(&judgement.report.gaps);
    if args.json || args.format == ExplainFormat::Json {
        return Ok(Answer { code, stdout: show::explained::json(&explanation, &workings) });
    }
    let mut text = show::explain::text(&explanation, &context.options());
    let gaps = judgement.report.gaps.iter().map(ToString::to_string);
    for note in judgement.report.notes.iter().cloned().chain(gaps) {
        text.push_str(&format!("\n{}\n", visible(&note)));
    }
    Ok(Answer { code, stdout: text })
}

/// The requests that the next `check` for `wanted` sends if it runs at `at`, once this look is recorded.
pub(super) async fn next_looks(
    session: &Session,
    dataset: &Dataset,
    wanted: &Wanted,
    at: Timestamp,
) -> Result<Vec<Look>, Failure> {
    let limit = depth(dataset.layout.cadence()) as usize;
    let records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    let mut objects: BTreeMap<Partition, u64> =
        records.iter().filter_map(|(p, r)| Some((*p, r.look.as_ref()?.objects))).collect();
    // By then, the next partitions have got as far as these have now.
    let later = current(dataset, at).periods_since(current(dataset, session.now));
    for (partition, there) in objects.clone() {
        objects.entry(partition.offset(later)).or_insert(there);
    }
    let scope = match needed(dataset, &records, wanted, at) {
        Needed::Partitions(partitions) => Scope::Partitions(partitions),
        Needed::Past(since) => Scope::Past { since: Some(since) },
    };
    let mut looks = session.lake.planned_requests(dataset, &scope, &objects);
    let judged = records.values().rev().filter(|r| r.partition < current(dataset, at));
    let recent: Vec<&PartitionRecord> = judged.take(dataset.look_back.max(1) as usize).collect();
    let missing = recent.iter().find(|r| r.state == PartitionState::Missing && !r.is_accepted());
    looks.extend(missing.into_iter().flat_map(|r| session.lake.planned_neighbours(dataset, r.partition)));
    Ok(looks.into_iter().map(|(place, requests)| Look { place, requests }).collect())
}

fn explanation(
    dataset: &Dataset,
    judgement: &Judgement,
    partition: Partition,
    workings: &Workings<'_>,
    looks: Vec<Look>,
) -> Explanation {
    let timeline = &judgement.timeline;
    let slot = timeline.get(partition);
    let completion = timeline.completion();
    let (at, reason) = match slot {
        Some(slot) => (slot.owed.at, slot.owed.reason()),
        None => (timeline.next().1.at, timeline.next().1.reason()),
    };
    Explanation {
        dataset: dataset.name.clone(),
        partition,
        zone: dataset.zone.clone(),
        facts: facts(dataset),
        alarms: dataset.rules.iter().map(|of| (of.metric, rule_in_words(of))).collect(),
        due: Deadline { at, reason, evidence: landings(timeline, partition, dataset) },
        complete: Completeness { rule: completion.waits_for(), evidence: completion.evidence.clone() },
        bands: {
            let mut bands = bands(dataset, timeline, partition, workings);
            bands.extend(own_limits(dataset, judgement, partition));
            bands
        },
        verdict: judgement
            .report
            .partitions
            .iter()
            .find(|p| p.partition == partition)
            .map(|p| (judgement.report.status, p.clone())),
        looks,
    }
}

/// Every key of the config that affects the dataset, except its alarms, which have their own section; the cadence comes
/// after the path, from which it follows.
fn facts(dataset: &Dataset) -> Vec<(String, String)> {
    let own = meanings(dataset).into_iter().filter(|meaning| !meaning.key.starts_with("alarms."));
    let mut facts: Vec<(String, String)> = own.map(|Meaning { key, value }| (key, value)).collect();
    facts.insert(facts.len().min(1), ("cadence".to_owned(), dataset.layout.cadence().name().to_owned()));
    facts
}

/// How many earlier partitions are shown as evidence.
const SHOWN: usize = 8;

fn landings(timeline: &Timeline, partition: Partition, dataset: &Dataset) -> Vec<String> {
    let before = timeline.until(partition).filter(|slot| slot.record.partition != partition);
    let known = before.filter(|slot| slot.record.arrival_known);
    let landed: Vec<String> = known
        .filter_map(|slot| Some((slot.record.partition, slot.record.landed_at?)))
        .take(SHOWN)
        .map(|(p, at)| {
            format!("{p} landed {}", at.to_zoned(dataset.zone.clone()).strftime("%a %-d %b %H:%M %Z"))
        })
        .collect();
    landed
}

/// From this number of forecasts on, the history no longer counts as short.
const GROWN: usize = 28;
/// Number of landed partitions before which no band is learned.
const LEAST: usize = 5;

/// The bands, each with the values of the partitions that its best forecaster uses, oldest first.
fn bands(
    dataset: &Dataset,
    timeline: &Timeline,
    partition: Partition,
    workings: &Workings<'_>,
) -> Vec<ExpectedBand> {
    let Some(slot) = timeline.get(partition) else { return Vec::new() };
    let counts = |metric: Metric| {
        dataset.rules.iter().any(|rule| rule.limit == Limit::Learned && level_metric(rule.metric) == metric)
    };
    let learned = slot.bands.iter().filter(|(metric, _)| counts(**metric)).map(|(metric, band)| {
        let landed = workings.landed.get(metric);
        let derivation = workings.bands.get(metric);
        let named = derivation.map_or(&[][..], |derivation| &derivation.named);
        let value = |p: &Partition| Some((*p, *landed?.get(p)?));
        let days = named.iter().rev().filter_map(value).collect();
        let best = derivation.and_then(|d| d.forecasts.iter().find(|f| f.method == d.best).zip(Some(d)));
        let young = best.map(|(best, d)| (best.errors.len(), d.parameters.youth / best.errors.len() as f64));
        ExpectedBand {
            metric: *metric,
            low: band.low,
            high: band.high,
            reason: band.source.clone(),
            days,
            young: young.filter(|(n, _)| *n < GROWN),
        }
    });
    let mut bands: Vec<ExpectedBand> = learned.collect();
    // Alarms that are to be learned and are not yet.
    let known = timeline.until(partition).skip(1).filter(|slot| slot.verdict.is_some()).count();
    for rule in dataset.rules.iter().filter(|rule| rule.limit == Limit::Learned && rule.metric.is_learned()) {
        if known < LEAST && !slot.bands.contains_key(&level_metric(rule.metric)) {
            bands.push(ExpectedBand {
                metric: rule.metric,
                low: None,
                high: None,
                reason: format!("nothing yet: {known} partitions landed before it, {LEAST} are needed"),
                days: Vec::new(),
                young: None,
            });
        }
    }
    bands
}

/// The limits on volume that are set in the config.
fn own_limits(dataset: &Dataset, judgement: &Judgement, partition: Partition) -> Vec<ExpectedBand> {
    let report = judgement.report.partitions.iter().find(|p| p.partition == partition);
    let own = dataset.rules.iter().filter(|rule| rule.limit != Limit::Learned && rule.metric.is_of_content());
    let limit = |rule: &Rule| {
        let alarm = report.and_then(|report| report.alarms.iter().find(|a| a.metric == rule.metric));
        let bounds = match (alarm, &rule.limit) {
            (_, Limit::Fixed(bounds)) => *bounds,
            (Some(alarm), _) => alarm.expected,
            (None, _) => Bounds::default(),
        };
        let reason = match rule.limit {
            Limit::Fixed(_) => "set in the config".to_owned(),
            _ => format!("{}, set in the config", rule_in_words(rule)),
        };
        let (metric, days) = (rule.metric, Vec::new());
        ExpectedBand { metric, low: bounds.low, high: bounds.high, reason, days, young: None }
    };
    own.map(limit).collect()
}

/// The derivation of what is expected of `partition`.
fn workings<'a>(
    dataset: &Dataset,
    judgement: &'a Judgement,
    partition: Partition,
    now: Timestamp,
) -> Workings<'a> {
    let timeline = &judgement.timeline;
    let series = timeline.learned_before(dataset, partition, now);
    let metrics = timeline.get(partition).map_or_else(Vec::new, |slot| slot.bands.keys().copied().collect());
    let landed = |metric: Metric| {
        timeline.points(dataset, metric).filter_map(|p| Some((p.partition, p.value?))).collect()
    };
    let expected = dataset.calendar.expected(partition, &dataset.zone).expected;
    let verdict = timeline.get(partition).and_then(|slot| slot.verdict.as_ref());
    Workings {
        bands: metrics.iter().filter_map(|m| Some((*m, series.derive(partition, *m)?))).collect(),
        landed: metrics.iter().map(|m| (*m, landed(*m))).collect(),
        due: (dataset.due.is_none() && expected).then(|| series.derive_due(partition)),
        verdict: verdict.map(Verdict::reason),
        report: &judgement.report,
        layout: dataset.layout.to_string(),
        config: meanings(dataset).into_iter().map(|Meaning { key, value }| (key, value)).collect(),
    }
}
