//! `cargo xtask bench NAME`: lakegauge and its peers in the same run, as ratios.

mod aim;
mod build;
mod contest;
mod counted;
pub(crate) mod detection;
mod lambda;
mod listing;
mod looks;
mod machine;
mod many;
mod measured;
mod menu;
mod replaying;
mod sample;
mod scale;
mod seaweed;
mod tree;
mod watching;

pub(crate) use measured::measure_one;
pub(crate) use menu::run;
