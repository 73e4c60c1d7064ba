//! The incidents of today.

/// What goes wrong with one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incident {
    /// The newest partition is still arriving, hours late.
    Late,
    /// Nothing came.
    Missing,
    /// The job succeeded, but wrote only half.
    HalfWritten,
    /// Everything was written twice.
    Doubled,
    /// The files exist and are empty.
    Emptied,
    /// The newest partition is fine; the one before was rewritten.
    Rewritten,
    /// The newest partition is fine; the one before lost half of its files.
    Shrunk,
}
