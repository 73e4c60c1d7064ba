//! Why a store could not be looked at.

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
}

/// Longer answers of a store are cut: a login page is not a message.
const DETAIL_BYTES: usize = 240;

impl StoreError {
    /// An error that stays when the request is repeated.
    pub fn lasting(kind: GapKind, place: impl Into<String>, detail: impl AsRef<str>) -> StoreError {
        StoreError { kind, place: place.into(), detail: one_line(detail.as_ref()), retry: false }
    }

    /// An error that may go away when the request is repeated.
    pub fn passing(kind: GapKind, place: impl Into<String>, detail: impl AsRef<str>) -> StoreError {
        StoreError { retry: true, ..StoreError::lasting(kind, place, detail) }
    }

    /// The same error without a text that must not be shown.
    pub(crate) fn without(mut self, secret: &str) -> StoreError {
        if !secret.is_empty() {
            self.detail = self.detail.replace(secret, "[hidden]");
        }
        self
    }
}

impl From<StoreError> for Gap {
    fn from(error: StoreError) -> Gap {
        Gap { kind: error.kind, place: error.place, detail: error.detail }
    }
}

/// The text on one line, without control characters, cut at [`DETAIL_BYTES`].
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(DETAIL_BYTES));
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
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
        check(" a\r\n\tb\u{1b}[31m ", "a b [31m");
        check("no key KEYID here", "no key [hidden] here");
        let long = StoreError::lasting(GapKind::Malformed, "s3://b/", "é".repeat(500)).detail;
        assert!(long.len() <= DETAIL_BYTES + 3 && long.ends_with('…'), "{long}");
    }
}
