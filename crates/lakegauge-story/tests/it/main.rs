//! Lakes simulated day by day: real incidents, variations of them, and what holds for any feed.

mod cases;
mod large;
mod neighbours;
mod promises;
