//! What must never be drawn: secrets that stand in a config by mistake.
//!
//! Where a value stands decides first (`place`): below `notify`, behind the key of a credential, and behind any key that the
//! config does not know, everything is covered. Then how a text looks, wherever it stands (`pattern`).

mod cover;
mod pattern;
mod place;

pub(super) use cover::Mask;
