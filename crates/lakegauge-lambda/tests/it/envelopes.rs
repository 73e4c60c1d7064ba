//! Unreadable messages go back to the queue; everything else is handled.

use std::sync::Arc;

use async_trait::async_trait;
use lakegauge_cloudwatch::publish::Place;
use lakegauge_config::{self as config, Surroundings};
use lakegauge_core::datum::Datum;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::observation::Observation;
use lakegauge_engine::{Lake, Look, Sink, Unsent};
use lakegauge_history::{Documents, Shelf};
use lakegauge_lambda::{Deployment, Wall, objects};
use lakegauge_watch::{Known, Watcher};
use serde_json::json;

/// Nothing is asked of the lake, and nothing is sent.
struct Idle;

#[async_trait]
impl Lake for Idle {
    async fn observe(&self, look: Look<'_>) -> Observation {
        unreachable!("{look:?}")
    }
}

#[async_trait]
impl Sink for Idle {
    async fn put(&self, data: &[Datum]) -> Result<(), Unsent> {
        unreachable!("{data:?}")
    }
}

fn deployment() -> Deployment {
    let text = "lake: s3://acme-lake/refined\ndatasets:\n  sales:\n    path: sales/date={date}/\n";
    let around = Surroundings { read: &|_| Err("no files".to_owned()), now: jiff::Timestamp::UNIX_EPOCH };
    let watcher = Watcher {
        lake: Arc::new(Idle),
        book: Arc::new(Documents::new(Shelf::in_memory())),
        sink: Arc::new(Idle),
        clock: Arc::new(Wall),
        to: Destinations::default(),
        deployment: "lakegauge".to_owned(),
        known: Known::default(),
    };
    let lake = Some(Place { bucket: "acme-lake".to_owned(), prefix: "refined/".to_owned() });
    Deployment { config: Arc::new(config::load(text, around).config.unwrap()), lake, watcher }
}

#[tokio::test]
async fn only_unreadable_messages_are_returned() {
    let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "acme-lake"}).to_string();
    let event = json!({"Records": [
        {"messageId": "torn", "body": "{\"Records\": [{"},
        {"messageId": "test", "body": test},
        {"messageId": "foreign", "body": "{\"hello\": \"world\"}"},
    ]});
    let answer = objects(&deployment(), &event).await.unwrap();
    assert_eq!(
        answer["batchItemFailures"],
        json!([{"itemIdentifier": "foreign"}, {"itemIdentifier": "torn"}])
    );
    assert_eq!(answer["summary"]["looks"], 0);
}
