//! Variations of the real incidents: what else happens to lakes, and the right verdicts.

mod afterwards;
mod how_much;
mod when;
