//! An SNS topic.

use super::channel::Channel;
use super::kind::Kind;
use crate::key::{Key, Place};
use crate::scalar;

pub(super) const SNS: Kind = Kind {
    key: Key {
        name: "sns",
        doc: "The ARN of an SNS topic.",
        schema: r#"{"type": "string", "pattern": "^arn:"}"#,
        place: Place::Address,
        examples: ["sns: \"arn:aws:sns:x:1:a\"", "sns: \"arn:aws:sns:x:1:b\""],
    },
    read: |node, reading| {
        let text = scalar::text(node, "sns", reading.problems)?;
        if !text.starts_with("arn:") {
            let message = format!("`{text}` is not the ARN of a topic");
            reading.wrong(node, message, "write `arn:aws:sns:REGION:ACCOUNT:TOPIC`");
        }
        Some(Channel::Sns(text.to_owned()))
    },
};
