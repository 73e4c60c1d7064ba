//! Malicious keys, names and files: they cannot affect the output, and nothing waits forever.

use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::process::{Command, Stdio};

use jiff::ToSpan as _;
use lakegauge_core::foreign::is_hidden;

use crate::harness::{Desk, Run};
use crate::lakes::{LAST, NOW, landing};

/// Clears the line, fakes a healthy one, and reverses the reading direction.
const FORGED: &str = "\u{1b}[2K\r\n✓ forged\u{9b}31m\u{202e}";

/// Thirty days of a dataset, the last of them small, in each of `regions`.
fn lake(regions: &[&str]) -> Desk {
    let desk = Desk::new();
    for region in regions {
        for back in 0..30 {
            let day = LAST.checked_sub(back.days()).unwrap();
            let bytes = if back == 0 { 10 } else { 1_000_000 };
            desk.lay(&format!("web/region={region}/date={day}/part-0"), bytes, landing(day, 3.hours()));
        }
    }
    desk
}

/// The text without our own colours.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap();
        assert!(after[end..].starts_with('m'), "not a colour: {:?}", &after[..(end + 1).min(after.len())]);
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Nothing in the output moves the cursor, and no line of it comes from somebody else.
#[track_caller]
fn ours(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        let text = bare(text);
        assert!(!text.chars().any(|c| is_hidden(c) && c != '\n'), "{text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("✓ forged")), "{text}");
    }
}

#[test]
fn keys_and_names_of_others_move_no_cursor() {
    let desk = lake(&["eu", FORGED]);
    let quoted = serde_json::to_string(FORGED).unwrap();
    let config = format!(
        "lake: lake\ndefaults: {{ due: +1d 04:30, owner: {quoted}, description: {quoted} }}\ndatasets:\n  \
         web: {{ path: \"web/region={{region}}/date={{date}}/\" }}\nnotify: {{ {quoted}: {{ email: a@b.example }} }}\n"
    );
    desk.config(&config);
    desk.write("old.yaml", "lake: lake\ndatasets:\n  web: { path: \"web/{*}/date={date}/\", owner: me }\n");
    desk.write("wrong.yaml", &format!("lake: lake\n{quoted}: 1\ndatasets: {{ {quoted}: {{}} }}\n"));
    let split = format!("web[{FORGED}]");
    let lines: [&[&str]; 18] = [
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "junit"],
        &["check", &split],
        &["check", FORGED],
        &["check", "--partition", FORGED],
        &["explain", &split],
        &["explain", &split, "--json"],
        &["history", &split],
        &["digest"],
        &["digest", "--format", "json"],
        &["cost"],
        &["backtest"],
        &["plan", "--against", "old.yaml"],
        &["plan", "-c", "old.yaml", "--against", "lakegauge.yaml", "--format", "json"],
        &["validate"],
        &["validate", "wrong.yaml"],
        &["init", "lake", "-o", "-"],
    ];
    for line in lines {
        for color in ["always", "never"] {
            let args: Vec<&str> = line.iter().copied().chain(["--now", NOW, "--color", color]).collect();
            ours(&desk.run(&args));
        }
    }
    let reason =
        ["accept", "web[eu]", "--partition", "2061-03-01", "--by", FORGED, "--reason", FORGED, "--now", NOW];
    ours(&desk.run(&reason));
    ours(&desk.run(&["check", "web[eu]", "--now", NOW]));
    ours(&desk.run(&["-v", "check", "-c", FORGED, "--now", NOW]));
}

#[test]
fn folders_may_be_called_what_yaml_takes_for_something_else() {
    for name in [
        "null", "Null", "NULL", "~", "true", "yes", "No", "1e3", "0x1f", ".nan", "-", "a: b", "#a", "&a", "é",
    ] {
        let desk = Desk::new();
        for back in 0..20 {
            let day = LAST.checked_sub(back.days()).unwrap();
            desk.lay(&format!("{name}/date={day}/part-0"), 1_000_000, landing(day, 3.hours()));
        }
        desk.run(&["init", "lake", "--now", NOW]).ends(0);
        let validated = desk.run(&["validate", "--now", NOW]);
        let config = fs::read_to_string(desk.path("lakegauge.yaml")).unwrap();
        assert_eq!(validated.code, Some(0), "{name}\n{config}\n{validated}");
        desk.run(&["check", "--now", NOW]).ends(0);
    }
}

#[test]
fn only_regular_files_of_a_sane_size_are_read() {
    let desk = lake(&["eu"]);
    let pipe = Command::new("mkfifo").arg(desk.path("pipe")).status().unwrap();
    assert!(pipe.success() && fs::metadata(desk.path("pipe")).unwrap().file_type().is_fifo());
    fs::create_dir(desk.path("folder")).unwrap();
    fs::File::create(desk.path("giant")).unwrap().set_len(17 << 20).unwrap();
    fs::write(desk.path("wide"), b"\xff\xfel\0a\0k\0e\0").unwrap();
    fs::write(desk.path("latin"), b"lake: caf\xe9\n").unwrap();
    let cases = [
        ("pipe", "it is not a regular file"),
        ("/dev/zero", "it is not a regular file"),
        ("folder", "it is a folder"),
        ("giant", "it is larger than 16 MiB"),
        ("wide", "it is UTF-16: save it as UTF-8"),
        ("latin", "it is not UTF-8 text (byte 9)"),
    ];
    for (file, expect) in cases {
        for line in [&["validate", file][..], &["check", "-c", file], &["plan", "-c", file]] {
            let run = desk.run(line).ends(2);
            assert!(run.stderr.contains(expect), "{file}: {run}");
        }
        let calendar = format!("{}.ics", desk.path(file).display());
        if !file.starts_with('/') {
            std::os::unix::fs::symlink(desk.path(file), &calendar).unwrap();
            desk.config(&format!(
                "lake: lake\ncalendar: {file}.ics\ndatasets:\n  web: {{ path: \"web/{{*}}/date={{date}}/\" }}\n"
            ));
            let run = desk.run(&["validate"]).ends(2);
            assert!(run.stdout.contains(expect), "{file}: {run}");
        }
    }
}

#[test]
fn names_are_whole_where_a_program_reads_them() {
    let name = "a_name_of_more_than_a_hundred_letters_".repeat(4);
    let desk = Desk::new();
    for back in 0..30 {
        let day = LAST.checked_sub(back.days()).unwrap();
        desk.lay(&format!("web/date={day}/part-0"), 1_000_000, landing(day, 3.hours()));
    }
    desk.config(&format!("lake: lake\ndatasets:\n  {name}: {{ path: \"web/date={{date}}/\" }}\n"));
    for columns in ["", "60", "160"] {
        let mut check = desk.command(&["check", "--now", NOW]);
        let run = desk.finish(check.env("COLUMNS", columns).output().unwrap()).ends(0);
        assert!(run.stdout.contains(&name), "{run}");
    }
}

#[test]
fn nobody_needs_to_read_what_is_said() {
    let desk = lake(&["eu"]);
    for (args, code) in [(&["validate", "none.yaml"][..], 2), (&["check", "nothing", "-v"], 2)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        desk.config("lake: lake\ndatasets:\n  web: { path: \"web/{*}/date={date}/\" }\n");
        let status = desk.command(args).stdout(Stdio::null()).stderr(writer).status().unwrap();
        assert_eq!(status.code(), Some(code), "{args:?}");
    }
}

#[test]
fn any_instant_can_be_now() {
    let desk = lake(&["eu"]);
    desk.config(
        "lake: lake\ntimezone: Pacific/Kiritimati\ndatasets:\n  \
         d: { path: \"web/region={*}/date={date}/\" }\n  \
         h: { path: \"hours/{date}/{hour}/\", due: +1h20m, alarms: { Freshness: { at_most: 3h } } }\n  \
         w: { path: \"weeks/{date:%G-W%V}/\", due: +9d 04:30, timezone: America/Los_Angeles }\n  \
         m: { path: \"months/{date:%Y-%m}/\", calendar: business-month-ends }\n  \
         s: { path: \"web/region={region}/date={date}/\", due: -366d 00:00, look_back: 400 }\n",
    );
    let instants = [
        "-009999-01-02T01:59:59Z",
        "-009999-06-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        "9998-12-31T23:59:59Z",
        "9999-11-30T00:00:00Z",
        "9999-12-30",
        "9999-12-30T21:59:59Z",
    ];
    let lines: [&[&str]; 11] = [
        &["check", "--format", "json"],
        &["check", "--last", "400"],
        &["explain", "d"],
        &["explain", "h"],
        &["explain", "m", "--json"],
        &["history", "d", "--since", "9d"],
        &["digest", "--days", "400"],
        &["backtest", "--days", "4000"],
        &["cost"],
        &["init", "lake", "-o", "-"],
        &["validate"],
    ];
    for now in instants {
        for line in lines {
            let run = desk.run(&line.iter().copied().chain(["--now", now]).collect::<Vec<_>>());
            assert!(matches!(run.code, Some(0..=3)), "{line:?} --now {now}\n{run}");
        }
    }
}
