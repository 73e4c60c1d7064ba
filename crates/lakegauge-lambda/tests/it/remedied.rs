//! The real binary as the function `alarm` on ministack: an alarm fires, a user's function is invoked and a DAG is
//! run, once each, with the evidence.

use lakegauge_testbed::{S3Server, python};
use serde_json::json;

/// Sets up one deployment with boto3 and a server that imitates Airflow's REST API, makes an alarm fire, and returns
/// the calls.
const SCRIPT: &str = include_str!("remedied.py");

#[tokio::test]
async fn an_alarm_runs_a_function_and_a_dag_with_the_evidence() {
    let server = S3Server::ministack_aws().await.unwrap();
    let binary = env!("CARGO_BIN_EXE_bootstrap");
    let came = python(SCRIPT, &json!({"endpoint": server.endpoint, "binary": binary})).unwrap();
    let id = format!("lakegauge__sales__{}__TotalFileSize", came["day"].as_str().unwrap());
    // The function is invoked once, with the evidence as its event.
    let [event] = came["events"].as_array().unwrap().as_slice() else { panic!("{came}") };
    assert_eq!(event["id"], id, "{came}");
    assert_eq!((&event["observed"], &event["expected"]["low"]), (&json!(3_000), &json!(5_000)), "{came}");
    assert_eq!(event["reason"], "3 kB landed; at least 5 kB expected", "{came}");
    assert_eq!(
        (&event["owner"], &event["link"]),
        (&json!("shop"), &json!("https://console.example/#d")),
        "{came}"
    );
    // Airflow 2 with the secret's user, Airflow 3 with a token for the parameter's user; a second run with the same
    // name is rejected, which counts as done.
    for (at, api) in ["v1", "v2"].iter().enumerate() {
        let runs = came["runs"][api].as_array().unwrap();
        assert_eq!(runs.len(), 1, "{api}: {came}");
        assert_eq!(
            (&runs[0]["dag_run_id"], &runs[0]["conf"]["id"]),
            (&json!(id.replace("sales", ["sales", "stock"][at])), &runs[0]["dag_run_id"]),
            "{came}"
        );
        assert_eq!(runs[0].get("logical_date").is_some(), *api == "v2", "{came}");
    }
    assert_eq!(
        came["refused"],
        json!([id.replace("sales", "stock")]),
        "a second run with the same name: {came}"
    );
    assert_eq!(came["wrong_signatures"], json!([]), "{came}");
    // It ran at the alarm, and not again at the tick.
    assert_eq!(came["again"], json!({"ran": []}), "{came}");
}
