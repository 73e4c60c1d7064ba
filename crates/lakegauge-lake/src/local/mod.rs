//! A lake in a folder.
//!
//! Keys are paths below the folder with `/` between the levels. In a name that is not UTF-8, invalid bytes are listed
//! as U+FFFD. Symbolic links are followed as a reader would, except for cycles; a dangling link is skipped.

mod folder;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use folder::Local;
