use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lakegauge_cloudwatch::publish::{Naming, Place};
use lakegauge_config::{self as config, Config, Parts, Surroundings};

use super::*;

/// The folder of examples in the documentation.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples")
}

fn example(name: &str) -> String {
    std::fs::read_to_string(examples().join(name)).unwrap()
}

fn load(text: &str) -> (Config, Parts) {
    let read = |file: &str| std::fs::read_to_string(examples().join(file)).map_err(|e| e.to_string());
    let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
    let loaded = config::load(text, Surroundings { read: &read, now });
    (loaded.config.unwrap_or_else(|| panic!("{:?}", loaded.problems)), Parts::of(text).unwrap())
}

fn settings() -> Settings {
    Settings {
        bucket: "acme-lake".to_owned(),
        prefix: "refined/".to_owned(),
        region: "eu-west-2".to_owned(),
        naming: Naming::Lakegauge,
        events: Events::Eventbridge,
        files: BTreeMap::from([("uk-bank-holidays.ics".to_owned(), "BEGIN:VCALENDAR".to_owned())]),
    }
}

fn rendered(text: &str, settings: &Settings) -> BTreeMap<String, String> {
    let (config, parts) = load(text);
    files(&config, &parts, settings)
}

#[test]
fn a_config_becomes_data() {
    let files = rendered(&example("first-design.yaml"), &settings());
    let shown = |names: &[&str]| {
        let each = names.iter().map(|name| format!("==== {name}\n{}\n", files[*name]));
        each.collect::<String>()
    };
    insta::assert_snapshot!(
        "first_design",
        shown(&["main.tf", "datasets.tf", "config/base.yaml", "config/datasets/kpi_sales.yaml"])
    );
    insta::assert_snapshot!("first_design_files", files.keys().cloned().collect::<Vec<_>>().join("\n"));
    let varied = rendered(&example("varied.yaml"), &settings());
    insta::assert_snapshot!("varied_datasets", varied["datasets.tf"]);
    let receivers = rendered(&example("receivers.yaml"), &settings());
    insta::assert_snapshot!("receivers_main", receivers["main.tf"]);
    assert!(
        receivers["datasets.tf"].contains(r#"notify = ["shop", "on-call"]"#),
        "{}",
        receivers["datasets.tf"]
    );
    assert!(receivers["remedies.tf"].contains("CloudWatch Alarm State Change"));
}

#[test]
fn the_original_naming_keeps_alarms_of_the_first_design() {
    let place = Place { bucket: "acme-lake".to_owned(), prefix: "refined/".to_owned() };
    let original = Settings { naming: Naming::Original(place), ..settings() };
    let files = rendered(&example("first-design.yaml"), &original);
    assert!(files["main.tf"].contains(r#"namespace     = "ATUK/Lambda""#), "{}", files["main.tf"]);
    let dimensions =
        r#"{ BucketName = "acme-lake", Key = "refined/kpi/sales/", FunctionName = "file_size_check" }"#;
    assert!(files["datasets.tf"].contains(dimensions), "{}", files["datasets.tf"]);
}

#[test]
fn nothing_secret_and_no_place_of_this_machine_is_written() {
    for name in ["simple.yaml", "first-design.yaml", "varied.yaml", "receivers.yaml"] {
        for (file, text) in rendered(&example(name), &settings()) {
            assert!(!text.contains(env!("CARGO_MANIFEST_DIR")) && !text.contains("/home/"), "{file}");
            assert!(!file.starts_with('/') && !file.contains(".."), "{file}");
        }
    }
    // A reference stays a reference.
    let base = &rendered(&example("first-design.yaml"), &settings())["config/base.yaml"];
    assert!(base.contains("${env:SLACK_WEBHOOK}"), "{base}");
}

#[test]
fn a_change_of_one_dataset_leaves_the_others_alone() {
    let before = example("varied.yaml");
    let after = before.replace("at_least: 4,", "at_least: 6,");
    assert_ne!(before, after);
    let (old, new) = (rendered(&before, &settings()), rendered(&after, &settings()));
    let changed: Vec<&String> = new.keys().filter(|name| old.get(*name) != new.get(*name)).collect();
    assert_eq!(changed, ["config/datasets/web-events-669e4e7f.yaml", "datasets.tf"]);
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(&old["datasets.tf"]), lines(&new["datasets.tf"]));
    assert_eq!(old.len(), new.len());
    let differ: Vec<&str> = old.iter().zip(&new).filter(|(a, b)| a != b).map(|(_, b)| b.trim()).collect();
    assert_eq!(differ.len(), 2, "{differ:?}");
    assert!(differ[1].starts_with("threshold") && differ[1].ends_with("= 6"), "{differ:?}");
}

#[test]
fn what_people_wrote_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (first, second) =
        (rendered(&example("varied.yaml"), &settings()), rendered(&example("simple.yaml"), &settings()));
    let placed = place(folder.path(), &first, false).unwrap();
    assert_eq!((placed.new.len(), placed.same), (first.len(), 0));
    assert_eq!(place(folder.path(), &first, false).unwrap().same, first.len());

    // Users' own files stay; files of removed datasets do not.
    std::fs::write(at("mine.tf"), "# mine\n").unwrap();
    let placed = place(folder.path(), &second, false).unwrap();
    assert!(placed.removed.contains(&"config/datasets/billing.yaml".to_owned()), "{placed:?}");
    assert!(at("mine.tf").exists() && !at("config/datasets/billing.yaml").exists());

    // A changed file stops everything, whatever else has changed.
    std::fs::write(at("iam.tf"), "# by hand\n").unwrap();
    let said = place(folder.path(), &first, false).unwrap_err().to_string();
    assert!(said.contains("iam.tf") && !said.contains("main.tf"), "{said}");
    assert!(!at("config/datasets/billing.yaml").exists(), "nothing was written");
    place(folder.path(), &first, true).unwrap();
    assert_eq!(std::fs::read_to_string(at("iam.tf")).unwrap(), first["iam.tf"]);

    // A ledger from elsewhere deletes nothing outside the folder.
    std::fs::write(at(".lakegauge.json"), r#"{"version":1,"files":{"../victim":"0"}}"#).unwrap();
    assert!(place(folder.path(), &first, false).is_ok());
}
