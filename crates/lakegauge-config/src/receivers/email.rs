//! An email address.

use super::channel::Channel;
use super::kind::Kind;
use crate::key::{Key, Place};
use crate::scalar;

pub(super) const EMAIL: Kind = Kind {
    key: Key {
        name: "email",
        doc: "An email address.",
        schema: r#"{"type": "string", "format": "email"}"#,
        place: Place::Address,
        examples: ["email: a@b.example", "email: c@b.example"],
    },
    read: |node, reading| {
        let text = scalar::text(node, "email", reading.problems)?;
        if text.split('@').filter(|part| !part.is_empty()).count() != 2 {
            reading.wrong(node, format!("`{text}` is not an email address"), "write `name@example.org`");
        }
        Some(Channel::Email(text.to_owned()))
    },
};
