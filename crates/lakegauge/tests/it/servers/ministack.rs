//! ministack stores keys unchanged, whatever they contain.

use lakegauge_testbed::S3Server;

use super::bucket::{dataset, last, now, of, run};
use crate::harness::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_no_folder_can_have() {
    let server = S3Server::ministack().await.unwrap();
    let last = last();
    let folder = format!("orders/date={last}/");
    let mut objects = dataset(|day| format!("orders/date={day}/"), last);
    let before: u64 = objects
        .iter()
        .filter(|(key, _)| key.starts_with(&folder) && key.ends_with(".parquet"))
        .map(|(_, bytes)| bytes)
        .sum();
    // Data with odd names: ten bytes each.
    let odd = ["/x", "sub//x", "\u{1}\u{7f}x", "new\nline", "tab\t", "ends/", "é\u{301}"];
    // Hidden names and placeholders, which are not data.
    let hidden = [("./x", 10), ("../x", 10), ("sub/", 0), ("", 0)];
    objects.extend(odd.iter().map(|name| (format!("{folder}{name}"), 10)));
    objects.extend(hidden.iter().map(|(name, bytes)| (format!("{folder}{name}"), *bytes)));
    // Odd keys that belong to no partition, next to those that do.
    let strays = ["orders//date=2026-11-20/x", "orders/../x", "orders/date=/x", "/orders/x", "orders/\u{2}"];
    objects.extend(strays.iter().map(|key| ((*key).to_owned(), 10)));
    server.seed("lake", &objects).unwrap();

    let desk = Desk::new();
    desk.config(
        "lake: s3://lake\ndatasets:\n  orders: { path: \"orders/date={date}/\", due: +1d 20:00, alarms: { ObjectCount: off } }\n",
    );
    for _ in ["from the past", "from what is remembered"] {
        let args = ["check", "--format", "json", "--now", &now(last)];
        let report = run(&desk, &server.endpoint, &args).ends(0).json();
        let orders = of(&report, "orders");
        let metrics = &orders["partitions"][0]["metrics"];
        assert_eq!(metrics["TotalFileSize"], (before + 10 * odd.len() as u64) as f64, "{orders:#}");
        assert_eq!(metrics["ObjectCount"], (3 + odd.len()) as f64, "{orders:#}");
        assert!(orders["gaps"].as_array().unwrap().is_empty(), "{orders:#}");
    }
    run(&desk, &server.endpoint, &["init", "s3://lake", "-o", "-"]).ends(0);
}
