//! Lakes whose days are told: real incidents, neighbours of them, and what holds for any feed.

mod cases;
mod neighbours;
