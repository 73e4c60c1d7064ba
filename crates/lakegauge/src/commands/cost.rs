//! `cost`: requests and dollars per month, by dataset, for each way of running.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lakegauge_cloudwatch::cost::{Completion, Load, PRICES, Usage, Way, of_dataset, shared};
use lakegauge_cloudwatch::deploy::{Schedule, alarms, schedule};
use lakegauge_cloudwatch::publish::{Naming, Place, published};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::Timeline;
use lakegauge_core::lifecycle::CompletionRule;
use lakegauge_core::metric::Metric;
use lakegauge_core::name::Name;
use lakegauge_core::scope::Wanted;
use lakegauge_lake::{Address, ObjectLake};
use lakegauge_show as show;
use lakegauge_show::cost::{Row, Table};
use lakegauge_show::explain::Look;
use serde_json::{Value, json};

use super::explain::next_looks;
use crate::answer::{Answer, Failure, exit};
use crate::cli::{CostArgs, CostFormat};
use crate::context::Context;
use crate::session::Session;

/// How many of the newest partitions are averaged.
const AVERAGED: usize = 30;

pub(crate) async fn run(context: &Context, args: &CostArgs) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let subjects = session.datasets(&args.datasets).await?;
    let datasets: Vec<Arc<Dataset>> = subjects.iter().map(|subject| Arc::clone(&subject.dataset)).collect();
    let finest = datasets.iter().map(|d| d.layout.cadence().nominal_seconds()).min().unwrap_or(86_400);
    let checks_per_day = args.checks_per_day.map_or((86_400 / finest).max(1) as f64, f64::from);
    let naming = naming(&session.config.lake, args);
    let (mut loads, mut unobserved, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
    for (subject, dataset) in subjects.iter().zip(&datasets) {
        let outcome = session.run(subject, &Wanted::Newest, session.now).await?;
        gaps.extend(outcome.judgement.report.gaps.iter().cloned());
        let completion = completion(&outcome.judgement.timeline);
        let objects = objects(&session, dataset).await?;
        if objects.is_none() {
            unobserved.push(dataset.name.clone());
        }
        let load = load(&session, dataset, &naming, checks_per_day, completion).await?;
        let load = Load { objects: objects.unwrap_or(0.0), ..load };
        let load = Load { split_requests: split_requests(&datasets, dataset), ..load };
        loads.push((dataset.name.clone(), load));
    }
    lakegauge_lake::gather(&mut gaps);
    for gap in &gaps {
        tracing::warn!("{gap}");
    }
    let code = exit::of_gaps(&gaps);
    let fires: BTreeSet<Schedule> = datasets.iter().filter_map(|d| schedule(d)).collect();
    let fires_per_day = fires.iter().map(|s| f64::from(s.fires_per_day)).sum();
    let remedies = datasets.iter().any(|dataset| dataset.remedy.is_some());
    let table = table(&loads, checks_per_day, |way| shared(way, fires_per_day, remedies));
    let table = Table { unobserved, ..table };
    let stdout = match args.format {
        CostFormat::Json => show::document(&json_of(&table)),
        CostFormat::Text => lakegauge_show::cost::text(&table, &context.options()),
    };
    Ok(Answer { code, stdout })
}

/// The requested naming; where the lake is does not affect the counts.
fn naming(lake: &str, args: &CostArgs) -> Naming {
    let place = match lake.parse() {
        Ok(Address::S3 { bucket, prefix }) => Place { bucket, prefix },
        _ => Place { bucket: String::new(), prefix: String::new() },
    };
    Naming::parse(args.naming.word(), place).unwrap_or_default()
}

fn completion(timeline: &Timeline) -> Completion {
    match timeline.completion().rule {
        CompletionRule::Quiet(_) => Completion::Quiet,
        CompletionRule::Marker { .. } => Completion::Marker,
    }
}

/// List requests that find the splits; none if the dataset is not split.
fn split_requests(datasets: &[Arc<Dataset>], dataset: &Dataset) -> u64 {
    if !dataset.is_split() {
        return 0;
    }
    let base = |dataset: &Dataset| Name::read(&dataset.name).base().to_owned();
    let alike = datasets.iter().filter(|other| base(other) == base(dataset));
    ObjectLake::planned_split_requests(dataset, &alike.map(|split| split.splits.clone()).collect())
}

/// The load of a dataset: from its past, and from what the next looks will send.
async fn load(
    session: &Session,
    dataset: &Dataset,
    naming: &Naming,
    checks_per_day: f64,
    completion: Completion,
) -> Result<Load, Failure> {
    let next = SignedDuration::from_secs((86_400.0 / checks_per_day) as i64);
    let next = session.now.checked_add(next).unwrap_or(Timestamp::MAX);
    let requests = |looks: Vec<Look>| looks.iter().map(|look| look.requests).sum::<u64>();
    let list_requests = requests(next_looks(session, dataset, &Wanted::Newest, next).await?);
    let settled_requests =
        requests(next_looks(session, dataset, &Wanted::Newest, session.now).await?).min(list_requests);
    Ok(Load {
        cadence: dataset.layout.cadence(),
        completion,
        is_due: dataset.due.is_some(),
        ages: dataset.rules.iter().any(|rule| rule.metric == Metric::Freshness),
        list_requests,
        settled_requests,
        split_requests: 0,
        objects: 0.0,
        metrics: published(dataset, naming).len() as u64,
        alarms: alarms(dataset, naming).len() as u64,
    })
}

/// The average number of objects per partition over the newest that landed; `None` if none was seen to land.
async fn objects(session: &Session, dataset: &Dataset) -> Result<Option<f64>, Failure> {
    let records = session.history.records(&dataset.name, AVERAGED).await.map_err(Failure::history)?;
    let objects: Vec<u64> = records.values().filter_map(|r| Some(r.landed.as_ref()?.objects)).collect();
    let sum = objects.iter().sum::<u64>() as f64;
    Ok((!objects.is_empty()).then(|| sum / objects.len() as f64))
}

fn table(loads: &[(String, Load)], checks_per_day: f64, own: impl Fn(Way) -> Usage) -> Table {
    let ways = [Way::OneShot { checks_per_day }, Way::Resident, Way::Serverless];
    // The splits of a dataset share its metrics and alarms, and one listing finds them all.
    let mut counted = BTreeSet::new();
    let mut rows: Vec<Row> = Vec::new();
    for (name, load) in loads {
        let base = Name::read(name).base();
        let load = match counted.insert(base.to_owned()) {
            true => load.clone(),
            false => Load { metrics: 0, alarms: 0, split_requests: 0, ..load.clone() },
        };
        rows.push(Row { name: name.clone(), usage: ways.map(|way| of_dataset(&load, way)) });
    }
    let own = Row { name: "lakegauge itself".to_owned(), usage: ways.map(own) };
    let mut total = own.usage;
    for row in &rows {
        for (sum, usage) in total.iter_mut().zip(row.usage) {
            *sum = *sum + usage;
        }
    }
    Table {
        rows,
        own,
        total: Row { name: "total".to_owned(), usage: total },
        checks_per_day,
        unobserved: Vec::new(),
    }
}

fn json_of(table: &Table) -> Value {
    let usage = |u: &Usage| {
        json!({
            "looks": u.looks, "list_requests": u.list_requests, "state_reads": u.state_reads,
            "state_writes": u.state_writes, "invocations": u.invocations, "gb_seconds": u.gb_seconds,
            "schedules": u.schedules, "events": u.events, "queue_requests": u.queue_requests,
            "put_metric_data": u.put_metric_data, "metrics": u.metrics, "metric_months": u.metric_months,
            "alarms": u.alarms, "dashboards": u.dashboards, "dollars": u.dollars(&PRICES),
        })
    };
    let ways = |row: &Row| {
        let [one_shot, resident, serverless] = &row.usage;
        json!({"one_shot": usage(one_shot), "resident": usage(resident), "serverless": usage(serverless)})
    };
    let observed = |row: &Row| !table.unobserved.contains(&row.name);
    let dataset = |row: &Row| json!({"dataset": row.name, "observed": observed(row), "per_month": ways(row)});
    let datasets: Vec<Value> = table.rows.iter().map(dataset).collect();
    json!({
        "version": 1, "days": 30, "checks_per_day": table.checks_per_day,
        "prices": {"region": PRICES.region, "as_of": PRICES.as_of},
        "datasets": datasets, "own": ways(&table.own), "total": ways(&table.total),
    })
}
