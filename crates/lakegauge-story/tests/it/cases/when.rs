//! Incidents about when something is there, and whether it is all.

use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, StoryLake, Watch, at, days, init};

/// A weekly folder is named by the calendar's year beside the ISO week: the week of 30 December 2024 lies in 2024-W01.
/// <https://github.com/PostHog/posthog/pull/40168>
#[test]
fn a_week_under_the_wrong_year_is_missing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(6));
    for monday in days("2024-01-01", "2025-01-27").step_by(7) {
        let (year, week) = (monday.0.year(), monday.0.iso_week_date().week());
        let key = format!("weekly/{year}-W{week:02}/part-0.parquet");
        lake.put(key, dice.between(90_000, 110_000), monday.at(7 * 24 + 3, 0));
    }
    let watch = Watch::init(&lake, at("2024-12-25T06:00Z"));
    let said = watch.check(at("2025-01-07T06:00Z"));
    assert!(said.fires("2025-W01", "Missing"), "{said}");
    let said = watch.check(at("2025-01-14T06:00Z"));
    assert!(!said.fires_on("2025-W02"), "{said}");
}

/// A source is loaded on Tuesdays and Fridays. One Friday does not come, and a Tuesday is a day off.
/// <https://github.com/dbt-labs/dbt-core/issues/4450>, <https://github.com/dbt-labs/dbt-core/issues/10963>
#[test]
fn a_feed_of_two_weekdays_is_owed_on_those_and_not_on_a_day_off() {
    const DAY_OFF: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n\
                           DTSTART;VALUE=DATE:20261027\r\nSUMMARY:Day off\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let (lake, mut dice) = (StoryLake::new(), Dice::new(28));
    let missed = ["2026-10-23", "2026-10-27"].map(Day::new);
    for day in days("2026-06-01", "2026-11-05").filter(|day| !missed.contains(day)) {
        if matches!(day.weekday().to_monday_one_offset(), 2 | 5) {
            let at = day.at(16, dice.between(0, 30) as i64);
            lake.put(format!("src/load_date={day}/f.csv"), dice.between(95_000, 105_000), at);
        }
    }
    let learned = init(&lake, at("2026-10-17T12:00Z"));
    let off = learned.replacen("\ndatasets:", "\ncalendar: [off.ics]\ndatasets:", 1);
    let [without, with] =
        [&learned, &off].map(|yaml| Watch::of(&lake, yaml, &[("off.ics", DAY_OFF)], at("2026-10-17T12:00Z")));
    for day in days("2026-10-19", "2026-10-28") {
        let evening = day.at(20, 0);
        let (without, with) = (without.check(evening), with.check(evening));
        for said in [&without, &with] {
            let expect = day >= missed[0];
            assert!(said.fires("2026-10-23", "Missing") || !expect || day > missed[0], "{said}");
            assert!(expect || said.status() == Status::Ok, "{said}");
        }
        if day == missed[1] {
            assert!(without.fires("2026-10-27", "Missing"), "{without}");
            assert!(!with.fires_on("2026-10-27"), "{with}");
        }
    }
}
