//! Which simulated worlds a test tries.

use std::ops::Range;

/// The seeds to try: `count` of them from 0; `LAKEGAUGE_SEED=n` tries that one only, to replay a failure, and
/// `LAKEGAUGE_SEEDS=n` that many.
pub fn seeds(count: u64) -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    match number("LAKEGAUGE_SEED") {
        Some(one) => one..one + 1,
        None => 0..number("LAKEGAUGE_SEEDS").unwrap_or(count),
    }
}
