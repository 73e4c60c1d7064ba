//! How many requests `init` sends to a large lake, compared with a listing of all of it: `cargo xtask bench sample`.
//!
//! The lake is computed, so the figures are requests, not time: 1,000 datasets of 400 days with 1,000 objects and a
//! marker each, or as many as the arguments say (`DATASETS PARTITIONS OBJECTS`).

#![expect(clippy::unwrap_used, reason = "a benchmark ends when it cannot run")]

use lakegauge_discover::Survey;
use lakegauge_lake::{ObjectLake, Sighting};
use lakegauge_story::{LargeLake, at};

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [datasets, partitions, objects] = given.as_slice().try_into().unwrap_or([1_000, 400, 1_000]);
    let lake = LargeLake::daily(datasets, "2026-11-24", partitions, objects);
    let (mut survey, mut pushed) = (Survey::new(), 0_u64);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = ObjectLake::new(lake.store());
    let surveyed = runtime.block_on(store.survey(None, &mut |sighting| {
        pushed += 1;
        match sighting {
            Sighting::Object(o) => survey.push(o.key, o.size, o.last_modified),
            Sighting::Sampled(o) => survey.push_sampled(o.key, o.size, o.last_modified),
            Sighting::Unseen(folder) => survey.unseen(folder),
        }
    }));
    let found = survey.finish(at("2026-11-25T12:00Z"));
    let whole = (lake.all() as u64).div_ceil(1_000);
    let requests = surveyed.list_requests;
    println!(
        "{datasets} datasets x {partitions} partitions x {objects} objects: {requests} requests, {whole} to list all \
         ({:.0} %); {} datasets found, {} with a due time, {} with a marker; {pushed} objects passed on",
        100.0 * requests as f64 / whole as f64,
        found.datasets.len(),
        found.datasets.iter().filter(|dataset| dataset.due.is_some()).count(),
        found.datasets.iter().filter(|dataset| dataset.marker.is_some()).count(),
    );
}
