//! Why a store could not be looked at.

use lakegauge_core::foreign::visible;
use lakegauge_core::observation::{Gap, GapKind};

/// A request, a page or a folder that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind} ({detail})")]
pub struct StoreError {
    /// What went wrong, coarsely.
    pub kind: GapKind,
    /// The prefix or file, as a user would name it.
    pub place: String,
    /// What the store said, on one line, without secrets.
    pub detail: String,
    /// Whether the same request may go well a moment later.
    pub retry: bool,
    /// Whether there was no answer in time. Any other error is an answer, or a refusal to be spoken to.
    pub silent: bool,
}

/// Longer answers of a store are cut: a login page is not a message.
const DETAIL_BYTES: usize = 400;

/// The shortest text that is hidden. Stores ask for eight characters of a secret and three of a key's name.
const SECRET_BYTES: usize = 5;

impl StoreError {
    /// An error that stays when the request is repeated.
    pub fn lasting(kind: GapKind, place: impl Into<String>, detail: impl AsRef<str>) -> StoreError {
        StoreError {
            kind,
            place: place.into(),
            detail: one_line(detail.as_ref()),
            retry: false,
            silent: false,
        }
    }

    /// An error that may go away when the request is repeated.
    pub fn passing(kind: GapKind, place: impl Into<String>, detail: impl AsRef<str>) -> StoreError {
        StoreError { retry: true, ..StoreError::lasting(kind, place, detail) }
    }

    /// No answer in time.
    pub(crate) fn timeout(place: impl Into<String>) -> StoreError {
        StoreError { silent: true, ..StoreError::passing(GapKind::Unreachable, place, "time-out") }
    }

    /// The same error without a text that must not be shown. What is as short as a syllable is no secret, and to hide it
    /// would hide the message.
    pub(crate) fn without(mut self, secret: &str) -> StoreError {
        if secret.len() >= SECRET_BYTES {
            self.detail = self.detail.replace(secret, "[hidden]");
        }
        self
    }
}

impl From<StoreError> for Gap {
    fn from(error: StoreError) -> Gap {
        // A folder's name stands in the place, and whoever writes to the lake chooses it.
        Gap { kind: error.kind, place: visible(&error.place).into_owned(), detail: error.detail }
    }
}

/// The text on one line, its white space as single spaces, what else cannot be seen as `\u{…}`, cut at [`DETAIL_BYTES`].
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(DETAIL_BYTES));
    for word in text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        // No word is written out to its end only to be cut.
        let near = word.get(..word.floor_char_boundary(DETAIL_BYTES + 4)).unwrap_or(word);
        line.push_str(&visible(near));
        if line.len() > DETAIL_BYTES {
            line.truncate(line.floor_char_boundary(DETAIL_BYTES));
            line.push('…');
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_one_short_line_without_secrets() {
        let check = |text: &str, expect: &str| {
            let error = StoreError::lasting(GapKind::Denied, "s3://b/", text).without("KEYID");
            assert_eq!(error.detail, expect);
        };
        check(" a\r\n\tb\u{1b}[31m\u{9b}\u{202e}\u{2028}c ", "a b\\u{1b}[31m\\u{9b}\\u{202e}\\u{2028}c");
        check("no key KEYID here", "no key [hidden] here");
        let short = StoreError::lasting(GapKind::Denied, "s3://b/", "denied").without("e");
        assert_eq!(short.detail, "denied");
        let forged = StoreError::lasting(GapKind::Denied, "s3://b/x\n✓ all healthy/", "no");
        assert_eq!(Gap::from(forged).place, "s3://b/x\\u{a}✓ all healthy/");
        let long = StoreError::lasting(GapKind::Malformed, "s3://b/", "é".repeat(900)).detail;
        assert!(long.len() <= DETAIL_BYTES + 3 && long.ends_with('…'), "{long}");
    }
}
