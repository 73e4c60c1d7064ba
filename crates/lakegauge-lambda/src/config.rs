//! Reads the config from the state bucket, where it is stored in pieces, so that a change of one dataset changes one
//! object.

use jiff::Timestamp;
use lakegauge_config::{self as config, Config, Surroundings};
use lakegauge_history::Texts;

/// Why a deployment has no config.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no `base.yaml`.
    #[error("no config at {0}: run `lakegauge terraform` and `terraform apply`")]
    None(String),
    /// A file is not text.
    #[error("{0} is not UTF-8: run `terraform apply` again")]
    NotText(String),
    /// It has problems; the text is that of `lakegauge validate`.
    #[error("the config at {place} has problems; fix them, and run `terraform apply` again:\n{problems}")]
    Wrong {
        /// Where the config is stored.
        place: String,
        /// All problems.
        problems: String,
    },
}

/// Assembles one config from its pieces: `base.yaml`, then `datasets:` and every `datasets/NAME.yaml`, indented.
///
/// # Errors
///
/// If the base is missing or a piece is not text.
pub fn assemble(place: &str, texts: &Texts) -> Result<String, ConfigError> {
    let text = |name: &str, bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).map_err(|_| ConfigError::NotText(format!("{place}/{name}")))
    };
    let base = texts.get("base.yaml").ok_or_else(|| ConfigError::None(format!("{place}/base.yaml")))?;
    let mut whole = text("base.yaml", base)?;
    if !whole.ends_with('\n') {
        whole.push('\n');
    }
    whole.push_str("datasets:\n");
    for (name, bytes) in texts.iter().filter(|(name, _)| name.starts_with("datasets/")) {
        for line in text(name, bytes)?.lines() {
            if !line.is_empty() {
                whole.push_str("  ");
                whole.push_str(line);
            }
            whole.push('\n');
        }
    }
    Ok(whole)
}

/// Parses the assembled config. Files that it names (calendars) are below `files/`.
pub(crate) fn read(place: &str, texts: &Texts, now: Timestamp) -> Result<Config, ConfigError> {
    let whole = assemble(place, texts)?;
    let beside = |file: &str| {
        let name = format!("files/{file}");
        let bytes = texts.get(&name).ok_or_else(|| format!("{place}/{name} not found"))?;
        String::from_utf8(bytes.clone()).map_err(|_| format!("{place}/{name} is not UTF-8"))
    };
    let loaded = config::load(&whole, Surroundings { read: &beside, now });
    loaded.config.ok_or_else(|| ConfigError::Wrong {
        place: place.to_owned(),
        problems: config::render(&loaded.problems, place, &whole, false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_one_config() {
        let texts: Texts = [
            ("base.yaml", "lake: s3://acme-lake/refined\ntimezone: Europe/London\ncalendar: days.ics"),
            ("datasets/a.yaml", "a:\n  path: a/{date}/\n\n  due: +1d 04:30\n"),
            ("datasets/b.yaml", "b: { path: \"b/{date}/\" }\n"),
            ("files/days.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"),
        ]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .collect();
        let config = read("s3://state/p/config", &texts, Timestamp::UNIX_EPOCH).unwrap();
        let names: Vec<&str> = config.datasets.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(config.datasets[0].due.is_some());
        let without = |name: &str| {
            let mut texts = texts.clone();
            texts.remove(name);
            read("s3://state/p/config", &texts, Timestamp::UNIX_EPOCH).unwrap_err().to_string()
        };
        assert!(without("base.yaml").starts_with("no config at s3://state/p/config/base.yaml"));
        let said = without("files/days.ics");
        assert!(said.contains("s3://state/p/config/files/days.ics not found"), "{said}");
    }
}
