//! `backtest`: every alarm replayed over the lake's past, which is listed once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures::StreamExt as _;
use jiff::SignedDuration;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::Judgement;
use lakegauge_core::name::Name;
use lakegauge_core::observation::Gap;
use lakegauge_core::record::Records;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::DatasetReport;
use lakegauge_engine::caught;
use lakegauge_replay::{Backtest, Incident, Run, Side, Window, read, replay};
use lakegauge_show as show;

use super::check;
use crate::answer::{Answer, Failure, exit};
use crate::cli::{BacktestArgs, BacktestFormat};
use crate::context::Context;
use crate::file;
use crate::pattern::names_one;
use crate::session::Session;
use crate::subject::Subject;

/// How many datasets are replayed together.
const TOGETHER: usize = 16;

/// A dataset's past according to one look.
struct Past {
    dataset: Arc<Dataset>,
    records: Arc<Records>,
    gaps: Vec<Gap>,
}

pub(crate) async fn run(context: &Context, args: &BacktestArgs) -> Result<Answer, Failure> {
    let incidents = args.incidents.as_deref().map(remembered).transpose()?.unwrap_or_default();
    let session = Arc::new(Session::open(context).await?);
    let beside = match &args.against {
        Some(other) => Some((other, Arc::new(Session::open_beside(context, other).await?))),
        None => None,
    };
    refuse_unknown(&incidents, &session, args)?;
    let from = context.now.checked_sub(SignedDuration::from_hours(i64::from(args.days) * 24));
    let from = from.map_err(|_| Failure::usage("--days: that is too long ago"))?;
    let window = Window { from, until: context.now };
    let subjects = session.datasets(&args.datasets).await?;
    let pasts = looked_at(context, &session, subjects).await?;
    let mut zones: BTreeMap<_, _> =
        pasts.iter().map(|past| (past.dataset.name.clone(), past.dataset.zone.clone())).collect();
    let name = |path: &Path| path.display().to_string();
    let mut sides = vec![Side { config: name(&context.config), runs: replayed(&pasts, window).await? }];
    if let Some((path, other)) = &beside {
        let pasts = pasts_beside(context, &session, other, &pasts, args).await?;
        zones.extend(pasts.iter().map(|past| (past.dataset.name.clone(), past.dataset.zone.clone())));
        sides.push(Side { config: name(path), runs: replayed(&pasts, window).await? });
    }
    let mut gaps: Vec<Gap> =
        sides.iter().flat_map(|side| &side.runs).flat_map(|run| run.gaps.clone()).collect();
    lakegauge_lake::gather(&mut gaps);
    let incidents = incidents.into_iter().filter(|i| chosen(&args.datasets, &i.dataset)).collect();
    let found = show::backtest::Found { backtest: Backtest::new(window, sides, incidents), zones };
    let text = match form(args) {
        BacktestFormat::Text => show::backtest::text(&found, &context.options()),
        BacktestFormat::Json => show::backtest::json(&found),
        BacktestFormat::Html => show::backtest::html(&found),
    };
    for gap in &gaps {
        tracing::warn!("{gap}");
    }
    let code = exit::of_gaps(&gaps);
    let Some(output) = &args.output else { return Ok(Answer { code, stdout: text }) };
    file::write(output, &text)?;
    Ok(Answer { code, stdout: show::backtest::summary(&found, &context.options()) })
}

fn form(args: &BacktestArgs) -> BacktestFormat {
    let ending = args.output.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
    args.format.unwrap_or(match ending {
        Some("html" | "htm") => BacktestFormat::Html,
        Some("json") => BacktestFormat::Json,
        _ => BacktestFormat::Text,
    })
}

fn remembered(path: &Path) -> Result<Vec<Incident>, Failure> {
    let name = path.display();
    let text = file::read(path)
        .map_err(|error| Failure::usage(format!("--incidents: {name} cannot be read: {error}")))?;
    read(&text).map_err(|error| Failure::usage(format!("--incidents: {name}, {error}")))
}

/// An incident with a misspelt dataset would count as missed.
fn refuse_unknown(incidents: &[Incident], session: &Session, args: &BacktestArgs) -> Result<(), Failure> {
    let known: Vec<&str> = session.config.datasets.iter().map(|dataset| dataset.name.as_str()).collect();
    let Some(unknown) = incidents.iter().find(|i| !known.contains(&Name::read(&i.dataset).base())) else {
        return Ok(());
    };
    let hint = match lakegauge_config::nearest(&unknown.dataset, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the config has: {}", known.join(", ")),
    };
    let file = args.incidents.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    Err(Failure::usage(format!("--incidents: {file}: no dataset is called `{}`; {hint}", unknown.dataset)))
}

fn chosen(names: &[String], dataset: &str) -> bool {
    names.is_empty()
        || names.iter().any(|name| names_one(name, dataset) || names_one(name, Name::read(dataset).base()))
}

/// Looks once at every dataset, as a check does, and gets its past from there.
async fn looked_at(
    context: &Context,
    session: &Arc<Session>,
    subjects: Vec<Subject>,
) -> Result<Vec<Past>, Failure> {
    let asks = subjects.iter().map(|subject| (subject.clone(), Wanted::Newest)).collect();
    let records = |_: &Dataset, judgement: &Judgement| -> Records {
        let slots = judgement.timeline.slots();
        slots.map(|(partition, slot)| (*partition, slot.record.clone())).collect()
    };
    let (report, records) = check::report(context, session, asks, records).await?;
    let past = |((subject, report), records): ((Subject, DatasetReport), Records)| Past {
        dataset: subject.dataset,
        records: Arc::new(records),
        gaps: report.gaps,
    };
    Ok(subjects.into_iter().zip(report.datasets).zip(records).map(past).collect())
}

/// The same past under another config. Paths that both configs read the same way are not looked at again.
async fn pasts_beside(
    context: &Context,
    session: &Session,
    other: &Arc<Session>,
    known: &[Past],
    args: &BacktestArgs,
) -> Result<Vec<Past>, Failure> {
    let same_lake = session.config.lake == other.config.lake
        && session.config.endpoint_url == other.config.endpoint_url
        && context.config.parent() == args.against.as_deref().and_then(Path::parent);
    let names: Vec<String> = match args.datasets.is_empty() {
        true => Vec::new(),
        // Datasets that the other config does not have are reported as absent.
        false => args.datasets.iter().filter(|name| has(other, name)).cloned().collect(),
    };
    if !args.datasets.is_empty() && names.is_empty() {
        return Ok(Vec::new());
    }
    let (mut pasts, mut unknown) = (Vec::new(), Vec::new());
    for subject in other.datasets(&names).await? {
        let dataset = Arc::clone(&subject.dataset);
        let reads_alike = |past: &&Past| {
            let of = &past.dataset;
            of.layout.to_string() == dataset.layout.to_string()
                && of.splits == dataset.splits
                && of.zone == dataset.zone
                && of.landed_when.marker_inside() == dataset.landed_when.marker_inside()
                && (of.landed_when == dataset.landed_when || dataset.landed_when.marker_inside().is_some())
        };
        match known.iter().find(reads_alike).filter(|_| same_lake) {
            Some(past) => {
                pasts.push(Past { dataset, records: Arc::clone(&past.records), gaps: past.gaps.clone() });
            }
            None => unknown.push(subject),
        }
    }
    pasts.extend(looked_at(context, other, unknown).await?);
    let order = |past: &Past| {
        other.config.datasets.iter().position(|d| d.name == Name::read(&past.dataset.name).base())
    };
    pasts.sort_by_key(order);
    Ok(pasts)
}

fn has(session: &Session, name: &str) -> bool {
    session.config.datasets.iter().any(|dataset| names_one(Name::read(name).base(), &dataset.name))
}

/// Replays every past, as many at a time as there are cores.
async fn replayed(pasts: &[Past], window: Window) -> Result<Vec<Run>, Failure> {
    let replays: Vec<_> = pasts
        .iter()
        .map(|past| {
            let (dataset, records, gaps) =
                (Arc::clone(&past.dataset), Arc::clone(&past.records), past.gaps.clone());
            move || {
                // A bug hides the past of one dataset only.
                caught(|| replay(&dataset, &records, &gaps, window)).unwrap_or_else(|bug| {
                    let gaps: Vec<Gap> = gaps.iter().cloned().chain([bug.gap(&dataset.name)]).collect();
                    replay(&dataset, &Records::new(), &gaps, window)
                })
            }
        })
        .collect();
    let mut runs = futures::stream::iter(replays).map(tokio::task::spawn_blocking).buffered(TOGETHER);
    let mut all = Vec::with_capacity(pasts.len());
    while let Some(run) = runs.next().await {
        all.push(run.map_err(|error| Failure::internal(error.into()))?);
    }
    Ok(all)
}
