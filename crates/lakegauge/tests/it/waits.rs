//! `wait`: a sensor for pipelines.

use std::time::{Duration, Instant};

use crate::lakes::{CONFIG, Fate, LAST, NOW, entry, four, one, partition};

#[test]
fn a_partition_that_has_landed_is_judged_at_once() {
    let desk = four();
    let wait = |dataset: &str| desk.run(&["wait", dataset, "--partition", "2061-03-01", "--now", NOW]);
    insta::assert_snapshot!("wait_healthy", wait("orders").ends(0));
    insta::assert_snapshot!("wait_small", wait("stock").ends(1));
    // The day that contains the hour.
    let hourly = ["wait", "orders", "--partition", "2061-03-01T05", "--now", NOW];
    assert!(desk.run(&hourly).ends(0).stdout.contains("2061-03-01 "));
}

#[test]
fn patience_ends() {
    let desk = four();
    let started = Instant::now();
    let args =
        ["wait", "payments", "--partition", "2061-03-01", "--timeout", "1s", "--every", "1h", "--now", NOW];
    insta::assert_snapshot!("wait_timeout", desk.run(&args).ends(124));
    assert!(
        (Duration::from_secs(1)..Duration::from_secs(15)).contains(&started.elapsed()),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_lake_that_cannot_be_seen_is_no_landing() {
    let desk = crate::harness::Desk::new();
    desk.config(&format!("{CONFIG}{}", entry("orders")));
    let args =
        ["wait", "orders", "--partition", "2061-03-01", "--timeout", "2h", "--every", "1s", "--now", NOW];
    // It ends on its own, long before its time is up.
    let started = Instant::now();
    insta::assert_snapshot!("wait_unseen", desk.run(&args).ends(3));
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[test]
fn a_store_that_may_come_back_is_waited_for() {
    let desk = crate::harness::Desk::new();
    let config = CONFIG.replace("lake: lake", "lake: s3://acme-lake\nendpoint_url: http://127.0.0.1:9");
    desk.config(&format!("{config}{}", entry("orders")));
    let args =
        ["wait", "orders", "--partition", "2061-03-01", "--timeout", "1s", "--every", "1s", "--now", NOW];
    let mut command = desk.command(&args);
    command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "sesame-open");
    let run = desk.finish(command.env("AWS_REGION", "eu-west-1").output().unwrap()).ends(124);
    assert!(run.stderr.contains("unreachable"), "{run}");
}

#[test]
fn a_partition_that_lands_meanwhile_ends_the_wait() {
    let desk = one(Fate::Missing);
    let args =
        ["wait", "orders", "--partition", "2061-03-01", "--timeout", "60s", "--every", "1s", "--now", NOW];
    let child = desk.command(&args).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    partition(&desk, "orders", LAST, Fate::Healthy);
    let run = desk.finish(child.wait_with_output().unwrap()).ends(0);
    assert!(run.stdout.contains("orders"), "{run}");
}
