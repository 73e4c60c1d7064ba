//! Unreadable messages go back to the queue; everything else is handled.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn only_unreadable_messages_are_returned() {
    let world = World::new("_SUCCESS").await;
    let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "acme-lake"}).to_string();
    let event = json!({"Records": [
        {"messageId": "torn", "body": "{\"Records\": [{"},
        {"messageId": "test", "body": test},
        {"messageId": "foreign", "body": "{\"hello\": \"world\"}"},
    ]});
    let answer = lakegauge_lambda::objects(&world.deployment(), &event).await.unwrap();
    assert_eq!(
        answer["batchItemFailures"],
        json!([{"itemIdentifier": "foreign"}, {"itemIdentifier": "torn"}])
    );
    assert_eq!(answer["summary"]["looks"], 0);
}
