//! Called when an alarm fires: runs the pending remedies of the datasets.
//!
//! As with objects, the call is only a trigger: it names an alarm, and what runs is decided from the state. A tick runs
//! what lost calls left pending, and covers partitions that went wrong while their alarm was already in `ALARM`.

use lakegauge_core::dataset::Dataset;
use lakegauge_engine::Runner;
use lakegauge_watch::Failures;
use serde::Serialize;
use serde_json::Value;

use crate::reach::Deployment;

/// The result of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remedied {
    /// The ids of the incidents whose remedies ran, once per target.
    pub ran: Vec<String>,
}

/// Handles one call; `link` is the link for people.
///
/// # Errors
/// If a remedy could not be run or the state could not be written; everything else is done first.
pub async fn remedy(
    deployment: &Deployment,
    runner: &dyn Runner,
    link: Option<&str>,
    event: &Value,
) -> Result<Remedied, Failures> {
    let fired = fired(event);
    if fired.is_none() {
        tracing::warn!(%event, "neither an alarm of CloudWatch nor a tick: everything that is due is run");
    }
    let asked = |dataset: &&Dataset| match &fired {
        Some(Fired::Alarms(names)) => names.iter().any(|name| is_of(name, dataset)),
        Some(Fired::Tick) | None => true,
    };
    let datasets = deployment.config.datasets.iter().filter(asked);
    Ok(Remedied { ran: deployment.watcher.remedy(datasets, runner, link).await? })
}

/// Why the function was called.
#[derive(Debug, PartialEq, Eq)]
enum Fired {
    /// Alarms with these names are in `ALARM`; others are left out.
    Alarms(Vec<String>),
    /// The regular tick.
    Tick,
}

/// Parses a call: a state change of an alarm from EventBridge or from CloudWatch directly, either through SNS, or a
/// tick.
fn fired(event: &Value) -> Option<Fired> {
    if event.get("lakegauge").and_then(Value::as_str) == Some("tick") {
        return Some(Fired::Tick);
    }
    if let Some(records) = event.get("Records").and_then(Value::as_array) {
        let inner = |record: &Value| {
            let text = record.pointer("/Sns/Message").and_then(Value::as_str)?;
            fired(&serde_json::from_str(text).ok()?)
        };
        let mut names = Vec::new();
        for record in records {
            match inner(record)? {
                Fired::Alarms(more) => names.extend(more),
                Fired::Tick => return Some(Fired::Tick),
            }
        }
        return Some(Fired::Alarms(names));
    }
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let forms = [
        ("/detail/alarmName", "/detail/state/value"),
        ("/alarmData/alarmName", "/alarmData/state/value"),
        ("/AlarmName", "/NewStateValue"),
    ];
    let (name, state) = forms.iter().find_map(|(name, state)| text(name).zip(text(state)))?;
    let names = (state == "ALARM").then(|| name.to_owned());
    Some(Fired::Alarms(names.into_iter().collect()))
}

/// Whether an alarm with this name, `DEPLOYMENT-DATASET/ALARM`, may belong to the dataset.
fn is_of(alarm: &str, dataset: &Dataset) -> bool {
    let of = alarm.rsplit_once('/').and_then(|(of, _)| of.strip_suffix(dataset.name.as_str()));
    of.is_some_and(|deployment| deployment.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use lakegauge_core::layout::Layout;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_way_of_being_told_is_understood() {
        let check = |event: Value, expect: Option<&[&str]>| {
            let names = match fired(&event) {
                Some(Fired::Alarms(names)) => Some(names),
                Some(Fired::Tick) => Some(vec!["tick".to_owned()]),
                None => None,
            };
            let expect = expect.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
            assert_eq!(names, expect, "{event}");
        };
        let bridge = |state: &str| {
            json!({"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
                "detail": {"alarmName": "lakegauge-sales/Late-high", "state": {"value": state}, "previousState": {"value": "OK"}}})
        };
        check(bridge("ALARM"), Some(&["lakegauge-sales/Late-high"]));
        check(bridge("OK"), Some(&[]));
        let action = json!({"source": "aws.cloudwatch", "accountId": "1",
            "alarmData": {"alarmName": "x-a/b", "state": {"value": "ALARM", "reason": "x"}}});
        check(action, Some(&["x-a/b"]));
        let message = json!({"AlarmName": "x-a/b", "NewStateValue": "ALARM"}).to_string();
        check(
            json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message}}]}),
            Some(&["x-a/b"]),
        );
        check(json!({"Records": [{"Sns": {"Message": "hello"}}]}), None);
        check(json!({"lakegauge": "tick"}), Some(&["tick"]));
        check(json!({}), None);
        check(json!([1]), None);
    }

    #[test]
    fn an_alarm_is_its_datasets() {
        let check = |alarm: &str, name: &str, expect: bool| {
            let dataset = Dataset::new(name, Layout::parse("t/{date}/").unwrap());
            assert_eq!(is_of(alarm, &dataset), expect, "{alarm} {name}");
        };
        check("lakegauge-kpi_sales/Late-high", "kpi_sales", true);
        check("lakegauge-web/events/Late-high", "web/events", true);
        check("lakegauge-web/events/Late-high", "events", false);
        check("lakegauge-kpi_sales/Late-high", "sales", false);
        check("lakegauge-heartbeat", "heartbeat", false);
    }
}
