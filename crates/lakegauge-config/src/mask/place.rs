//! Where in a config a value is, and whether that makes it a secret.

use super::super::alarms::ALARM;
use super::super::dataset::DATASET;
use super::super::lake::TOP;
use super::super::mapping::Key;
use super::super::receivers::{RECEIVERS, is_reference};
use super::super::remedies::{AIRFLOW, REMEDY};
use super::super::suggestion;

/// A key of at most this length is close to too many words: `pat` is a GitHub token, not a `path`.
const SHORT: usize = 3;

/// The place of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// The config itself.
    Top,
    /// Below `datasets`: the user names the keys.
    Datasets,
    /// A dataset, or `defaults`.
    Dataset,
    /// Below `alarms`: metrics.
    Alarms,
    /// One alarm.
    Alarm,
    /// Below `remediate`.
    Remedy,
    /// Below `airflow`.
    Airflow,
    /// Below the top-level `notify`: the user names the keys.
    Receivers,
    /// One receiver: its kind and its address, which is a secret unless its kind says otherwise.
    Receiver,
    /// Below a dataset's `notify`: names of receivers. A user may put an address there by mistake.
    Names,
    /// Where an email address or an ARN belongs. A user may put a secret there by mistake.
    Address,
    /// Where the ARN of a secret belongs. A user may put the secret itself there by mistake.
    Credential,
    /// A value that is always a secret, or the value of an unknown key.
    Secret,
    /// A value that is not a secret.
    Plain,
}

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
            Place::Receiver => match RECEIVERS.iter().find(|(known, _)| known.name == key) {
                Some((_, false)) => Place::Address,
                Some((_, true)) | None => Place::Secret,
            },
            Place::Plain => Place::anywhere(key),
            Place::Names | Place::Address | Place::Credential | Place::Secret => Place::Secret,
            Place::Top | Place::Dataset | Place::Alarm | Place::Remedy | Place::Airflow => self.of_table(key),
        }
    }

    /// The place of the value of a key in a table. An unknown key may be a misspelling of a similar one; the value of
    /// any other key may be anything.
    fn of_table(self, key: &str) -> Place {
        let (table, known): (&[Key], _) = match self {
            Place::Top => (TOP, Place::of_top as fn(&str) -> Place),
            Place::Dataset => (DATASET, Place::of_dataset as fn(&str) -> Place),
            Place::Remedy => (REMEDY, Place::of_remedy as fn(&str) -> Place),
            Place::Airflow => (AIRFLOW, Place::of_airflow as fn(&str) -> Place),
            _ => (ALARM, Place::of_alarm as fn(&str) -> Place),
        };
        let names: Vec<&str> = table.iter().map(|key| key.name).collect();
        if names.contains(&key) {
            return known(key);
        }
        match suggestion::known(key, &names) {
            Some(near) if names_a_secret(key).is_none() && key.len() > SHORT => known(near),
            _ => Place::anywhere(key),
        }
    }

    /// The place of the value of a key that is in the wrong place, or that another tool uses.
    fn anywhere(key: &str) -> Place {
        let tables = [TOP, DATASET, ALARM, REMEDY];
        let known = tables.iter().any(|table| table.iter().any(|of| of.name == key));
        let plain = (known || suggestion::is_of_a_tool(key)) && names_a_secret(key).is_none();
        if plain { Place::Plain } else { Place::Secret }
    }

    fn of_top(key: &str) -> Place {
        match key {
            "datasets" => Place::Datasets,
            "defaults" => Place::Dataset,
            "notify" => Place::Receivers,
            _ => Place::Plain,
        }
    }

    fn of_dataset(key: &str) -> Place {
        match key {
            "alarms" => Place::Alarms,
            "notify" => Place::Names,
            "remediate" => Place::Remedy,
            _ => Place::Plain,
        }
    }

    fn of_remedy(key: &str) -> Place {
        if key == "airflow" { Place::Airflow } else { Place::Plain }
    }

    fn of_airflow(key: &str) -> Place {
        if key == "secret" { Place::Credential } else { Place::Plain }
    }

    fn of_alarm(_: &str) -> Place {
        Place::Plain
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
