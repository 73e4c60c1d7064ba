//! A config that is split and joined again means the same.

use proptest::prelude::*;

use crate::{Parts, Surroundings, load};

/// What a config means, or nothing if it is not valid.
fn meant(text: &str) -> Option<String> {
    let read = |_: &str| Ok("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n".to_owned());
    let now = "2026-11-22T05:00:00Z".parse().unwrap();
    load(text, Surroundings { read: &read, now }).config.map(|config| format!("{config:#?}"))
}

fn again(text: &str) -> Option<String> {
    let parts = Parts::of(text)?;
    let datasets = parts.datasets.iter().flat_map(|(_, text)| text.lines()).map(|line| format!("  {line}\n"));
    Some(format!("{}datasets:\n{}", parts.base, datasets.collect::<String>()))
}

const CONTRACT: &str = r#"
lake: s3://acme-lake/refined          # or a folder
timezone: Europe/London
calendar: [weekdays, "uk bank.ics"]
datasets:
  kpi_sales:
    path: kpi/sales/date={date}/      # the partition
    due: +1d 04:30
    alarms:
      TotalFileSize: { at_least: 195000 }
      RowCount: learned
    notify: [data-team]
    description: >
      folded "text"
      with # no comment
  "no-1": {path: "{date}/x", landed_when: "root:_SUCCESS"}
notify:
  data-team: { slack: "${env:SLACK_WEBHOOK}" }
"#;

#[test]
fn parts_are_small_and_whole() {
    let parts = Parts::of(CONTRACT).unwrap();
    let shown: String = parts.datasets.iter().map(|(name, text)| format!("-- {name}\n{text}")).collect();
    insta::assert_snapshot!(format!("{}{shown}", parts.base));
    assert_eq!(again(CONTRACT).and_then(|text| meant(&text)), meant(CONTRACT));
    assert!(meant(CONTRACT).is_some());
}

#[test]
fn every_good_config_survives() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz-corpus");
    let mut good = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
        let Some(before) = meant(&text) else { continue };
        assert_eq!(again(&text).and_then(|text| meant(&text)), Some(before), "{text}");
        good += 1;
    }
    assert!(good >= 5, "{good} configs of the corpus were good");
}

proptest! {
    #[test]
    fn any_text_survives(owner in "\\PC{1,20}|[-#:{}\\[\\]\"'\\\\ \u{85}\u{2028}\na~%@&*!|>]{1,8}") {
        let text = format!("lake: l\ndatasets:\n  t:\n    path: '{{date}}/'\n    owner: {}\n", serde_json::to_string(&owner).unwrap());
        if let Some(before) = meant(&text) {
            prop_assert_eq!(again(&text).and_then(|text| meant(&text)), Some(before));
        }
    }
}
