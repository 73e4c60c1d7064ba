//! Problems on this machine: what can be judged is judged and printed, the failure is reported, and the exit code is 5.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::harness::{Desk, Run};
use crate::lakes::{CONFIG, Fate, NOW, days, entry, four, one};

const LATER: &str = "2061-03-02T07:00:00Z";

fn raw(desk: &Desk) -> Connection {
    Connection::open(desk.path(".lakegauge/history.sqlite")).unwrap()
}

/// Two healthy datasets after one check.
fn pair() -> Desk {
    let desk = one(Fate::Healthy);
    days(&desk, "stock", Fate::Healthy);
    desk.config(&format!("{CONFIG}{}{}", entry("orders"), entry("stock")));
    desk.run(&["check", "--now", NOW]).ends(0);
    desk
}

#[test]
fn a_damaged_row_costs_one_dataset_its_history() {
    let desk = pair();
    raw(&desk)
        .execute_batch(
            "UPDATE record SET document = '{' WHERE start = (unixepoch('2061-02-20') / 3600)
             AND dataset = (SELECT id FROM run WHERE dataset = 'orders')",
        )
        .unwrap();
    let last_run = |dataset: &str| -> i64 {
        let sql = "SELECT at FROM run WHERE dataset = ?1";
        raw(&desk).query_row(sql, [dataset], |row| row.get(0)).unwrap()
    };
    let before = (last_run("orders"), last_run("stock"));
    let run = desk.run(&["check", "--now", LATER]).ends(5);
    insta::assert_snapshot!("row_damaged", run);
    assert_eq!(last_run("orders"), before.0, "what is damaged is left as it is");
    assert!(last_run("stock") > before.1, "everything else is saved");
    let json = desk.run(&["check", "--format", "json", "--now", LATER]).ends(5).json();
    let statuses: Vec<_> = json["datasets"].as_array().unwrap().iter().map(|d| d["status"].clone()).collect();
    assert_eq!(statuses, ["ok", "ok"]);
    assert!(json["datasets"][0]["notes"][0].as_str().unwrap().contains("its history is damaged"));
    desk.run(&["check", "stock", "--now", LATER]).ends(0);
    for verb in ["history", "explain", "digest"] {
        let run = desk.run(&[verb, "orders", "--now", LATER]).ends(5);
        assert!(run.stdout.contains("orders"), "{run}");
    }
    let refused = desk.run(&["accept", "orders", "--partition", "2061-03-01", "--now", LATER]).ends(5);
    assert!(refused.stderr.contains("lakegauge forget 'orders'"), "{refused}");
    desk.run(&["forget", "orders", "--now", LATER]).ends(0);
    desk.run(&["check", "--now", LATER]).ends(0);
    desk.run(&["check", "--now", LATER]).ends(0);
}

#[test]
fn an_alarm_and_a_damaged_history_are_both_said() {
    let desk = four();
    fs::create_dir(desk.path(".lakegauge")).unwrap();
    desk.write(".lakegauge/history.sqlite", &"this is no database\n".repeat(400));
    let run = desk.run(&["check", "--now", NOW]).ends(5);
    assert!(run.stdout.contains("payments"), "{run}");
    assert!(
        run.stderr.contains("There are alarms as well; without this error the exit code would be 1."),
        "{run}"
    );
    let json = desk.run(&["check", "--format", "json", "--now", NOW]).ends(5).json();
    assert_eq!(json["status"], "alarm");
    let wait = ["wait", "orders", "--partition", "2061-03-01", "--now", NOW];
    assert!(desk.run(&wait).ends(5).stdout.contains("orders"));
    // A time-out keeps its exit code.
    let wait = ["wait", "payments", "--partition", "2061-03-01", "--timeout", "1s", "--now", NOW];
    assert!(desk.run(&wait).ends(124).stderr.contains("is damaged"));
    // What could not be seen is reported as well.
    fs::rename(desk.path("lake"), desk.path("gone")).unwrap();
    let unseen = desk.run(&["check", "--now", NOW]).ends(5);
    assert!(unseen.stderr.contains("would be 3"), "{unseen}");
    // A lake that nobody could look at is not a problem of this machine.
    desk.run(&["check", "nobody", "--now", NOW]).ends(2);
}

#[test]
fn what_is_no_history_is_said_at_once() {
    let desk = one(Fate::Healthy);
    fs::create_dir(desk.path(".lakegauge")).unwrap();
    let path = desk.path(".lakegauge/history.sqlite");
    let check = |name: &str| {
        let started = Instant::now();
        let run = desk.run(&["check", "--now", NOW]).ends(5);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert!(run.stdout.contains("orders"), "{run}");
        insta::assert_snapshot!(name, run.stderr);
    };
    fs::create_dir(&path).unwrap();
    check("history_folder");
    fs::remove_dir(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    check("history_pipe");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    check("history_of_another_program");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    check("history_newer");
}

#[test]
fn pages_of_a_file_that_are_damaged_cost_no_verdict() {
    let desk = pair();
    let path = desk.path(".lakegauge/history.sqlite");
    let whole = fs::read(&path).unwrap();
    // Each page, and the end of the file.
    for page in (1..whole.len() / 4096).step_by(5) {
        let mut torn = whole.clone();
        torn[page * 4096..(page + 1) * 4096].fill(0xa5);
        fs::write(&path, &torn).unwrap();
        let run = desk.run(&["check", "--now", LATER]);
        assert!(matches!(run.code, Some(0 | 5)), "page {page}: {run}");
        assert!(run.stdout.contains("orders") && run.stdout.contains("stock"), "page {page}: {run}");
        ["-wal", "-shm"].iter().for_each(|end| drop(fs::remove_file(format!("{}{end}", path.display()))));
    }
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let run = desk.run(&["check", "--now", LATER]);
    assert!(matches!(run.code, Some(0 | 5)), "{run}");
}

#[test]
fn a_lock_that_lasts_costs_time_and_no_verdict() {
    let desk = pair();
    let lock = raw(&desk);
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let run = desk.run(&["check", "--now", LATER]).ends(5);
    assert!(started.elapsed() < Duration::from_secs(45), "{:?}", started.elapsed());
    insta::assert_snapshot!("history_locked", run);
    lock.execute_batch("ROLLBACK").unwrap();
    desk.run(&["check", "--now", LATER]).ends(0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_fills_up_costs_no_verdict() {
    let desk = one(Fate::Healthy);
    // A file size limit of 20 kB acts like a full disk; the signal that it sends must not end the program.
    let full = |blocks: u32| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" check --now {NOW}");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_lakegauge")]).current_dir(desk.path("."));
        desk.finish(shell.env("LAKEGAUGE_CLOCK", NOW).output().unwrap())
    };
    for blocks in [0, 4, 16, 40] {
        let run = full(blocks).ends(5);
        assert!(run.stdout.contains("orders"), "{blocks}: {run}");
        assert!(run.stderr.contains("saved"), "{blocks}: {run}");
    }
    desk.run(&["check", "--now", LATER]).ends(0);
}

#[test]
fn a_history_of_a_clock_that_was_ahead_says_what_to_do() {
    let desk = one(Fate::Healthy);
    desk.run(&["check", "--now", LATER]).ends(0);
    let now = |args: &[&str]| {
        let mut command = desk.command(args);
        desk.finish(command.env("LAKEGAUGE_CLOCK", NOW).output().unwrap())
    };
    insta::assert_snapshot!("history_ahead", now(&["check"]).ends(5));
    assert!(now(&["history", "orders"]).ends(5).stdout.contains("orders"));
    let told = now(&["check", "--now", NOW]).ends(0);
    insta::assert_snapshot!("history_ahead_of_now", told);
    now(&["forget", "*"]).ends(0);
    assert_eq!(now(&["check"]).ends(0).stderr, "");
    assert_eq!(now(&["check"]).ends(0).stderr, "");
}

/// Runs as a user who may read the folder but not write in it.
#[cfg(unix)]
fn as_reader(desk: &Desk, args: &[&str]) -> Run {
    use std::os::unix::fs::PermissionsExt as _;
    let program = desk.path("lakegauge-of-the-test");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_lakegauge"), &program).unwrap();
        fs::set_permissions(desk.path("."), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let command = desk.command(args);
    let mut reader = Command::new("setpriv");
    reader.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program).args(command.get_args());
    reader.current_dir(desk.path(".")).env_clear();
    reader.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    reader.env("PATH", "/usr/bin:/bin").env("LAKEGAUGE_CLOCK", LATER);
    desk.finish(reader.output().unwrap())
}

/// Whether this user may switch to another one.
#[cfg(unix)]
fn is_root() -> bool {
    let known = Command::new("id").arg("-u").output().unwrap();
    known.stdout.starts_with(b"0") && Command::new("setpriv").arg("--version").output().is_ok()
}

#[test]
#[cfg(unix)]
fn who_may_only_read_is_shown_what_there_is() {
    use std::os::unix::fs::PermissionsExt as _;
    if !is_root() {
        return;
    }
    let desk = pair();
    let path = desk.path(".lakegauge/history.sqlite");
    let shows: [&[&str]; 5] = [
        &["history", "orders", "--now", LATER],
        &["digest", "--now", LATER],
        &["explain", "orders", "--now", LATER],
        &["backtest", "orders", "--days", "5", "--now", LATER],
        &["check", "--now", "2061-03-05T07:00:00Z"],
    ];
    // A readable file, and one with mode 0600, without which the output is from the lake alone.
    for (mode, known) in [(0o644, true), (0o600, false)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for args in shows {
            let run = as_reader(&desk, args);
            assert!(matches!(run.code, Some(0 | 1)), "{mode:o} {args:?}: {run}");
            let unread = run.stderr.contains("cannot be read: Permission denied");
            assert_eq!((run.stderr.is_empty(), unread), (known, !known), "{mode:o} {args:?}: {run}");
        }
        let check = as_reader(&desk, &["check", "--now", LATER]).ends(5);
        assert!(check.stdout.contains("orders"), "{check}");
        insta::assert_snapshot!(format!("history_of_others_{mode:o}"), check.stderr);
        let refused = as_reader(&desk, &["accept", "orders", "--partition", "2061-03-01", "--now", LATER]);
        assert!(refused.ends(5).stderr.contains("cannot be"), "{known}");
        // Only the history has this.
        fs::rename(desk.path("lake/stock/date=2061-03-01"), desk.path("aside")).unwrap();
        let state = as_reader(&desk, &["check", "stock", "--format", "json", "--now", LATER]).json();
        let state = state["datasets"][0]["partitions"][0]["state"].clone();
        assert_eq!(state == "deleted", known, "{state}");
        fs::rename(desk.path("aside"), desk.path("lake/stock/date=2061-03-01")).unwrap();
    }
    let left: Vec<_> =
        fs::read_dir(desk.path(".lakegauge")).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(left, ["history.sqlite"]);
    desk.run(&["check", "--now", LATER]).ends(0);
}
