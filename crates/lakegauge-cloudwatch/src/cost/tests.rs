use lakegauge_core::partition::Cadence;

use super::*;

fn load(cadence: Cadence) -> Load {
    Load {
        cadence,
        completion: Completion::Marker,
        is_due: true,
        ages: false,
        list_requests: 5,
        settled_requests: 4,
        split_requests: 0,
        objects: 10.0,
        metrics: 6,
        alarms: 6,
    }
}

#[test]
fn requests_are_looks_times_lists() {
    let check = |cadence, way, expect: f64| {
        assert_eq!(of_dataset(&load(cadence), way).list_requests, expect, "{cadence:?} {way:?}");
    };
    check(Cadence::Daily, Way::OneShot { checks_per_day: 1.0 }, 150.0);
    check(Cadence::Monthly, Way::OneShot { checks_per_day: 1.0 }, 150.0);
    check(Cadence::Daily, Way::Resident, 420.0);
    check(Cadence::Hourly, Way::Serverless, 10_080.0);
    check(Cadence::Monthly, Way::Serverless, 14.0);
}

#[test]
fn dollars_are_those_of_the_list() {
    let dollars = |usage: Usage| format!("{:.3}", usage.dollars(&PRICES));
    assert_eq!(dollars(of_dataset(&load(Cadence::Daily), Way::OneShot { checks_per_day: 1.0 })), "0.001");
    // Six metrics that are sent in two hours out of 24 cost 0.15, six alarms 0.60; the rest is less than a cent.
    assert_eq!(dollars(of_dataset(&load(Cadence::Daily), Way::Serverless)), "0.756");
    // If they are sent in every hour, they cost 1.80, as for a value that changes by the minute.
    let hourly = Load { objects: 0.0, list_requests: 0, settled_requests: 0, ..load(Cadence::Hourly) };
    assert_eq!(dollars(of_dataset(&hourly, Way::Serverless)), "2.432");
    let ages = Load { ages: true, ..load(Cadence::Daily) };
    assert_eq!(dollars(of_dataset(&ages, Way::Serverless)), "2.480");
    // Nine alarms, a metric and a dashboard cost 4.20.
    assert_eq!(dollars(shared(Way::Serverless, 1.0, false)), "4.353");
    assert_eq!(shared(Way::Resident, 1.0, true), Usage::default());
    let twice = of_dataset(&load(Cadence::Daily), Way::Serverless);
    assert_eq!((twice + twice).dollars(&PRICES), 2.0 * twice.dollars(&PRICES));
}
