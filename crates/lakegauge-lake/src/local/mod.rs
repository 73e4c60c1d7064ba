//! A lake in a folder.
//!
//! Keys are paths below the folder with `/` between the levels. A name that is not UTF-8 is listed with U+FFFD in
//! place of what is not. Links are followed as a reader would, except where they lead in circles; a link to
//! nothing is nothing.

mod folder;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use folder::Local;
