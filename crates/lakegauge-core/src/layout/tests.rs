use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::partition::{Cadence, Partition};

/// Templates of every kind, and what 2026-11-02T05 is in them (the first of the looks).
const LAYOUTS: &[(&str, &str)] = &[
    ("kpi/sales/date={date}/", "kpi/sales/date=2026-11-02/"),
    ("dt={date}", "dt=2026-11-02/"),
    ("Date={date}/", "Date=2026-11-02/"),
    ("DT={date:%Y%m%d}/", "DT=20261102/"),
    ("a/{date:%Y/%m/%d}/", "a/2026/11/02/"),
    ("a/{year}/{month}/{day}/{hour}/", "a/2026/11/02/05/"),
    ("year={year}/month={month:%-m}/day={day:%-d}/", "year=2026/month=11/day=2/"),
    ("year={year}/month={month}/day={day}/hour={hour}/", "year=2026/month=11/day=02/hour=05/"),
    ("h={date:%Y%m%d%H}/", "h=2026110205/"),
    ("year={year}/month={month}/date={date}/", "year=2026/month=11/date=2026-11-02/"),
    ("w/{date:%G-W%V}/", "w/2026-W45/"),
    ("year={year}/week={week}/", "year=2026/week=45/"),
    ("m={date:%Y-%m}/", "m=2026-11/"),
    ("m/{year}/{month}/", "m/2026/11/"),
    ("{*}/date={date}/", "R/date=2026-11-02/"),
    ("x/src_{*}_v1/{date}/{*}/part/", "x/src_R_v1/2026-11-02/R/part/"),
    ("date={date}/{*}/", "date=2026-11-02/"),
    ("region={region}/date={date}/", "region=R/date=2026-11-02/"),
    ("date={date}/region={region}/kind={kind}/", "date=2026-11-02/region=R/kind=R/"),
    ("ts={date}%20{hour}%3A00%3A00/", "ts=2026-11-02%2005%3A00%3A00/"),
    ("ts={date:%Y-%m-%d %H:00}/", "ts=2026-11-02 05:00/"),
    ("flat/sales_{date}.csv", "flat/sales_2026-11-02.csv"),
    ("flat/{region}_{date:%Y%m%d}{*}.json.gz", "flat/R_20261102R.json.gz"),
    ("flat/{date:%Y}/sales_{date:%-m-%-d}.{*}", "flat/2026/sales_11-2.R"),
    ("{date}/all.parquet", "2026-11-02/all.parquet"),
    ("ünï/gr%C3%B6%C3%9Fe/{date}/", "ünï/gr%C3%B6%C3%9Fe/2026-11-02/"),
];

/// Walks a plan over the keys of a lake, as a lister would.
fn walk<'a>(keys: &'a BTreeSet<String>, path: &Path) -> Vec<&'a str> {
    let mut prefixes = vec![String::new()];
    for step in &path.steps {
        let mut next = BTreeSet::new();
        for prefix in prefixes {
            match step {
                Step::Literal(text) => {
                    next.insert(prefix + text);
                }
                Step::Any { before, after } => {
                    for folder in keys.iter().filter_map(|key| {
                        key.strip_prefix(&prefix)?.split_once('/').map(|(folder, _)| folder)
                    }) {
                        let long = folder.len() >= before.len() + after.len();
                        if long && folder.starts_with(before.as_str()) && folder.ends_with(after.as_str()) {
                            next.insert(format!("{prefix}{folder}/"));
                        }
                    }
                }
            }
        }
        prefixes = next.into_iter().collect();
    }
    let below = |prefix: &str, key: &str| {
        key.strip_prefix(prefix).is_some_and(|rest| !path.flat || !rest.contains('/'))
    };
    keys.iter().map(String::as_str).filter(|key| prefixes.iter().any(|prefix| below(prefix, key))).collect()
}

/// A key of the partition, with `value` in every open place.
fn key_of(layout: &Layout, partition: Partition, value: &str, other: bool) -> String {
    let splits = vec![value.to_owned(); layout.splits().len()];
    let path =
        looking::path(&layout.template, partition, &splits, looking::Way { flip: other, gather: false });
    let mut key = String::new();
    for step in &path.steps {
        match step {
            Step::Literal(text) => key += text,
            Step::Any { before, after } => write!(key, "{before}{value}{after}/").unwrap(),
        }
    }
    if layout.is_flat() {
        // A plan's file prefix ends at the first open place; the rest of the name is written here.
        let tail = layout.to_string();
        let tail = tail.rfind("{*}").map_or("", |at| &tail[at..]);
        key += &tail.replace("{*}", value);
        return key;
    }
    key + "part-0.parquet"
}

fn any_partition() -> impl Strategy<Value = Partition> {
    (1900i16..2200, 1i8..=12, 1i8..=28, 0i8..24).prop_map(|(y, m, d, h)| {
        Partition::containing(Date::constant(y, m, d).at(h, 0, 0, 0), Cadence::Hourly)
    })
}

fn any_layout() -> impl Strategy<Value = Layout> {
    (0..LAYOUTS.len()).prop_map(|i| Layout::parse(LAYOUTS[i].0).unwrap())
}

#[test]
fn layouts_write_and_read_a_partition() {
    let at = Date::constant(2026, 11, 2).at(5, 0, 0, 0);
    for (template, expect) in LAYOUTS {
        let layout = Layout::parse(template).unwrap();
        let partition = Partition::containing(at, layout.cadence());
        let key = key_of(&layout, partition, "R", false);
        assert_eq!(key.strip_suffix("part-0.parquet").unwrap_or(&key), *expect, "{template}");
        let located = layout.locate(&key).unwrap_or_else(|| panic!("{template} does not read {key}"));
        assert_eq!(located.partition, partition, "{template}");
        assert!(located.splits.iter().all(|value| value == "R"), "{template}: {located:?}");
        assert_eq!(Layout::parse(&layout.to_string()).as_ref(), Ok(&layout));
    }
}

proptest! {
    #[test]
    fn keys_lead_to_partitions_and_plans_back_to_keys(
        layout in any_layout(), at in any_partition(), value in "[a-z]{1,4}(%20|%2F)?", other: bool,
    ) {
        let partition = Partition::containing(at.start(), layout.cadence());
        let keys: BTreeSet<String> = [-40, -1, 0, 1, 13]
            .map(|by| key_of(&layout, partition.offset(by), &value, other))
            .into_iter()
            .collect();
        let splits = vec![value.clone(); layout.splits().len()];
        let key = key_of(&layout, partition, &value, other);
        let located = layout.locate(&key);
        prop_assert_eq!(located.map(|l| (l.partition, l.splits)), Some((partition, splits.clone())), "{}", key);
        for splits in [splits.as_slice(), &[]] {
            let mut found = Vec::new();
            for path in layout.looks(partition, splits) {
                if found.is_empty() {
                    found = walk(&keys, &path);
                    found.retain(|key| layout.locate(key).is_some_and(|l| l.partition == partition));
                }
            }
            prop_assert_eq!(found, vec![key.as_str()], "{} {:?}", layout, splits);
        }
    }

    #[test]
    fn ordered_layouts_sort_by_time_and_floors_skip_only_the_past(
        layout in any_layout(), at in any_partition(), by in 1i64..4000, other: bool,
    ) {
        let later = Partition::containing(at.start(), layout.cadence());
        let earlier = later.offset(-by);
        let (old, new) = (key_of(&layout, earlier, "r", false), key_of(&layout, later, "r", false));
        prop_assert_eq!(layout.floor(later).is_some(), layout.order());
        if let Some(floor) = layout.floor(later) {
            prop_assert!(old <= floor && floor < new, "{} {} {}", old, floor, new);
            // A partition whose numbers are written without padding is never skipped either.
            prop_assert!(floor < key_of(&layout, later, "r", other));
            prop_assert!(layout.floor(earlier).unwrap() < key_of(&layout, later, "r", other));
        }
    }

    #[test]
    fn nothing_panics(template in "[a-z/.={}:%*Y0-9-]{0,24}|\\PC{0,16}", key in "\\PC{0,24}", at in any_partition()) {
        if let Err(error) = Layout::parse(&template) {
            prop_assert!(template.get(error.at.clone()).is_some(), "{:?} of {:?}", error, template);
        }
        if let Ok(layout) = Layout::parse(&template) {
            let _ = (layout.locate(&key), layout.looks(at, &[]), layout.floor(at), layout.static_prefix());
            let _ = Marker::parse(&key, &layout);
        }
        for (template, _) in LAYOUTS {
            let _ = Layout::parse(template).unwrap().locate(&key);
        }
    }
}

#[test]
fn a_floor_at_midnight_keeps_an_hour_without_padding() {
    let layout = Layout::parse("a/{year}/{month}/{day}/{hour}/").unwrap();
    let floor = layout.floor(Partition::parse("2026-11-02T00").unwrap()).unwrap();
    assert!(*"a/2026/11/01/23/part" < *floor && *floor < *"a/2026/11/02/0/part", "{floor}");
}

#[test]
fn keys_are_read_as_stores_write_them() {
    let check = |template: &str, key: &str, expect: Option<(&str, &str)>| {
        let layout = Layout::parse(template).unwrap();
        let located = layout.locate(key).map(|l| (l.partition.to_string(), l.name));
        assert_eq!(located, expect.map(|(p, n)| (p.to_owned(), n)), "{template} {key}");
    };
    check("day={date}/", "day=2026-9-2/x", Some(("2026-09-02", "x")));
    check("{year}/{month}/{day}/", "2026/9/02/a/b", Some(("2026-09-02", "a/b")));
    check("{date:%Y%m%d}/", "2026112/x", None);
    check("{date:%Y%m%d}/", "202611022/x", None);
    check("{date}/", "2026-02-29/x", None);
    check("{date}/", "2026-11-22", None);
    check("{date}/", "2026-11-22/", Some(("2026-11-22", "")));
    check("{date}/", "2026-11-22//x", Some(("2026-11-22", "/x")));
    check("{hour}/{date}/", "24/2026-11-22/x", None);
    check("Date={date}/", "date=2026-11-22/x", None);
    check("date={date}/", "date=__HIVE_DEFAULT_PARTITION__/x", None);
    check("ts={date} {hour}:00/", "ts=2026-11-22%2005%3a00/x", Some(("2026-11-22T05", "x")));
    check("ts={date}%20{hour}:00/", "ts=2026%2D11-22 05:00/x", Some(("2026-11-22T05", "x")));
    check("{year}/{date}/", "2025/2026-11-22/x", None);
    check("{*}/{date}/", "/2026-11-22/x", Some(("2026-11-22", "x")));
    check("{date:%G-W%V}/", "2026-W53/x", Some(("2026-W53", "x")));
    check("{date:%G-W%V}/", "2025-W53/x", None);
    check("{date}/{*}/", "2026-11-22/_SUCCESS", Some(("2026-11-22", "_SUCCESS")));
    check("s_{date}.csv", "s_2026-11-22.csv", Some(("2026-11-22", "s_2026-11-22.csv")));
    check("s_{date}.csv", "s_2026-11-22.csv/x", None);
    check("s_{date}.csv", "s_2026-11-22.csv.gz", None);
    check("{*}{date}{*}.csv", "a1_2026-11-22b.csv", Some(("2026-11-22", "a1_2026-11-22b.csv")));
    check("100%/{date}/", "100%/2026-11-22/%zz", Some(("2026-11-22", "%zz")));
}

#[test]
fn plans_are_as_short_as_the_layout_allows() {
    let mut text = String::new();
    let at = Partition::parse("2026-09-02T05").unwrap();
    for (template, _) in LAYOUTS {
        let layout = Layout::parse(template).unwrap();
        writeln!(text, "{layout}  {}  below {:?}", layout.cadence().name(), layout.static_prefix()).unwrap();
        if let Some(floor) = layout.floor(Partition::containing(at.start(), layout.cadence())) {
            writeln!(text, "  floor {floor}").unwrap();
        }
        for path in layout.looks(at, &[]) {
            write!(text, "  {}", if path.flat { "flat" } else { "all " }).unwrap();
            for step in &path.steps {
                match step {
                    Step::Literal(literal) => write!(text, " {literal:?}").unwrap(),
                    Step::Any { before, after } => write!(text, " each {before:?}…{after:?}").unwrap(),
                }
            }
            text.push('\n');
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn folders_lead_to_partitions_or_do_not() {
    let check = |template: &str, folder: &str, expect: Option<&str>| {
        let layout = Layout::parse(template).unwrap();
        let time = layout.leads(folder).map(|lead| {
            let numbers = lead.time.iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
            numbers.join("-")
        });
        assert_eq!(time.as_deref(), expect, "{template} {folder}");
    };
    let split = "ev/region={region}/date={date}/";
    check(split, "ev/", Some(""));
    check(split, "ev/region=eu/", Some(""));
    check(split, "ev/tmp/", None);
    check(split, "ev/region=/", None);
    check(split, "ev/region=eu/date=2026-11-09/", Some("2026-11-9"));
    check(split, "ev/region=eu/_delta_log/", None);
    check(split, "ev/region=eu/date=2026-11-09/part/x/", Some("2026-11-9"));
    check("t/{year}/{month:%-m}/{day}/{*}/", "t/2026/10/", Some("2026-10"));
    check("t/{region}/{date}.csv", "t/eu/", Some(""));
    check("t/{region}/{date}.csv", "t/eu/2026-11-09.csv/", None);
}

#[test]
fn levels_are_counted_and_ordered() {
    // A digit for the keys of each open level, `t` for one that tells of time.
    let check = |template: &str, expect: &str, coarse_first: bool| {
        let layout = Layout::parse(template).unwrap();
        let shown = |level: LevelBelow| if level.is_dated { "t".to_owned() } else { level.keys.to_string() };
        let levels: String = layout.levels_below().into_iter().map(shown).collect();
        assert_eq!((levels.as_str(), layout.is_coarse_first()), (expect, coarse_first), "{template}");
    };
    check("ev/region={region}/date={date}/", "1t", true);
    check("{date}/{region}_{shop}/", "t2", true);
    check("a/b/{year}/x/{month}/{day}/{*}/", "t0tt", true);
    check("t/{region}_{date}.csv", "t", true);
    check("t/{day}/{month}/{year}/", "ttt", false);
    check("t/{date:%d-%m-%Y}/{hour}/", "tt", true);
}

#[test]
fn markers_are_found_in_the_partition_or_at_the_root() {
    let layout = Layout::parse("kpi/sales/region={region}/date={date}/").unwrap();
    let check = |text: &str, expect: Result<Option<&str>, &str>| {
        let marker = Marker::parse(text, &layout);
        let partition = Partition::parse("2026-11-02").unwrap();
        let seen = match &marker {
            Ok(Marker::Inside(_)) => Ok(None),
            Ok(Marker::Root(root)) => {
                let key = root.key(partition, &["uk".to_owned()]).unwrap();
                let (named, splits) = root.locate(&key).unwrap();
                assert_eq!(named, root.is_dated().then_some(partition), "{text}");
                assert!(splits.is_empty() || splits == ["uk"], "{text}");
                Ok(Some(key))
            }
            Err(error) => Err(error.message.as_str()),
        };
        assert_eq!(seen.as_ref().map(|key| key.as_deref()).map_err(|e| *e), expect, "{text}");
        if let Ok(marker) = marker {
            assert_eq!(marker.to_string(), text);
        }
    };
    check("_SUCCESS", Ok(None));
    check("meta/_SUCCESS", Ok(None));
    check("root:_SUCCESS", Ok(Some("kpi/sales/_SUCCESS")));
    check("root:done/{date}._SUCCESS", Ok(Some("kpi/sales/done/2026-11-02._SUCCESS")));
    check("root:{region}-{date:%Y%m%d}", Ok(Some("kpi/sales/uk-20261102")));
    check("", Err("`` is not the name of a marker"));
    check("../x", Err("`../x` is not the name of a marker"));
    check("root:", Err("the path is empty"));
    check("root:done/", Err("the marker is not one object"));
    check("root:{*}", Err("the marker is not one object"));
    check("root:{date:%Y%m}", Err("the marker's date has another length than the partition's"));
    check("root:{team}/{date}", Err("the marker has other keys than the path"));
}

#[test]
fn mistakes_are_pointed_at() {
    let mistakes = [
        "",
        "kpi/sales/",
        "kpi/dt={dt}/",
        "kpi/{date",
        "kpi/{date/x/{hour}",
        "kpi/date}/",
        "kpi/{}/",
        "kpi/{Date}/",
        "kpi/{re gion}/{date}/",
        "kpi/{region:%Y}/{date}/",
        "kpi/{date:%Y-%j}/",
        "kpi/{date:%Y-%m-%d%20%H}/",
        "kpi/{date:%Y-%m-%}/",
        "kpi/{date:}/",
        "kpi/{month:%d}/",
        "kpi/{date:%-Y}/",
        "kpi/{year}/{day}/",
        "kpi/{day}/",
        "kpi/{month}/",
        "kpi/{date:%Y-%m}/{hour}/",
        "kpi/{week}/",
        "kpi/{year}/{week}/{day}/",
        "kpi/{date:%Y-W%V}/",
        "kpi/{date:%G-%m}/",
        "kpi/{year}/",
        "region={region}/{region}/{date}/",
        "kpi/{*}{region}/{date}/",
        "kpi/{*}-{*}-{*}/{date}/",
        "kpi/{date:%Y%-m%-d}/",
        "/kpi/{date}/",
        "s3://lake/kpi/{date}/",
        "kpi/../{date}/",
        "./{date}/",
    ];
    let mut text = String::new();
    for mistake in mistakes {
        let error = Layout::parse(mistake).unwrap_err();
        let (indent, width) = (error.at.start, error.at.len().max(1));
        writeln!(text, "{mistake}\n{:indent$}{}", "", "^".repeat(width)).unwrap();
        writeln!(text, "{error}\n= {}\n", error.hint).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_default_is_a_folder_for_each_day() {
    assert_eq!(Layout::default(), Layout::parse("{date}/").unwrap());
}
