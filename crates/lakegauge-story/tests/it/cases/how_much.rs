//! Incidents about how much is there, and what became of it.

use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, StoryLake, Watch, at, days};

/// A day without records: only a marker, only a header, only empty archives.
/// <https://github.com/CommBank/maestro/issues/315>, <https://github.com/airbytehq/airbyte/issues/7587>,
/// <https://github.com/krux/hyperion/issues/446>
#[test]
fn a_day_of_nothing_but_wrapping_is_in_alarm() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(25));
    for day in days("2026-08-01", "2026-10-22") {
        let (empty, landed) = (day == Day::new("2026-10-21"), day.at(26, 0));
        lake.put(format!("marker/date={day}/_SUCCESS"), 0, day.at(26, 1));
        if !empty {
            lake.put(format!("marker/date={day}/part-0.parquet"), dice.between(95_000, 105_000), landed);
        }
        let size = if empty { 61 } else { dice.between(95_000, 105_000) };
        lake.put(format!("header/{}/{}_0.csv", day.form("%Y/%m/%d"), landed.as_second()), size, landed);
        for i in 0..4 {
            let size = if empty { 20 } else { dice.between(24_000, 26_000) };
            lake.put(format!("gz/dt={}/part-{i}.gz", day.form("%Y%m%d")), size, landed);
        }
    }
    let watch = Watch::init(&lake, at("2026-10-18T12:00Z"));
    let said = watch.check(at("2026-10-21T06:00Z"));
    assert_eq!(said.status(), Status::Ok, "{said}");
    let said = watch.check(at("2026-10-22T06:00Z"));
    let mut told: Vec<String> = said.firing().into_iter().map(|firing| firing.dataset).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told, ["gz", "header", "marker"], "{said}");
}
