use std::fmt::Write as _;

use lakegauge_config::{self as config, Surroundings};
use lakegauge_core::dataset::Dataset;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::publish::Place;

fn datasets() -> Vec<Dataset> {
    let text = r#"
lake: s3://acme-lake/refined
datasets:
  kpi_sales: { path: "kpi/sales/date={date}/" }
  orders: { path: "done/orders/{date}/", landed_when: "root:_SUCCESS" }
  split: { path: "split/region={region}/{date}/" }
"#;
    let around = Surroundings { read: &|_| Err("no files".to_owned()), now: jiff::Timestamp::UNIX_EPOCH };
    config::load(text, around).config.unwrap().datasets
}

fn lake() -> Place {
    Place { bucket: "acme-lake".to_owned(), prefix: "refined/".to_owned() }
}

/// Renders a batch as text.
fn said(batch: &Batch, datasets: &[Dataset]) -> String {
    let mut text = String::new();
    for (spot, touch) in &batch.spots {
        let name = &datasets[spot.dataset].name;
        let partition = spot.partition.map_or("newest".to_owned(), |p| p.to_string());
        let splits = spot.splits.as_deref().map(|s| format!("[{}]", s.join(","))).unwrap_or_default();
        let marker = if touch.marker { " marker" } else { "" };
        let at = touch.at.map(|at| at.to_string()).unwrap_or_default();
        let messages: Vec<&str> = touch.messages.iter().map(String::as_str).collect();
        writeln!(text, "look {name}{splits} {partition}{marker} {at} {messages:?}").unwrap();
    }
    for remark in &batch.remarks {
        let message = remark.message.as_deref().unwrap_or("-");
        writeln!(text, "{message}: {} {}", remark.object.as_deref().unwrap_or("-"), remark.what).unwrap();
    }
    if !batch.poison.is_empty() {
        writeln!(text, "dead letters: {:?}", batch.poison).unwrap();
    }
    text
}

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("fixtures/", $name, ".json")))),*]
    };
}

const FIXTURES: &[(&str, &str)] = fixtures![
    "s3-sqs",
    "s3-sqs-versioned",
    "s3-sqs-multi",
    "s3-eventbridge-sqs",
    "s3-sns-sqs",
    "eventbridge-sns-sqs",
    "s3-plain",
    "eventbridge-plain",
    "sns-plain",
    "test-event",
    "form-encoded",
    "moto",
    "bridged-plus",
    "unknown-bucket",
    "no-dataset",
    "hidden",
    "malformed",
    "other-kinds",
    "root-marker",
];

#[test]
fn every_envelope_has_its_outcome() {
    let datasets = datasets();
    let mut text = String::new();
    for (name, fixture) in FIXTURES {
        let event: Value = serde_json::from_str(fixture).unwrap();
        let batch = fold(&deliveries(&event), &lake(), &datasets);
        writeln!(text, "── {name}\n{}", said(&batch, &datasets)).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn keys_are_decoded_as_their_envelope_encodes_them() {
    let key = |name: &str| {
        let (_, fixture) = FIXTURES.iter().find(|(n, _)| *n == name).unwrap();
        let item = deliveries(&serde_json::from_str(fixture).unwrap()).remove(0).items.remove(0);
        let Item::Object(event) = item else { panic!("{item:?}") };
        event.key
    };
    assert_eq!(key("form-encoded"), "refined/kpi/sales/date=2026-11-21/a b+c ü.parquet");
    assert_eq!(key("moto"), "refined/kpi/sales/date=2026-11-21/part-0.parquet");
    assert_eq!(key("bridged-plus"), "refined/kpi/sales/date=2026-11-21/a+b%20c.parquet");
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "Records",
        "s3",
        "body",
        "messageId",
        "Sns",
        "Message",
        "Type",
        "Notification",
        "source",
        "aws.s3",
        "detail",
        "detail-type",
        "Object Created",
        "bucket",
        "object",
        "name",
        "key",
        "eventName",
        "ObjectCreated:Put",
        "Event",
        "s3:TestEvent",
        "acme-lake",
        "refined/kpi/sales/date=2026-11-21/x",
        "%",
        "+%zz",
        "",
    ]);
    let leaf = prop_oneof![
        word.clone().prop_map(|w| json!(w)),
        Just(Value::Null),
        any::<i64>().prop_map(|n| json!(n))
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((word.clone(), inner.clone()), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            inner.prop_map(|value| json!(value.to_string())),
        ]
    })
}

proptest! {
    #[test]
    fn anything_has_an_outcome(event in any_json()) {
        let deliveries = deliveries(&event);
        prop_assert!(!deliveries.is_empty() || event["Records"].as_array().is_some_and(Vec::is_empty));
        prop_assert!(deliveries.iter().all(|d| !d.items.is_empty()));
        fold(&deliveries, &lake(), &datasets());
    }

    #[test]
    fn a_fold_knows_no_order_and_no_repetition(picks in prop::collection::vec(0..FIXTURES.len(), 1..6), turn in any::<prop::sample::Index>()) {
        let datasets = datasets();
        let mut all: Vec<Delivery> = Vec::new();
        for pick in &picks {
            all.extend(deliveries(&serde_json::from_str(FIXTURES[*pick].1).unwrap()));
        }
        let straight = fold(&all, &lake(), &datasets);
        let at = turn.index(all.len());
        all.rotate_left(at);
        all.reverse();
        all.push(all[at].clone());
        prop_assert_eq!(straight, fold(&all, &lake(), &datasets));
    }
}
