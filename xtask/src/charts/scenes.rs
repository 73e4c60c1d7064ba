//! The weeks of the public histories that the documentation shows.

use jiff::civil::Date;
use lakegauge_core::baseline::Level;
use lakegauge_core::metric::Metric;

use super::landing::Landing;
use super::replayed::Plant;
use super::sheet::Side;
use super::volume::{Name, Volume};

const fn name(day: Date, level: Level, side: Side, text: &'static str) -> Name {
    Name { day, level, side, text }
}

/// A weekly rhythm, two holidays and a storm.
pub(super) const RHYTHM: Volume = Volume {
    history: "nyc_taxi",
    metric: Metric::RowCount,
    from: Date::constant(2014, 11, 1),
    until: Date::constant(2015, 1, 31),
    title: "A weekly rhythm, holidays and a snow storm",
    values: "rows per day, New York taxi trips, November 2014 to January 2015",
    plant: None,
    names: &[
        name(Date::constant(2014, 11, 27), Level::Notice, Side::Below, "Thanksgiving"),
        name(Date::constant(2014, 12, 25), Level::Alarm, Side::Below, "Christmas"),
        name(Date::constant(2015, 1, 27), Level::Alarm, Side::Left, "snow storm"),
    ],
};

/// A lasting change.
pub(super) const SHIFT: Volume = Volume {
    history: "italy_regioni",
    metric: Metric::TotalFileSize,
    from: Date::constant(2021, 5, 1),
    until: Date::constant(2021, 7, 15),
    title: "A new level: in alarm until it has held for two weeks",
    values: "bytes per day, Italian regions, 2021; 35 % fewer from 1 June on",
    plant: Some(Plant { from: Date::constant(2021, 6, 1), factor: 0.65 }),
    names: &[
        name(Date::constant(2021, 6, 1), Level::Alarm, Side::Left, "35 % fewer, and it stays"),
        name(Date::constant(2021, 6, 15), Level::Notice, Side::Below, "accepted after two weeks"),
    ],
};

/// Single bad days.
pub(super) const WRONG: Volume = Volume {
    history: "github_trending",
    metric: Metric::TotalFileSize,
    from: Date::constant(2018, 3, 10),
    until: Date::constant(2018, 6, 10),
    title: "A file without rows, and half of one",
    values: "bytes per day, GitHub trending, March to June 2018",
    plant: None,
    names: &[
        name(Date::constant(2018, 3, 26), Level::Alarm, Side::Left, "14 bytes"),
        name(Date::constant(2018, 5, 23), Level::Alarm, Side::Left, "half"),
    ],
};

/// A schedule that moved.
pub(super) const MOVED: Landing = Landing {
    history: "github_trending",
    from: Date::constant(2020, 2, 1),
    until: Date::constant(2020, 4, 5),
    title: "An outage, and a schedule that moved",
    values: "time of landing (UTC), GitHub trending, February to April 2020",
    names: &[
        (Date::constant(2020, 2, 24), Side::Above, "nothing came"),
        (Date::constant(2020, 3, 1), Side::Left, "six hours later than usual"),
        (Date::constant(2020, 3, 20), Side::Below, "the new usual"),
    ],
};
