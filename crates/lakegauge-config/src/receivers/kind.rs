//! A kind of receiver: all that is known about it.

use super::channel::Channel;
use super::secret::{Secret, reference};
use crate::key::{Key, Place};
use crate::reading::Reading;
use crate::scalar;
use crate::tree::Node;

/// A kind of receiver.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) key: Key,
    /// Reads its address. No message repeats a possible secret.
    pub(super) read: fn(&Node, &mut Reading<'_>) -> Option<Channel>,
}

impl Kind {
    /// Whether its address is itself a secret.
    pub(crate) fn is_secret(&self) -> bool {
        self.key.place == Place::Secret
    }
}

/// The JSON Schema of a reference to a secret.
pub(super) const SECRET: &str = r#"{"type": "string", "pattern": "^(\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}|file:.+)$", "examples": ["${env:SLACK_WEBHOOK}"]}"#;

/// Reads the address of a kind whose address is a secret.
pub(super) fn secret(node: &Node, name: &str, reading: &mut Reading<'_>) -> Option<Secret> {
    let text = scalar::text(node, name, reading.problems)?;
    let secret = reference(text);
    if secret.is_none() && text.starts_with("${") {
        let hint = format!(
            "write `{name}: \"${{env:NAME}}\"`: a name has letters, digits and `_`, and does not start with a digit"
        );
        reading.wrong(node, "this is not a valid reference to an environment variable", hint);
    } else if secret.is_none() {
        let message = format!("the {name} address is a secret, but is written here in plain text");
        reading.wrong(node, message, format!("write `{name}: \"${{env:NAME}}\"` or `{name}: file:PATH`"));
    }
    secret
}
