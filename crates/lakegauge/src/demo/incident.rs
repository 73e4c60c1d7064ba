//! What befalls a feed today.

/// What befalls one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incident {
    /// The newest partition is still arriving, hours after its time.
    Late,
    /// Nothing came.
    Missing,
    /// The job ended well, and left out half.
    HalfWritten,
    /// Everything came twice.
    Doubled,
    /// The files are there, and empty.
    Emptied,
    /// The newest partition is as it should be; the one before was written again.
    Rewritten,
    /// The newest partition is as it should be; the one before lost half of its files.
    Shrunk,
}
