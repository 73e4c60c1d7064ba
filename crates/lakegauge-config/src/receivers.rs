//! `notify`: the receivers of messages. This version reads and checks receivers. On AWS, messages go to SNS topics;
//! elsewhere nothing is sent yet, and a warning says that.
//!
//! A file each says all about one kind of receiver, and [`KINDS`] lists them, in the order of the documentation.

mod channel;
mod email;
mod kind;
mod pagerduty;
mod read;
mod secret;
mod slack;
mod sns;
mod teams;
mod webhook;

use std::sync::LazyLock;

use self::email::EMAIL;
use self::kind::Kind;
use self::pagerduty::PAGERDUTY;
use self::slack::SLACK;
use self::sns::SNS;
use self::teams::TEAMS;
use self::webhook::WEBHOOK;
use crate::key::Key;
pub use channel::{Channel, Receiver};
pub(crate) use read::{names, read};
pub use secret::Secret;
pub(crate) use secret::{is_reference, references};

/// The kinds of receiver.
pub(crate) const KINDS: &[Kind] = &[SLACK, TEAMS, PAGERDUTY, WEBHOOK, EMAIL, SNS];

/// Their keys.
pub(crate) static OF_RECEIVER: LazyLock<Vec<Key>> =
    LazyLock::new(|| KINDS.iter().map(|kind| kind.key).collect());
