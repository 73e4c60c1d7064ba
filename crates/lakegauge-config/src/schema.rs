//! The JSON Schema of the config, generated from the same tables that the parser reads.

use lakegauge_core::calendar::Calendar;
use lakegauge_core::metric::Metric;
use serde_json::{Map, Value, json};

use super::alarms::ALARM;
use super::key::Key;
use super::keys::{OF_DATASET, OF_DEFAULTS, OF_TOP};
use super::receivers::OF_RECEIVER;
use super::remedies::{AIRFLOW, REMEDY};

/// The JSON Schema (draft 2020-12) of the config.
pub fn schema() -> Value {
    let mut top = object(&OF_TOP, &["lake", "datasets"]);
    top.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    top.insert("title".to_owned(), json!("lakegauge.yaml"));
    top.insert("description".to_owned(), json!("Which datasets of a data lake lakegauge watches, and how."));
    top.insert("examples".to_owned(), json!([example()]));
    let alarms: Map<String, Value> =
        Metric::ALL.iter().map(|m| (m.name().to_owned(), json!({"$ref": "#/$defs/alarm"}))).collect();
    let alarm = json!({"anyOf": [{"enum": ["learned", "off", false]}, object(ALARM, &[])]});
    let remedy = json!({"anyOf": [{"enum": ["off", false]}, object(REMEDY, &[])]});
    let receiver = {
        let mut receiver = object(&OF_RECEIVER, &[]);
        receiver.insert("minProperties".to_owned(), json!(1));
        receiver.insert("maxProperties".to_owned(), json!(1));
        receiver
    };
    top.insert(
        "$defs".to_owned(),
        json!({
            "dataset": object(&OF_DATASET, &["path"]),
            "defaults": object(&OF_DEFAULTS, &[]),
            "calendar": {"anyOf": [{"enum": Calendar::NAMES}, {"type": "string", "pattern": "\\.[iI][cC][sS]$"}]},
            "alarms": {"type": "object", "additionalProperties": false, "properties": alarms},
            "alarm": alarm,
            "receiver": receiver,
            "remediate": remedy,
            "airflow": object(AIRFLOW, &["url", "dag", "secret"]),
        }),
    );
    Value::Object(top)
}

/// The shortest config: a dataset needs only a path.
fn example() -> Value {
    json!({"lake": "s3://acme-lake/refined", "datasets": {"kpi_sales": {"path": "kpi/sales/date={date}/"}}})
}

fn object(keys: &[Key], required: &[&str]) -> Map<String, Value> {
    let property = |key: &Key| {
        // A test ensures that every table's schema is valid JSON.
        let mut schema: Value = serde_json::from_str(key.schema).unwrap_or_default();
        if let Value::Object(map) = &mut schema {
            map.insert("description".to_owned(), json!(key.doc));
        }
        (key.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = keys.iter().map(property).collect();
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("additionalProperties".to_owned(), json!(false));
    object.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
    object
}
