//! Why a store could not be read.

use lakegauge_core::foreign::visible;
use lakegauge_core::observation::{Gap, GapKind};

/// A request, a page or a folder that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind} ({detail})")]
pub struct StoreError {
    /// The kind of the error.
    pub kind: GapKind,
    /// The prefix or file, as named to users.
    pub place: String,
    /// What the store answered, on one line, without secrets.
    pub detail: String,
    /// Whether the same request may succeed a moment later.
    pub retry: bool,
    /// Whether no answer came in time. Any other error is an answer or a refused connection.
    pub silent: bool,
}

/// Longer answers are truncated: a login page is not a message.
const DETAIL_BYTES: usize = 400;

/// The shortest text that is masked. Stores require eight characters for a secret and three for a key's name.
const SECRET_BYTES: usize = 5;

impl StoreError {
    /// An error that would occur again if the request is repeated.
    pub fn lasting(kind: GapKind, place: impl Into<String>, detail: impl AsRef<str>) -> StoreError {
        StoreError {
            kind,
            place: place.into(),
            detail: one_line(detail.as_ref()),
            retry: false,
            silent: false,
        }
    }

    /// An error that may not occur again if the request is repeated.
    pub fn passing(kind: GapKind, place: impl Into<String>, detail: impl AsRef<str>) -> StoreError {
        StoreError { retry: true, ..StoreError::lasting(kind, place, detail) }
    }

    /// No answer in time.
    pub(crate) fn timeout(place: impl Into<String>) -> StoreError {
        StoreError { silent: true, ..StoreError::passing(GapKind::Unreachable, place, "time-out") }
    }

    /// The same error with a secret masked. A text as short as a syllable is not a secret, and masking it would make
    /// the message unreadable.
    pub(crate) fn without(mut self, secret: &str) -> StoreError {
        if secret.len() >= SECRET_BYTES {
            self.detail = self.detail.replace(secret, "[hidden]");
        }
        self
    }
}

impl From<StoreError> for Gap {
    fn from(error: StoreError) -> Gap {
        // The place may contain a folder's name, which is chosen by whoever writes to the lake.
        Gap { kind: error.kind, place: visible(&error.place).into_owned(), detail: error.detail }
    }
}

/// The text on one line, with its white space as single spaces and other invisible characters as `\u{…}`, truncated at
/// [`DETAIL_BYTES`].
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(DETAIL_BYTES));
    for word in text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        // A long word is not escaped to its end only to be truncated.
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
