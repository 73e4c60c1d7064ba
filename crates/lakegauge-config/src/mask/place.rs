//! Where in a config a value is, and whether that makes it a secret.

use crate::alarms::ALARM;
use crate::key::Place;
use crate::keys::{OF_DATASET, OF_TOP};
use crate::receivers::{KINDS, is_reference};
use crate::remedies::{AIRFLOW, REMEDY};
use crate::suggestion;

/// A key of at most this length is close to too many words: `pat` is a GitHub token, not a `path`.
const SHORT: usize = 3;

impl Place {
    /// Whether a text at this place may be a secret.
    pub(super) fn hides(self, text: &str) -> bool {
        match self {
            Place::Receivers | Place::Receiver | Place::Secret => !is_reference(text),
            Place::Names => text.contains("://"),
            Place::Address => !text.starts_with("arn:") && !is_email(text),
            Place::Credential => !text.starts_with("arn:"),
            _ => false,
        }
    }

    /// The place of the value of `key`.
    pub(super) fn below(self, key: &str) -> Place {
        match self {
            Place::Datasets => Place::Dataset,
            Place::Alarms => Place::Alarm,
            Place::Receivers => Place::Receiver,
            Place::Receiver => {
                KINDS.iter().find(|kind| kind.key.name == key).map_or(Place::Secret, |kind| kind.key.place)
            }
            Place::Plain => Place::anywhere(key),
            Place::Names | Place::Address | Place::Credential | Place::Secret => Place::Secret,
            Place::Top | Place::Dataset | Place::Alarm | Place::Remedy | Place::Airflow => self.of_table(key),
        }
    }

    /// The place of the value of a key in a table. An unknown key may be a misspelling of a similar one; the value of
    /// any other key may be anything.
    fn of_table(self, key: &str) -> Place {
        let table = match self {
            Place::Top => OF_TOP.as_slice(),
            Place::Dataset => OF_DATASET.as_slice(),
            Place::Remedy => REMEDY,
            Place::Airflow => AIRFLOW,
            _ => ALARM,
        };
        let place = |name: &str| table.iter().find(|of| of.name == name).map(|of| of.place);
        let names: Vec<&str> = table.iter().map(|key| key.name).collect();
        let near = || {
            let is_near = names_a_secret(key).is_none() && key.len() > SHORT;
            suggestion::known(key, &names).filter(|_| is_near)
        };
        place(key).or_else(|| near().and_then(place)).unwrap_or_else(|| Place::anywhere(key))
    }

    /// The place of the value of a key that is in the wrong place, or that another tool uses.
    fn anywhere(key: &str) -> Place {
        let tables = [OF_TOP.as_slice(), OF_DATASET.as_slice(), ALARM, REMEDY];
        let known = tables.iter().any(|table| table.iter().any(|of| of.name == key));
        let plain = (known || suggestion::is_of_a_tool(key)) && names_a_secret(key).is_none();
        if plain { Place::Plain } else { Place::Secret }
    }
}

fn is_email(text: &str) -> bool {
    text.split('@').count() == 2 && !text.contains([':', '/'])
}

/// Where the name of a secret ends in a text, if it contains one.
pub(super) fn names_a_secret(text: &str) -> Option<usize> {
    const NAMES: [&str; 16] = [
        "secret",
        "token",
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "pwd",
        "apikey",
        "api_key",
        "api-key",
        "access_key",
        "accesskey",
        "private_key",
        "credential",
        "authorization",
        "webhook",
    ];
    let lower = text.to_ascii_lowercase();
    NAMES.iter().filter_map(|name| lower.find(name).map(|at| at + name.len())).min()
}
