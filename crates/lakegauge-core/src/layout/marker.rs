//! Where a writer marks completeness.

use std::fmt;

use super::dated::{Layout, partition_of};
use super::error::LayoutError;
use super::looking;
use super::matching;
use super::parse;
use super::template::Template;
use crate::partition::Partition;

/// An object that marks a partition as complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// In each partition, by its name below the partition's prefix: `_SUCCESS`.
    Inside(String),
    /// Below the dataset's static prefix: `root:_SUCCESS` (one for all, rewritten each time) or
    /// `root:done/{date}._SUCCESS` (one per partition).
    Root(RootMarker),
}

/// The name of a marker at the dataset's root, as a template of whole keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RootMarker {
    typed: String,
    template: Template,
}

impl Marker {
    /// Reads `NAME` or `root:TEMPLATE`. A dated root marker must have the layout's cadence and no splitting keys
    /// that the layout does not have.
    ///
    /// # Errors
    /// Places are bytes of `text`.
    pub fn parse(text: &str, layout: &Layout) -> Result<Marker, LayoutError> {
        let Some(typed) = text.strip_prefix("root:") else { return inside(text) };
        let shift = |error: LayoutError| LayoutError { at: error.at.start + 5..error.at.end + 5, ..error };
        // The static prefix has no tokens, so any error is in what was typed.
        let alone = parse::template(typed).map_err(shift)?;
        let fail = |message: &str, hint: String| Err(LayoutError::new(0..text.len(), message, hint));
        if alone.cadence.is_some_and(|cadence| cadence != layout.cadence()) {
            let hint =
                format!("the path is {}: write the marker so, or without a date", layout.cadence().name());
            return fail("the marker's date has another length than the partition's", hint);
        }
        if alone.splits != layout.splits() && !alone.splits.is_empty() {
            let hint = format!("use those of the path ({}), or none", layout.splits().join(", "));
            return fail("the marker has other keys than the path", hint);
        }
        if typed.ends_with('/') || typed.contains("{*}") {
            return fail("the marker is not one object", "write its whole name, without `{*}`".to_owned());
        }
        let mut template = parse::template(&format!("{}{typed}", layout.static_prefix())).map_err(shift)?;
        template.flat = true;
        Ok(Marker::Root(RootMarker { typed: typed.to_owned(), template }))
    }
}

fn inside(name: &str) -> Result<Marker, LayoutError> {
    let bad = name.is_empty() || name.starts_with('/') || name.ends_with('/');
    if bad || name.contains(['{', '}']) || name.split('/').any(|level| level == ".." || level == ".") {
        let hint = "write an object's name such as `_SUCCESS`, or `root:NAME` for one at the dataset's root";
        return Err(LayoutError::new(0..name.len(), format!("`{name}` is not the name of a marker"), hint));
    }
    Ok(Marker::Inside(name.to_owned()))
}

impl RootMarker {
    /// The marker's key, relative to the lake's root. `splits` as in [`Layout::looks`].
    pub fn key(&self, partition: Partition, splits: &[String]) -> Option<String> {
        let path = looking::path(&self.template, partition, splits, looking::Way::default());
        path.prefix().map(str::to_owned)
    }

    /// Whether the marker names its partition; otherwise, the one object is about the newest partition.
    pub fn is_dated(&self) -> bool {
        self.template.cadence.is_some()
    }

    /// Whether `key` is the marker; if so, the partition in its name (`None` for an undated one) and the values of
    /// its splitting keys.
    pub fn locate(&self, key: &str) -> Option<(Option<Partition>, Vec<String>)> {
        let found = matching::locate(&self.template, key)?;
        let partition = match self.template.cadence {
            Some(cadence) => Some(partition_of(&found, cadence)?),
            None => None,
        };
        Some((partition, found.splits))
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Marker::Inside(name) => f.pad(name),
            Marker::Root(root) => f.pad(&format!("root:{}", root.typed)),
        }
    }
}
