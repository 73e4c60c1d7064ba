//! `history`: a metric's past.

use crate::lakes::{NOW, four};

#[test]
fn the_past_is_shown_in_every_form() {
    let desk = four();
    let check = |name: &str, args: &[&str]| {
        let mut args = args.to_vec();
        args.extend(["--now", NOW]);
        insta::assert_snapshot!(format!("history_{name}"), desk.run(&args).ends(0));
    };
    // Nothing was checked before: the past is read from the lake itself.
    check("text", &["history", "stock"]);
    check("json", &["history", "stock", "--since", "3d", "--format", "json"]);
    check("csv", &["history", "stock", "--since", "2061-02-22", "--format", "csv"]);
    check("missing", &["history", "payments", "--metric", "Missing", "--since", "5d", "--format", "csv"]);
    check("delay", &["history", "orders", "--metric", "LandingDelay", "--since", "5d", "--format", "csv"]);
    check("nothing", &["history", "orders", "--since", "2061-03-02", "--format", "text"]);
}
