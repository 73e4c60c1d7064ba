//! A receiver, and where its messages go.

use std::fmt;

use super::secret::Secret;

/// A place that messages can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// As the datasets name it.
    pub name: String,
    /// Where its messages go.
    pub to: Channel,
}

/// Where messages go. What is secret is a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A Slack webhook.
    Slack(Secret),
    /// A Microsoft Teams webhook.
    Teams(Secret),
    /// A PagerDuty integration key.
    PagerDuty(Secret),
    /// Any HTTP address.
    Webhook(Secret),
    /// An email address.
    Email(String),
    /// The ARN of an SNS topic.
    Sns(String),
}

impl Channel {
    /// The kind, as typed in the config.
    pub fn kind(&self) -> &'static str {
        match self {
            Channel::Slack(_) => "slack",
            Channel::Teams(_) => "teams",
            Channel::PagerDuty(_) => "pagerduty",
            Channel::Webhook(_) => "webhook",
            Channel::Email(_) => "email",
            Channel::Sns(_) => "sns",
        }
    }

    /// The address, unless it is a secret.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Channel::Email(address) | Channel::Sns(address) => Some(address),
            Channel::Slack(_) | Channel::Teams(_) | Channel::PagerDuty(_) | Channel::Webhook(_) => None,
        }
    }

    /// Where the address is stored, if it is a secret.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Channel::Slack(secret)
            | Channel::Teams(secret)
            | Channel::PagerDuty(secret)
            | Channel::Webhook(secret) => Some(secret),
            Channel::Email(_) | Channel::Sns(_) => None,
        }
    }
}

impl fmt::Display for Channel {
    /// The kind and the address: `slack ${env:SLACK_WEBHOOK}`, `email ops@example.org`. Never a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match (self.plain(), self.secret()) {
            (Some(address), _) => write!(f, " {address}"),
            (None, Some(secret)) => write!(f, " {secret}"),
            (None, None) => Ok(()),
        }
    }
}
