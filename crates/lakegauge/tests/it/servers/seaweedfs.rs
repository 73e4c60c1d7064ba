//! SeaweedFS checks every signature.

use jiff::civil::Date;
use lakegauge_testbed::{Fault, FaultyProxy, S3Server, SECRET_KEY};

use super::bucket::{Object, bytes_below, dataset, last, now, of, run, signed};
use crate::harness::Desk;

/// The folders of each dataset, by the layout of its path.
const LAYOUTS: [(&str, &str, &str); 4] = [
    ("orders", "refined zone+/orders/date={date}/", "refined zone+/orders/date=%Y-%m-%d/"),
    ("web_clicks", "refined zone+/web/clicks/{year}/{month}/{day}/", "refined zone+/web/clicks/%Y/%m/%d/"),
    ("audit", "refined zone+/ops/audit/{date:%Y%m%d}/", "refined zone+/ops/audit/%Y%m%d/"),
    (
        "geo",
        "refined zone+/geo/{*}/year={year}/month={month}/day={day}/",
        "refined zone+/geo/region=uk/year=%Y/month=%-m/day=%-d/",
    ),
];

fn folder(layout: &str, day: Date) -> String {
    day.strftime(layout).to_string()
}

fn objects(last: Date) -> Vec<Object> {
    let mut objects = Vec::new();
    for (_, _, layout) in LAYOUTS {
        objects.extend(dataset(|day| folder(layout, day), last));
    }
    // Yesterday's clicks are a third of the usual; the objects next to the root do not belong to the lake.
    let (_, _, clicks) = LAYOUTS[1];
    let small = folder(clicks, last);
    objects
        .retain(|(key, _)| !(key.starts_with(&small) && key.ends_with("parquet") && !key.contains("part-0")));
    objects.push(("refined zone+x/orders/date=2026-01-01/part-0.parquet".to_owned(), 7));
    objects
}

fn config(bucket: &str) -> String {
    let mut config = format!(
        "lake: \"s3://{bucket}\"\ndefaults: {{ due: +1d 20:00, landed_when: _SUCCESS }}\ndatasets:\n"
    );
    for (name, path, _) in LAYOUTS {
        config.push_str(&format!("  {name}: {{ path: \"{path}\" }}\n"));
    }
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_from_init_to_explain() {
    let server = S3Server::seaweedfs().await.unwrap();
    let last = last();
    let objects = objects(last);
    server.seed("lake", &objects).unwrap();
    found_by_init(&server.endpoint, last);
    judged(&server.endpoint, &objects, last);
    as_many_requests_as_promised(&server, last).await;
    refused(&server.endpoint, last);
}

/// `init` finds the four datasets, and its config is valid and can be checked.
fn found_by_init(endpoint: &str, last: Date) {
    let desk = Desk::new();
    let now = now(last);
    run(&desk, endpoint, &["init", "s3://lake/refined zone+/", "--now", &now]).ends(0);
    let config = std::fs::read_to_string(desk.path("lakegauge.yaml")).unwrap();
    for path in [
        "path: orders/date={date}/",
        "path: web/clicks/{year}/{month}/{day}/",
        "path: ops/audit/{date:%Y%m%d}/",
        "path: geo/region={*}/year={year}/month={month:%-m}/day={day:%-d}/",
    ] {
        assert!(config.contains(path), "{path}:\n{config}");
    }
    run(&desk, endpoint, &["validate", "--now", &now]).ends(0);
    // The config names the store in which it was found.
    assert!(config.contains("\nendpoint_url: ") && config.contains(endpoint), "{config}");
    let checked = run(&desk, endpoint, &["check", "--format", "json", "--now", &now]).ends(1).json();
    assert_eq!(checked["datasets"].as_array().unwrap().len(), 4, "{config}");
}

/// `check` sees every byte, whatever the keys look like, and reports which dataset is too small.
fn judged(endpoint: &str, objects: &[Object], last: Date) {
    let desk = Desk::new();
    desk.config(&config("lake"));
    for _ in ["from the past", "from what is remembered"] {
        let report = run(&desk, endpoint, &["check", "--format", "json", "--now", &now(last)]).ends(1).json();
        for (name, _, layout) in LAYOUTS {
            let dataset = of(&report, name);
            let partition = &dataset["partitions"][0];
            assert_eq!(partition["partition"], last.to_string(), "{dataset:#}");
            let bytes = bytes_below(objects, &folder(layout, last));
            assert_eq!(partition["metrics"]["TotalFileSize"], bytes as f64, "{dataset:#}");
            let status = if name == "web_clicks" { "alarm" } else { "ok" };
            assert_eq!(dataset["status"], status, "{dataset:#}");
            assert!(dataset["gaps"].as_array().unwrap().is_empty(), "{dataset:#}");
        }
    }
}

/// Compares the requests that `explain` predicts, those that the check reports, and those that were sent.
async fn as_many_requests_as_promised(server: &S3Server, last: Date) {
    let desk = Desk::new();
    desk.config(&config("lake"));
    let now = now(last);
    let proxy = FaultyProxy::start(&server.endpoint, |_, _| Fault::None).await.unwrap();
    let check = |name: &str| {
        let before = proxy.requests();
        let report = run(&desk, &proxy.endpoint, &["check", name, "--format", "json", "--now", &now]).json();
        (of(&report, name)["list_requests"].as_u64().unwrap(), proxy.requests() - before)
    };
    for (name, _, _) in LAYOUTS {
        let (said, sent) = check(name);
        assert_eq!(said, sent, "{name}: the first check");
        let explained = run(&desk, &proxy.endpoint, &["explain", name, "--json", "--now", &now]).json();
        let promised = explained["next_check"]["list_requests"].as_u64().unwrap();
        let (said, sent) = check(name);
        assert_eq!(said, sent, "{name}: the second check");
        assert!(promised.abs_diff(sent) <= 1, "{name}: {promised} promised, {sent} sent");
        // With thirty partitions or three thousand, only the last few are listed.
        assert!(sent <= 6, "{name}: {sent} requests");
    }
}

/// Wrong keys, no keys, no bucket: exit code 3, with what to do and without secrets.
fn refused(endpoint: &str, last: Date) {
    let now = now(last);
    let check = |bucket: &str, key: Option<(&str, &str)>, said: &[&str]| {
        let desk = Desk::new();
        desk.config(&config(bucket));
        for verb in [&["check", "--now", &now][..], &["-vv", "check", "orders", "--now", &now]] {
            let mut command = signed(&desk, endpoint, verb);
            match key {
                Some((id, secret)) => {
                    command.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
                }
                None => {
                    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
                }
            }
            let run = desk.finish(command.output().unwrap()).ends(3);
            let text = run.to_string();
            // Longer than a line, because the sentences are wrapped.
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for say in said {
                assert!(words.contains(say), "{say}: {run}");
            }
            let secrets = [Some(SECRET_KEY), key.map(|(_, secret)| secret)];
            for secret in secrets.into_iter().flatten() {
                assert!(!text.contains(secret), "a secret is shown: {verb:?}");
            }
        }
        let mut init = signed(&desk, endpoint, &["init", &format!("s3://{bucket}/"), "-o", "-"]);
        if let Some((id, secret)) = key {
            init.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
            desk.finish(init.output().unwrap()).ends(3);
        }
    };
    let right = Some((lakegauge_testbed::ACCESS_KEY, SECRET_KEY));
    let credentials = "check the credentials and that they may list this prefix";
    check("lake", Some((lakegauge_testbed::ACCESS_KEY, "wrong-secret-0123456789")), &["denied", credentials]);
    check("lake", Some(("NOBODY", "another-secret-0123456789")), &["denied", credentials]);
    check("lake", None, &["denied", credentials]);
    check("nowhere", right, &["not found", "check the lake's address"]);
}
