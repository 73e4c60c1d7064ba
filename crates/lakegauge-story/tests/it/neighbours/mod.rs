//! Neighbours of the real incidents: what else happens to lakes, and what is right.

mod how_much;
mod when;
