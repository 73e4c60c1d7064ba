//! `calendar`: one name, a file of days off, or a list of these.

use lakegauge_core::calendar::{Calendar, CalendarError};

use super::problem::Problem;
use super::scalar;
use super::surroundings::Surroundings;
use super::tree::{Node, Value};

pub(super) fn read(node: &Node, around: Surroundings<'_>, problems: &mut Vec<Problem>) -> Option<Calendar> {
    match &node.value {
        Value::List(items) => {
            if items.is_empty() {
                let hint = "write `every-day`, `weekdays`, a file of days off, or remove the key";
                problems.push(Problem::error(node.span.clone(), "the list of calendars is empty").hint(hint));
            }
            let parts: Vec<Calendar> = items.iter().filter_map(|item| one(item, around, problems)).collect();
            parts.into_iter().reduce(Calendar::and)
        }
        Value::Nothing | Value::Text(_) | Value::Map(_) => one(node, around, problems),
    }
}

fn one(node: &Node, around: Surroundings<'_>, problems: &mut Vec<Problem>) -> Option<Calendar> {
    let typed = scalar::text(node, "a calendar", problems)?;
    let read = if Calendar::names_a_file(typed) {
        match (around.read)(typed) {
            Ok(text) => Calendar::from_ics(typed, &text),
            Err(message) => {
                let hint = "the path is relative to the config's folder";
                problems.push(Problem::error(node.span.clone(), message).hint(hint));
                return None;
            }
        }
    } else {
        Calendar::named(typed)
    };
    match read {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            problems.push(wrong(node, typed, &error));
            None
        }
    }
}

fn wrong(node: &Node, typed: &str, error: &CalendarError) -> Problem {
    let message = match error.line {
        Some(line) => format!("{typed}, line {line}: {}", error.message),
        None => error.message.clone(),
    };
    Problem::error(node.span.clone(), message).hint(error.hint.clone())
}
