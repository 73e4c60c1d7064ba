//! What must never be shown: secrets that are in a config by mistake.
//!
//! The place of a value comes first (`place`): below `notify`, after the key of a credential, and after any key that
//! the config does not know, everything is covered. Then its form, wherever it is (`pattern`).

mod cover;
mod pattern;
mod place;

pub(super) use cover::Mask;
