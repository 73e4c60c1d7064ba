//! `judge`: the detector as a filter.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::harness::{Desk, interrupt};
use crate::lakes::landing;

const FIRST: Date = date(2061, 1, 1);

fn fact(day: i32, bytes: u64) -> Value {
    let day = FIRST.checked_add(day.days()).unwrap();
    let landed = landing(day, 3.hours());
    json!({"series": "orders", "partition": day, "landed_at": landed, "metrics": {"TotalFileSize": bytes}})
}

/// Sizes of ordinary days, which differ slightly.
fn ordinary(day: i32) -> u64 {
    1_000_000 + (day as u64 * 37 % 101) * 1_000
}

/// A program that waits for each answer before it sends the next line.
struct Conversation {
    child: Child,
    say: ChildStdin,
    answers: Receiver<String>,
}

impl Conversation {
    fn start(desk: &Desk) -> Conversation {
        let mut child = desk.command(&["judge"]).stdin(Stdio::piped()).spawn().unwrap();
        let (say, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, answers) = mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Conversation { child, say, answers }
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.say, "{question}").unwrap();
        let answer = self.answers.recv_timeout(Duration::from_secs(20)).unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}

#[test]
fn a_conversation_learns_and_then_alarms() {
    let desk = Desk::new();
    let mut talk = Conversation::start(&desk);
    for day in 0..60 {
        let verdict = talk.ask(&fact(day, ordinary(day)));
        assert_ne!(verdict["verdict"], "alarm", "day {day}: {verdict}");
    }
    let due = talk.ask(&json!({"series": "orders", "expect": "2061-03-02"}));
    let at = due["due_at"].as_str().unwrap();
    assert!(("2061-03-03T03:00:00Z".."2061-03-03T12:00:00Z").contains(&at), "{due}");
    assert_eq!(talk.ask(&json!({"series": "orders", "partition": "2061-03-02", "absent": true})), json!({}));
    let small = talk.ask(&fact(61, 40_000));
    assert_eq!((&small["verdict"], &small["metric"]), (&json!("alarm"), &json!("TotalFileSize")), "{small}");
    assert_ne!(talk.ask(&fact(62, ordinary(62)))["verdict"], "alarm", "a bad day does not teach");
    drop(talk.say);
    assert_eq!(talk.child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_invalid_line_is_answered_with_an_error_and_the_next_one_is_read() {
    let desk = Desk::new();
    let lines = [
        fact(0, 1).to_string(),
        "hello".to_owned(),
        String::new(),
        r#"{"series": "orders"}"#.to_owned(),
        r#"{"series": "orders", "partition": "someday"}"#.to_owned(),
        r#"{"series": "orders", "partition": "2061-01-02", "metrics": {"Size": 3}}"#.to_owned(),
        r#"{"series": "orders", "partition": "2061-01-02T05", "metrics": {}}"#.to_owned(),
        fact(1, 1).to_string(),
    ];
    let run = desk.feed(&["judge"], &lines.join("\n")).ends(2);
    let answers: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len(), "one answer per line: {run}");
    assert_eq!([&answers[0]["verdict"], &answers[7]["verdict"]], [&json!("ok"); 2], "{run}");
    for (answer, line) in answers.iter().zip(1..).filter(|(_, line)| (2..8).contains(line)) {
        assert_eq!(answer["line"], line, "{run}");
    }
    insta::assert_snapshot!("judge_invalid_lines", run);
    assert_eq!(desk.feed(&["judge"], "").ends(0).stdout, "");
}

#[test]
fn ctrl_c_does_not_wait_for_the_next_line() {
    let desk = Desk::new();
    let mut talk = Conversation::start(&desk);
    talk.ask(&fact(0, 1));
    interrupt(&talk.child);
    assert_eq!(talk.child.wait().unwrap().code(), Some(130));
}
