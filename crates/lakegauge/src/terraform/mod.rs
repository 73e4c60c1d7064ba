//! The serverless deployment of a config, as a Terraform module.
//!
//! The module itself is plain HCL, in `module/`, the same for everybody. A config only adds data: `main.tf` (where
//! the lake is) and `datasets.tf` (one map, with an entry per dataset), written by `hcl`, and the config in pieces
//! below `config/`. Reading order: `settings`, `entry` (a dataset as data), `names`, `prefixes`, `hcl`, `module` (all
//! files), `effects` (the effect of a changed config), `place` (writes the folder).

mod effects;
mod entry;
mod hcl;
mod module;
mod names;
mod place;
mod prefixes;
mod settings;
#[cfg(test)]
mod tests;

pub(crate) use effects::effects;
pub(crate) use module::files;
pub(crate) use names::alike;
pub(crate) use place::{Placed, place};
pub(crate) use settings::{Events, Settings};
