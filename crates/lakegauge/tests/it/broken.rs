//! Configs, lakes and histories that cannot be used: each message says what is wrong and what to do.

use std::fs;
use std::time::{Duration, Instant};

use crate::harness::Desk;
use crate::lakes::{CONFIG, Fate, NOW, entry, four, one};

const BROKEN: &str = "\
lake: s3://acme-lake/refined
timezone: Europe/Lundon
datasets:
  orders:
    path: orders/date={dat}/
    due: tomorrow
  stock:
    path: stock/
    alarms:
      TotalFileSiz: learned
      TotalFileSize: { at_least: 3 parsecs }
    secs: 3
";

#[test]
fn configs_show_every_problem_at_once() {
    let desk = Desk::new();
    insta::assert_snapshot!("config_missing", desk.run(&["check"]).ends(2));
    insta::assert_snapshot!("config_named_missing", desk.run(&["check", "-c", "etc/lakes.yaml"]).ends(2));
    let check = |config: &str, places: &[&str]| {
        desk.config(config);
        let run = desk.run(&["check"]).ends(2);
        assert_eq!(run.stdout, "", "problems are no result");
        let found: Vec<&str> =
            run.stderr.lines().filter_map(|line| line.trim().strip_prefix("--> lakegauge.yaml:")).collect();
        assert_eq!(found, places, "{run}");
    };
    check(BROKEN, &["2:11", "5:11", "6:10", "8:11", "10:7", "11:34", "12:5"]);
    check("", &["1:1"]);
    check("lake: [\n", &["1:7"]);
}

#[test]
fn validate_says_what_is_good_and_what_is_not() {
    let desk = four();
    insta::assert_snapshot!("validate_good", desk.run(&["validate"]).ends(0));
    desk.write("other.yaml", BROKEN);
    let bad = desk.run(&["validate", "other.yaml"]).ends(2);
    assert_eq!(bad.stdout.matches(" --> other.yaml:").count(), 7, "{bad}");
    assert_eq!(bad.stderr, "", "the problems are what was asked for");
    desk.write("warned.yaml", &format!("{CONFIG}{}    alarms: {{ RowCount: learned }}\n", entry("orders")));
    insta::assert_snapshot!("validate_warned", desk.run(&["validate", "-c", "warned.yaml"]).ends(0));
    assert!(!desk.path(".lakegauge").exists(), "validating must not touch the history");
    // A secret that is missing is reported; one that exists is not printed.
    let notify = "notify:\n  team: { slack: \"${env:NOPE}\" }\n  ops: { webhook: \"file:secrets/hook\" }\n";
    desk.write("told.yaml", &format!("{notify}{CONFIG}{}", entry("orders")));
    insta::assert_snapshot!("validate_references", desk.run(&["validate", "told.yaml"]).ends(0));
    fs::create_dir(desk.path("secrets")).unwrap();
    desk.write("secrets/hook", "hunter2");
    let run = desk.finish(desk.command(&["validate", "told.yaml"]).env("NOPE", "hunter2").output().unwrap());
    assert!(run.stdout.contains("no errors, 1 warning\n") && !run.stdout.contains("hunter2"), "{run}");
}

#[test]
fn datasets_and_partitions_are_named_right() {
    let desk = four();
    let check = |name: &str, args: &[&str]| {
        insta::assert_snapshot!(format!("names_{name}"), desk.run(args).ends(2));
    };
    check("near", &["check", "order", "--now", NOW]);
    check("far", &["check", "xyzzy", "--now", NOW]);
    check("pattern", &["check", "xyz*", "--now", NOW]);
    check("several", &["explain", "*s*", "--now", NOW]);
    check("hour", &["explain", "orders", "--partition", "2061-03-01T05", "--now", NOW]);
    check("no_partition", &["check", "orders", "--partition", "01/03/2061", "--now", NOW]);
    check("metric_of_now", &["history", "orders", "--metric", "Freshness", "--now", NOW]);
    check("metric", &["history", "orders", "--metric", "TotalFilesize", "--now", NOW]);
    check("since", &["history", "orders", "--since", "soon", "--now", NOW]);
}

#[test]
fn a_lake_that_is_not_there_is_not_healthy() {
    let desk = Desk::new();
    desk.config(&format!("{CONFIG}{}", entry("orders")));
    insta::assert_snapshot!("lake_missing", desk.run(&["check", "--now", NOW]).ends(3));
    insta::assert_snapshot!("lake_missing_init", desk.run(&["init", "lake", "-o", "new.yaml"]).ends(3));
    assert!(!desk.path("new.yaml").exists());
    insta::assert_snapshot!("lake_missing_explain", desk.run(&["explain", "orders", "--now", NOW]).ends(3));
    insta::assert_snapshot!("lake_missing_history", desk.run(&["history", "orders", "--now", NOW]).ends(3));
}

#[test]
fn a_lake_that_vanishes_is_not_what_it_was() {
    // Healthy or in alarm when it was last seen: now it is neither.
    for fate in [Fate::Healthy, Fate::Missing, Fate::Small] {
        let desk = one(fate);
        desk.run(&["check", "--now", NOW]).ends(i32::from(fate != Fate::Healthy));
        fs::rename(desk.path("lake"), desk.path("elsewhere")).unwrap();
        let gone = desk.run(&["check", "--now", NOW]).ends(3);
        if fate == Fate::Small {
            insta::assert_snapshot!("lake_vanished", gone);
        }
        fs::rename(desk.path("elsewhere"), desk.path("lake")).unwrap();
        desk.run(&["check", "--now", NOW]).ends(i32::from(fate != Fate::Healthy));
    }
}

#[test]
fn an_endpoint_that_does_not_answer_is_said_soon() {
    let desk = Desk::new();
    desk.config(
        &CONFIG
            .replace("lake: lake", "lake: s3://acme-lake/refined")
            .replace("datasets:", &format!("datasets:\n{}", entry("orders"))),
    );
    // The discard port: nothing listens there.
    let mut command = desk.command(&["check", "--endpoint-url", "http://127.0.0.1:9", "--now", NOW]);
    command
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "sesame-open")
        .env("AWS_REGION", "eu-west-1");
    let started = Instant::now();
    let run = desk.finish(command.output().unwrap()).ends(3);
    assert!(started.elapsed() < Duration::from_secs(20), "it took {:?}", started.elapsed());
    assert!(!run.to_string().contains("sesame-open"));
    insta::assert_snapshot!("lake_unreachable", run);
    // Each try is a request.
    let loud = desk.finish(command.arg("-vv").output().unwrap()).ends(3);
    assert_eq!(loud.stderr.matches("a list request failed").count(), 6, "{loud}");
    assert!(!loud.to_string().contains("sesame-open"), "{loud}");
    let mut command = desk.command(&["check", "--endpoint-url", "http://127.0.0.1:9", "--now", NOW]);
    command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "sesame-open");
    command.env("AWS_REGION", "eu-west-1");
    // However many datasets are in it, it is one store.
    desk.config(
        &CONFIG.replace("lake: lake", "lake: s3://acme-lake/refined").replace(
            "datasets:",
            &format!("datasets:\n{}{}{}", entry("orders"), entry("stock"), entry("fx")),
        ),
    );
    let run = desk.finish(command.output().unwrap()).ends(3);
    insta::assert_snapshot!("lake_unreachable_for_all", run);
}

#[test]
fn credentials_that_cannot_be_had_are_said_once_and_in_words() {
    let desk = Desk::new();
    desk.config(&format!("{}{}", CONFIG.replace("lake: lake", "lake: s3://acme-lake"), entry("orders")));
    let mut command = desk.command(&["check", "--now", NOW]);
    // An instance's metadata service that does not answer: the discard port.
    command.env_remove("AWS_EC2_METADATA_DISABLED").env("AWS_REGION", "eu-west-1");
    command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9");
    let run = desk.finish(command.output().unwrap()).ends(3);
    assert_eq!(run.stderr, "", "{run}");
    assert!(run.stdout.contains("credentials") && !run.stdout.contains("ProviderError"), "{run}");
}

#[test]
fn secrets_are_never_shown() {
    let desk = one(Fate::Healthy);
    let secret = "https://hooks.example/T0/B0/hunter2hunter2";
    // In plain text instead of a reference, and below a misspelt key.
    for key in ["slack", "slak"] {
        desk.config(&format!("{CONFIG}{}notify:\n  team: {{ {key}: \"{secret}\" }}\n", entry("orders")));
        for args in [&["validate"][..], &["check", "--now", NOW], &["-vv", "explain", "orders", "--now", NOW]]
        {
            let run = desk.run(args).ends(2);
            assert!(run.to_string().contains(key), "the place is named: {run}");
            assert!(!run.to_string().contains("hunter2"), "{args:?}: {run}");
        }
    }
}

#[test]
fn a_damaged_history_is_not_overwritten() {
    let desk = one(Fate::Healthy);
    fs::create_dir(desk.path(".lakegauge")).unwrap();
    let garbage = "this is no database\n".repeat(400);
    desk.write(".lakegauge/history.sqlite", &garbage);
    for verb in ["check", "history", "explain"] {
        let run = desk.run(&[verb, "orders", "--now", NOW]).ends(5);
        assert!(run.stderr.contains("is damaged") && run.stderr.contains("Move it away"), "{run}");
        assert!(run.stdout.contains("orders"), "it is shown from the lake alone: {run}");
    }
    insta::assert_snapshot!("history_damaged", desk.run(&["check", "--now", NOW]));
    assert_eq!(fs::read_to_string(desk.path(".lakegauge/history.sqlite")).unwrap(), garbage);
}

#[test]
fn a_history_that_cannot_be_written_is_said() {
    let desk = one(Fate::Healthy);
    // A file in place of the folder: even a superuser cannot write there.
    desk.write(".lakegauge", "");
    insta::assert_snapshot!("history_unwritable", desk.run(&["check", "--now", NOW]).ends(5));
    desk.config(&format!("history: elsewhere/history.sqlite\n{CONFIG}{}", entry("orders")));
    desk.run(&["check", "--now", NOW]).ends(0);
    // The same for a folder in place of the file.
    fs::remove_file(desk.path("elsewhere/history.sqlite")).unwrap();
    fs::create_dir(desk.path("elsewhere/history.sqlite")).unwrap();
    desk.run(&["check", "--now", NOW]).ends(5);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_the_machines_and_leaves_nothing_half_written() {
    let desk = one(Fate::Healthy);
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let run = desk.command(&["check", "--now", NOW]).stdout(full()).output().unwrap();
    insta::assert_snapshot!("disk_full", desk.finish(run).ends(5));
    let files = || {
        let entries = fs::read_dir(desk.path(".")).unwrap().map(|entry| entry.unwrap().path());
        entries.collect::<std::collections::BTreeSet<_>>()
    };
    let before = files();
    // A file size limit of 0 bytes acts like a full disk; the signal that it sends must not end the program.
    let script =
        "trap '' XFSZ; ulimit -f 0; exec \"$0\" init lake --force --now 2061-03-02T06:00:00Z -o \"$1\"";
    for output in ["lakegauge.yaml", "new.yaml"] {
        let mut shell = std::process::Command::new("/bin/sh");
        shell.args(["-c", script, env!("CARGO_BIN_EXE_lakegauge"), output]).current_dir(desk.path("."));
        let run = desk.finish(shell.output().unwrap()).ends(5);
        assert!(run.stderr.contains(&format!("{output} cannot be written")), "{run}");
    }
    assert_eq!(files(), before);
    assert!(fs::read_to_string(desk.path("lakegauge.yaml")).unwrap().starts_with(CONFIG));
}

#[test]
fn an_existing_config_is_not_overwritten() {
    let desk = one(Fate::Healthy);
    insta::assert_snapshot!("init_exists", desk.run(&["init", "lake", "--now", NOW]).ends(2));
    fs::create_dir(desk.path("etc")).unwrap();
    insta::assert_snapshot!("init_folder", desk.run(&["init", "lake", "-o", "etc", "--now", NOW]).ends(2));
    assert!(fs::read_to_string(desk.path("lakegauge.yaml")).unwrap().starts_with(CONFIG));
    desk.run(&["init", "lake", "--now", NOW, "--force"]).ends(0);
    assert!(!fs::read_to_string(desk.path("lakegauge.yaml")).unwrap().starts_with(CONFIG));
}
