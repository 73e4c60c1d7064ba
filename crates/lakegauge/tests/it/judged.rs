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

/// Sizes of ordinary days, a little different from each other.
fn ordinary(day: i32) -> u64 {
    1_000_000 + (day as u64 * 37 % 101) * 1_000
}

/// A program that converses: it sends a line and waits for the answer before the next.
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
fn lines_that_are_no_questions_are_named() {
    let desk = Desk::new();
    let good = fact(0, 1).to_string();
    let check = |name: &str, line: &str| {
        let run = desk.feed(&["judge"], &format!("{good}\n{line}\n")).ends(2);
        assert_eq!(run.stdout.lines().count(), 1, "the line before is answered: {run}");
        insta::assert_snapshot!(format!("judge_{name}"), run.stderr);
    };
    check("no_json", "hello");
    check("no_question", r#"{"series": "orders"}"#);
    check("no_partition", r#"{"series": "orders", "partition": "someday"}"#);
    check("no_metric", r#"{"series": "orders", "partition": "2061-01-02", "metrics": {"Size": 3}}"#);
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
