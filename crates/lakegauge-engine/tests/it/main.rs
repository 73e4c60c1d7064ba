//! A simulator of the one pipeline: weeks of landings, incidents, gaps and crashes, decided by a seed.
//!
//! `LAKEGAUGE_SEED=n` replays one world, `LAKEGAUGE_SEEDS=n` runs that many.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod audit;
mod history;
mod instances;
mod lake;
mod story;
mod world;

use lakegauge_story::seeds;

#[test]
fn every_world_keeps_the_promises() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (mut runs, mut broken) = (0, Vec::new());
    for seed in seeds(40) {
        let mut story = story::Story::new(seed);
        if let Err(promise) = runtime.block_on(story.tell()) {
            let steps = story.last_steps();
            broken.push(format!(
                "seed {seed}: {promise}\nreplay with LAKEGAUGE_SEED={seed}; the last steps:\n{steps}"
            ));
        }
        runs += story.runs;
    }
    println!("{runs} runs");
    assert!(runs > 0, "nothing was simulated");
    for each in &broken {
        eprintln!("{}", each.lines().next().unwrap_or_default());
    }
    assert!(broken.is_empty(), "{} worlds broke a promise; the first: {}", broken.len(), broken[0]);
}
