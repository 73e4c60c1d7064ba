//! Watches every made-up and public feed for months and prints how many false alarms that gave.
//!
//! `looks SERIES [--held-out FOLDER] [--only TEXT] [--json]`, where SERIES is `data/series`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;

use lakegauge_story::feed::{Feed, held_out, made, public};
use lakegauge_story::noise::{About, Noise, watch};

struct Options {
    series: PathBuf,
    held_out: Option<PathBuf>,
    only: String,
    json: bool,
}

fn options() -> Option<Options> {
    let mut words = std::env::args().skip(1);
    let series = words.next()?.into();
    let mut options = Options { series, held_out: None, only: String::new(), json: false };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--held-out" => options.held_out = Some(words.next()?.into()),
            "--only" => options.only = words.next()?,
            "--json" => options.json = true,
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: looks SERIES [--held-out FOLDER] [--only TEXT] [--json]");
        return ExitCode::from(2);
    };
    let groups = [
        ("made", made()),
        ("public", public(&options.series)),
        ("held-out", options.held_out.as_deref().map(held_out).unwrap_or_default()),
    ];
    let mut figures = BTreeMap::new();
    for (group, feeds) in groups {
        let feeds: Vec<Feed> = feeds.into_iter().filter(|feed| feed.name.contains(&options.only)).collect();
        let noises = watch_all(&feeds);
        for noise in &noises {
            if !options.json {
                show(noise);
            }
            let total = figures.entry(format!("{group}, {}", noise.cadence.name())).or_insert((0, 0.0));
            *total = (total.0 + noise.count(), total.1 + noise.months);
        }
    }
    let rates = figures.iter().map(|(name, (count, months))| {
        let rate = (*count as f64 / months * 1_000.0).round() / 1_000.0;
        format!("  \"{name}\": {rate:.3}")
    });
    println!("{{\n{}\n}}", rates.collect::<Vec<_>>().join(",\n"));
    for (name, (count, months)) in figures.iter().filter(|_| !options.json) {
        println!("{name}: {count} in {months:.1} dataset-months");
    }
    ExitCode::SUCCESS
}

/// Two at a time, in the order of the feeds.
fn watch_all(feeds: &[Feed]) -> Vec<Noise> {
    let (next, done) = (Mutex::new(0), Mutex::new(BTreeMap::new()));
    let work = || loop {
        let nth = {
            let Ok(mut next) = next.lock() else { return };
            *next += 1;
            *next - 1
        };
        let Some(feed) = feeds.get(nth) else { return };
        eprintln!("{}", feed.name);
        let noise = watch(feed);
        if let Ok(mut done) = done.lock() {
            done.insert(nth, noise);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    done.into_inner().map(|done| done.into_values().collect()).unwrap_or_default()
}

fn show(noise: &Noise) {
    let of = |about| noise.alarms.get(&about).copied().unwrap_or_default();
    let [looks, alarmed, unknown] = noise.looks;
    println!(
        "{:8} {:42} {:6.3}/month = {:4} (time {}, volume {}, change {}) in {:.1} months; {} pages, {alarmed} of {looks} \
         looks in alarm, {unknown} unknown",
        noise.cadence.name(),
        noise.name,
        noise.rate(),
        noise.count(),
        of(About::Time),
        of(About::Volume),
        of(About::Change),
        noise.months,
        noise.pages,
    );
    noise.examples.iter().for_each(|example| println!("         {example}"));
}
