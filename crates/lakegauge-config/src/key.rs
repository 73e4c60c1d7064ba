//! One key of a mapping of the config.

/// What is known of a key, whatever it is a key of. The parser, the hints for unknown keys, the JSON Schema and the
/// masking of secrets read this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// As typed.
    pub(super) name: &'static str,
    /// What it means, with its default.
    pub(super) doc: &'static str,
    /// Its JSON Schema, without the description.
    pub(super) schema: &'static str,
    /// What its value may contain.
    pub(super) place: Place,
    /// Two settings with different meanings, each with whatever else they need: `plan` is held to tell them apart.
    pub(super) examples: [&'static str; 2],
}

/// What stands at a place of a config, and whether that may be a secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// The config itself.
    Top,
    /// Below `datasets`: the user names the keys.
    Datasets,
    /// A dataset, or `defaults`.
    Dataset,
    /// Below `alarms`: metrics.
    Alarms,
    /// One alarm.
    Alarm,
    /// Below `remediate`.
    Remedy,
    /// Below `airflow`.
    Airflow,
    /// Below the top-level `notify`: the user names the keys.
    Receivers,
    /// One receiver: its kind and its address, which is a secret unless its kind says otherwise.
    Receiver,
    /// Below a dataset's `notify`: names of receivers. A user may put an address there by mistake.
    Names,
    /// Where an email address or an ARN belongs. A user may put a secret there by mistake.
    Address,
    /// Where the ARN of a secret belongs. A user may put the secret itself there by mistake.
    Credential,
    /// A value that is always a secret, or the value of an unknown key.
    Secret,
    /// A value that is not a secret.
    Plain,
}
