mod keys;

use lakegauge_config::{self as config, Config, Surroundings};
use lakegauge_core::dataset::default_rules;

use super::*;

fn load(text: &str) -> Config {
    let read = |_: &str| Err(String::new());
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    let loaded = config::load(text, Surroundings { read: &read, now });
    loaded.config.unwrap_or_else(|| panic!("{:?}", loaded.problems))
}

#[test]
fn nothing_changes_nothing() {
    let config = load("lake: l\ndatasets:\n  a: { path: 'a/{date}/' }\n");
    let plan = compare(&config, &config);
    assert!(plan.is_empty() && plan.unchanged == 1 && plan.dollars() == 0.0, "{plan:?}");
}

#[test]
fn what_comes_goes_and_changes_is_told_apart() {
    let old = load(
        "lake: l\ndatasets:\n  a: { path: 'a/{date}/', due: +1d 04:30 }\n  b: { path: 'b/{date}/' }\n  c: { path: 'c/{date}/' }\n",
    );
    let new = load(
        "lake: l\nnamespace: N\ndatasets:\n  a: { path: 'a/{date}/', due: +1d 05:00, alarms: { ObjectCount: off, TotalFileSize: { at_least: 5kB } } }\n  bee: { path: 'b/{date}/' }\n  c: { path: 'c/{date}/' }\n  d: { path: 'd/{date}/' }\n",
    );
    let plan = compare(&old, &new);
    assert_eq!(plan.added, [("bee".to_owned(), Some("b".to_owned())), ("d".to_owned(), None)]);
    assert_eq!((plan.removed.as_slice(), plan.unchanged), (["b".to_owned()].as_slice(), 1));
    assert_eq!(plan.top.iter().map(|d| d.what.as_str()).collect::<Vec<_>>(), ["namespace"]);
    let [changed] = plan.changed.as_slice() else { panic!("{:?}", plan.changed) };
    let whats: Vec<&str> = changed.differences.iter().map(|d| d.what.as_str()).collect();
    assert_eq!(whats, ["due", "alarms.TotalFileSize", "alarms.ObjectCount"]);
    assert_eq!(changed.aws, ["1 alarm added", "2 alarms removed", "schedule utc-0430 → utc-0500"]);
    // One alarm per default rule and dataset; `a` has one less, and `d` is new.
    let each = default_rules().len();
    assert_eq!(plan.alarms, (3 * each, 4 * each - 1));
    assert!((plan.dollars() - (each - 1) as f64 * 0.4).abs() < 1e-9);
}
