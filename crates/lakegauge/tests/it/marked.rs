//! `accept` and `reject`: people's verdicts on a partition are kept, shown, and can be taken back.

use jiff::civil::Date;

use crate::harness::{Desk, Run};
use crate::lakes::{CONFIG, Fate, LAST, NOW, days, entry, landing, one};

/// The day after the lakes' last one, checked on the following morning.
const NEXT: &str = "2061-03-02";
const LATER: &str = "2061-03-03T06:00:00Z";

/// A dataset whose last day is a tenth of the others, with the limit `limit`, after one check.
fn shrunken(limit: &str) -> Desk {
    let desk = Desk::new();
    days(&desk, "orders", Fate::Small);
    desk.config(&format!("{}{}", CONFIG.replace("{ at_least: 1MB }", limit), entry("orders")));
    desk.run(&["check", "--now", NOW]).ends(1);
    desk
}

/// Adds a next day as small as the last, and checks.
fn goes_on(desk: &Desk) -> Run {
    let day: Date = NEXT.parse().unwrap();
    crate::lakes::partition(desk, "orders", day, Fate::Small);
    desk.run(&["check", "--last", "2", "--now", LATER])
}

fn say(desk: &Desk, args: &[&str]) -> Run {
    let all = [&[args[0], "orders", "--partition", "2061-03-01", "--now", NOW], &args[1..]].concat();
    desk.run(&all)
}

#[test]
fn what_is_accepted_is_healthy_and_the_new_level() {
    let desk = shrunken("{ within: 50% }");
    let because = ["accept", "--by", "ann", "--reason", "the archive moved out"];
    insta::assert_snapshot!("accept", say(&desk, &because).ends(0));
    insta::assert_snapshot!("accepted_check", desk.run(&["check", "--now", NOW]).ends(0));
    insta::assert_snapshot!("accepted_next", goes_on(&desk).ends(0));
    let explained = desk.run(&["explain", "orders", "--partition", "2061-03-01", "--now", LATER]).ends(0);
    assert!(explained.stdout.contains("accepted as normal by ann"), "{explained}");
    let history = ["history", "orders", "--since", "2061-02-27", "--now", LATER];
    insta::assert_snapshot!("accepted_history", desk.run(&history).ends(0));
    let csv = desk.run(&[&history[..], &["--format", "csv"]].concat()).ends(0);
    assert_eq!(csv.stdout.lines().filter(|line| line.ends_with(",accepted")).count(), 1, "{csv}");
    let json = desk.run(&[&history[..], &["--format", "json"]].concat()).ends(0).json();
    let marks: Vec<_> = json["points"].as_array().unwrap().iter().filter_map(|p| p.get("mark")).collect();
    assert_eq!(marks.len(), 1);
    assert_eq!((&marks[0]["says"], &marks[0]["by"]), (&"accepted".into(), &"ann".into()));
}

#[test]
fn without_a_word_a_lasting_shift_stays_in_alarm() {
    goes_on(&shrunken("{ within: 50% }")).ends(1);
    // A learned limit reports it at once, too.
    let desk = shrunken("learned");
    goes_on(&desk).ends(1);
    let desk = shrunken("learned");
    say(&desk, &["accept"]).ends(0);
    goes_on(&desk).ends(0);
}

#[test]
fn a_limit_of_the_config_stands() {
    let desk = shrunken("{ at_least: 1MB }");
    insta::assert_snapshot!("accept_fixed", say(&desk, &["accept"]).ends(0));
    desk.run(&["check", "--now", NOW]).ends(0);
    goes_on(&desk).ends(1);
}

#[test]
fn what_was_said_can_be_taken_back() {
    let desk = shrunken("{ within: 50% }");
    say(&desk, &["accept", "--by", "ann"]).ends(0);
    desk.run(&["check", "--now", NOW]).ends(0);
    insta::assert_snapshot!("accept_undo", say(&desk, &["accept", "--undo"]).ends(0));
    desk.run(&["check", "--now", NOW]).ends(1);
    insta::assert_snapshot!("accept_undo_nothing", say(&desk, &["accept", "--undo"]).ends(0));
}

#[test]
fn what_is_rejected_stays_so_and_nothing_learns_from_it() {
    let desk = shrunken("learned");
    insta::assert_snapshot!(
        "reject",
        say(&desk, &["reject", "--reason", "half of the shops are lost"]).ends(0)
    );
    desk.run(&["check", "--now", NOW]).ends(1);
    let healthy = one(Fate::Healthy);
    healthy.run(&["check", "--now", NOW]).ends(0);
    insta::assert_snapshot!("reject_healthy", say(&healthy, &["reject"]).ends(0));
    insta::assert_snapshot!("rejected_check", healthy.run(&["check", "--now", NOW]).ends(1));
    insta::assert_snapshot!("accept_healthy", say(&healthy, &["accept"]).ends(0));
}

#[test]
fn another_write_is_judged_again() {
    let desk = shrunken("{ within: 50% }");
    say(&desk, &["accept"]).ends(0);
    desk.lay("orders/date=2061-03-01/part-1.parquet", 39_000, landing(LAST, jiff::Span::new().hours(6)));
    let run = desk.run(&["check", "--now", "2061-03-02T09:00:00Z"]).ends(1);
    assert!(run.stdout.contains("TotalFileSize"), "{run}");
}

#[test]
fn what_is_not_known_is_refused() {
    let desk = one(Fate::Healthy);
    let check = |name: &str, args: &[&str]| insta::assert_snapshot!(name, desk.run(args).ends(2));
    check("accept_too_early", &["accept", "orders", "--partition", "2061-03-01", "--now", NOW]);
    desk.run(&["check", "--now", NOW]).ends(0);
    check("accept_no_dataset", &["accept", "order", "--partition", "2061-03-01", "--now", NOW]);
    check("accept_no_partition", &["accept", "orders", "--partition", "2061-05-01", "--now", NOW]);
    check("accept_wrong_shape", &["accept", "orders", "--partition", "2061-03", "--now", NOW]);
    check("accept_past", &["accept", "orders", "--partition", "2061-03-01", "--now", "2024-01-01"]);
    check("accept_no_name", &["accept", "orders", "--now", NOW]);
}
