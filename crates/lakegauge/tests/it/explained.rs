//! `explain`: what is checked, and the requests of a check.

use crate::lakes::{NOW, four};

#[test]
fn a_dataset_is_explained() {
    let desk = four();
    insta::assert_snapshot!("explain_small", desk.run(&["explain", "stock", "--now", NOW]).ends(0));
    insta::assert_snapshot!("explain_missing", desk.run(&["explain", "payments", "--now", NOW]).ends(0));
    let earlier = ["explain", "orders", "--partition", "2061-02-20", "--now", NOW];
    insta::assert_snapshot!("explain_earlier", desk.run(&earlier).ends(0));
}

#[test]
fn requests_are_as_promised() {
    let desk = four();
    for dataset in ["orders", "payments", "sessions", "stock"] {
        let explained = desk.run(&["explain", dataset, "--json", "--now", NOW]).ends(0).json();
        let promised = explained["next_check"]["list_requests"].as_u64().unwrap();
        let checked = desk.run(&["check", dataset, "--format", "json", "--now", NOW]).json();
        let sent = checked["datasets"][0]["list_requests"].as_u64().unwrap();
        assert!(sent > 0, "{dataset}: a check looks");
        assert!(promised.abs_diff(sent) <= 1, "{dataset}: {promised} promised, {sent} sent");
        assert!(sent <= 8, "{dataset}: {sent} requests for one partition");
    }
}
