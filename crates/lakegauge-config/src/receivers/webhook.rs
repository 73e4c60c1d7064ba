//! Any HTTP address.

use super::channel::Channel;
use super::kind::{Kind, SECRET, secret};
use crate::key::{Key, Place};

pub(super) const WEBHOOK: Kind = Kind {
    key: Key {
        name: "webhook",
        doc: "Any HTTP address, as a reference.",
        schema: SECRET,
        place: Place::Secret,
        examples: ["webhook: file:one", "webhook: \"${env:TWO}\""],
    },
    read: |node, reading| secret(node, "webhook", reading).map(Channel::Webhook),
};
