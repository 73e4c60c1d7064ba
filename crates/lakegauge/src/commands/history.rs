//! `history`: a metric's past with its band, from the history.

use lakegauge_core::judge::Timeline;
use lakegauge_core::measure::is_of_partitions;
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::Observation;
use lakegauge_core::scope::{Wanted, depth};
use lakegauge_show as show;

use crate::answer::{Answer, Failure, exit};
use crate::cli::{HistoryArgs, HistoryFormat};
use crate::clock::parse_since;
use crate::context::Context;
use crate::session::Session;

pub(crate) async fn run(context: &Context, args: &HistoryArgs) -> Result<Answer, Failure> {
    let metric: Metric = args.metric.parse().map_err(|error| {
        let known: Vec<&str> = Metric::ALL.iter().map(|m| m.name()).collect();
        let hint = lakegauge_config::nearest(&args.metric, &known)
            .map_or_else(|| format!("one of {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        Failure::usage(format!("{error}; {hint}"))
    })?;
    if !is_of_partitions(metric) {
        return Err(no_past(metric));
    }
    let since = args.since.as_deref().map(|text| parse_since(text, context.now));
    let since = since.transpose().map_err(|e| Failure::usage(format!("--since: {e}")))?;
    let session = Session::open(context).await?;
    let subject = session.dataset(&args.dataset).await?;
    let dataset = &subject.dataset;
    let limit = depth(dataset.layout.cadence()) as usize;
    let mut records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    let mut gaps = Vec::new();
    if records.is_empty() {
        // The history is empty: read the past from the lake itself.
        gaps = session.run(&subject, &Wanted::Newest, session.now).await?.judgement.report.gaps;
        records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    }
    let timeline = Timeline::new(dataset, &records, &Observation::default(), session.now);
    let points = timeline
        .points(dataset, metric)
        .filter(|p| since.is_none_or(|since| p.partition.end_in(&dataset.zone) > since))
        .collect();
    let (name, zone) = (dataset.name.clone(), dataset.zone.clone());
    let past = show::Past { dataset: name, metric, points, zone };
    let stdout = match args.format {
        HistoryFormat::Text => show::plot::history(&past, &context.options()),
        HistoryFormat::Json => show::plot::json(&past),
        HistoryFormat::Csv => show::plot::csv(&past),
    };
    for gap in &gaps {
        tracing::warn!("{gap}");
    }
    Ok(Answer { code: exit::of_gaps(&gaps), stdout })
}

/// The error for a metric that partitions do not have.
fn no_past(metric: Metric) -> Failure {
    let known = Metric::ALL.iter().filter(|m| is_of_partitions(**m)).map(|m| m.name());
    let known = known.collect::<Vec<_>>().join(", ");
    let instead = match metric {
        Metric::Freshness => {
            "`check --format json` has its current value, and LandingDelay has one per partition"
        }
        _ => "partitions do not have it",
    };
    Failure::usage(format!("{metric} has no history by partition: {instead}; use one of {known}"))
}
