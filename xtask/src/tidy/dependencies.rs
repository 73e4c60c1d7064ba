//! Crates depend only on lower ones, and only one crate may use each heavy dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Breach;

/// The floors of the house, the lowest first: a crate uses only crates of lower floors. A crate that stands on none (the
/// binary, xtask, the crates for tests) may use all.
const FLOORS: &[&[&str]] = &[
    &["lakegauge-core", "lakegauge-chart"],
    &["lakegauge-engine", "lakegauge-config", "lakegauge-discover", "lakegauge-replay"],
    &["lakegauge-history", "lakegauge-lake", "lakegauge-notify", "lakegauge-cloudwatch"],
    &["lakegauge-watch", "lakegauge-show", "lakegauge-aws"],
    &["lakegauge-web", "lakegauge-lambda"],
];

/// Direct dependencies by the start of their name, and a crate that may use them: one, or each crate with a line.
const DOORS: &[(&str, &str)] = &[
    ("aws-", "lakegauge-aws"),
    ("lambda_runtime", "lakegauge-lambda"),
    ("object_store", "lakegauge-aws"),
    ("object_store", "lakegauge-history"),
    ("object_store", "lakegauge-lake"),
    ("object_store", "lakegauge-testbed"),
    ("quick-xml", "lakegauge-lake"),
    ("rusqlite", "lakegauge-history"),
    // Its tests lock and damage the history file.
    ("rusqlite", "lakegauge"),
    ("clap", "lakegauge"),
    ("indicatif", "lakegauge"),
    ("quick-junit", "lakegauge-show"),
];

/// The crates for tests (servers, and simulated lakes): others may use them only in their tests.
const FOR_TESTS: [&str; 2] = ["lakegauge-testbed", "lakegauge-story"];

/// The crates that only compute: tests of any crate may use them.
const PURE: [&str; 6] = [
    "lakegauge-core",
    "lakegauge-chart",
    "lakegauge-config",
    "lakegauge-discover",
    "lakegauge-replay",
    "lakegauge-cloudwatch",
];

/// What the pure crates must not depend on: IO, async, and a database.
const IMPURE: &[&str] =
    &["tokio", "reqwest", "hyper", "rusqlite", "object_store", "futures", "async-trait", "rand", "chrono"];

/// The workspace's crates and their dependencies.
pub(super) struct Graph {
    /// Each crate of the workspace and the dependencies in its manifest, including development dependencies.
    named: BTreeMap<String, BTreeSet<String>>,
    /// Every package and the packages that it links (no development dependencies).
    links: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Parses the output of `cargo metadata`.
    pub(super) fn of_workspace(root: &Path) -> Result<Graph> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let run = Command::new(cargo)
            .args(["metadata", "--format-version=1", "--locked"])
            .current_dir(root)
            .output();
        let run = run.context("cannot run cargo metadata")?;
        ensure!(run.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&run.stderr));
        Ok(Graph::of_metadata(&serde_json::from_slice(&run.stdout)?))
    }

    fn of_metadata(metadata: &Value) -> Graph {
        let members: BTreeSet<&str> =
            each(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
        let names: BTreeMap<&str, &str> =
            each(&metadata["packages"]).map(|p| (text(&p["id"]), text(&p["name"]))).collect();
        let is_free = |name: &str| FOR_TESTS.contains(&name) || PURE.contains(&name);
        let for_tests = |dep: &&Value| is_free(text(&dep["name"])) && dep["kind"] == "dev";
        let named_by = |package: &Value| {
            let named = each(&package["dependencies"]).filter(|dep| !for_tests(dep));
            named.map(|dep| text(&dep["name"]).to_owned()).collect()
        };
        let named = each(&metadata["packages"])
            .filter(|package| members.contains(text(&package["id"])))
            .map(|package| (text(&package["name"]).to_owned(), named_by(package)))
            .collect();
        let mut links: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in each(&metadata["resolve"]["nodes"]) {
            let linked = each(&node["deps"])
                .filter(|dep| each(&dep["dep_kinds"]).any(|kind| kind["kind"].is_null()))
                .filter_map(|dep| names.get(text(&dep["pkg"])).map(|name| (*name).to_owned()));
            // Two versions of a package have one name: the links of both count.
            links
                .entry(names.get(text(&node["id"])).copied().unwrap_or_default().to_owned())
                .or_default()
                .extend(linked);
        }
        Graph { named, links }
    }

    /// Every package below `name`.
    fn below<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        let (mut seen, mut next) = (BTreeSet::new(), vec![name]);
        while let Some(links) = next.pop().map(|name| self.links.get(name)) {
            next.extend(links.into_iter().flatten().map(String::as_str).filter(|name| seen.insert(*name)));
        }
        seen
    }
}

fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A breach for each dependency that points up or sideways, each use of a restricted dependency by another crate, and
/// each impure package below the core.
pub(super) fn check(graph: &Graph) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (name, named) in &graph.named {
        let place = || format!("{name}/Cargo.toml");
        let floor = |name: &str| FLOORS.iter().position(|floor| floor.contains(&name));
        if let Some(own) = floor(name) {
            let of_the_house = named.iter().filter(|dep| graph.named.contains_key(*dep));
            let wrong = of_the_house.filter(|dep| floor(dep).is_none_or(|other| other >= own));
            breaches.extend(
                wrong.map(|dep| Breach::new(place(), format!("must not use {dep}: dependencies point down"))),
            );
        }
        let opens = |start: &str| DOORS.iter().any(|(of, door)| *of == start && door == name);
        let mut told = BTreeSet::new();
        for (start, door) in DOORS.iter().filter(|(start, _)| !opens(start)) {
            if !told.insert(start) {
                continue;
            }
            let around = named.iter().filter(|dep| dep.starts_with(start));
            breaches
                .extend(around.map(|dep| Breach::new(place(), format!("{dep} may only be used by {door}"))));
        }
    }
    for pure in PURE {
        let impure = graph.below(pure).into_iter().filter(|name| IMPURE.contains(name));
        breaches.extend(impure.map(|name| Breach::new(pure, format!("links {name}: it only computes"))));
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph of `(package, its dependencies)`; names that start with `lakegauge` are the workspace's.
    fn graph(arrows: &[(&str, &[&str])]) -> Graph {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let links: BTreeMap<String, BTreeSet<String>> =
            arrows.iter().map(|(name, deps)| ((*name).to_owned(), owned(deps))).collect();
        let named = links.iter().filter(|(name, _)| name.starts_with("lakegauge"));
        Graph { named: named.map(|(n, d)| (n.clone(), d.clone())).collect(), links }
    }

    #[test]
    fn each_rule_can_fail() {
        let check = |arrows: &[(&str, &[&str])], expect: &[&str]| {
            let found: Vec<String> =
                super::check(&graph(arrows)).into_iter().map(|breach| breach.what).collect();
            assert_eq!(found, expect, "{arrows:?}");
        };
        let core = ("lakegauge-core", ["jiff"].as_slice());
        check(&[core, ("lakegauge-engine", &["lakegauge-core"])], &[]);
        check(
            &[("lakegauge-core", &["lakegauge-engine"]), ("lakegauge-engine", &[])],
            &["must not use lakegauge-engine: dependencies point down"],
        );
        check(
            &[("lakegauge-history", &[]), ("lakegauge-lake", &["lakegauge-history"])],
            &["must not use lakegauge-history: dependencies point down"],
        );
        check(
            &[core, ("lakegauge-lake", &["aws-config"])],
            &["aws-config may only be used by lakegauge-aws"],
        );
        check(&[core, ("lakegauge-aws", &["aws-config"])], &[]);
        check(
            &[("lakegauge-core", &["jiff"]), ("jiff", &["hidden"]), ("hidden", &["tokio"])],
            &["links tokio: it only computes"],
        );
    }

    #[test]
    fn metadata_reads_into_a_graph() {
        let metadata = serde_json::json!({
            "workspace_members": ["a#1"],
            "packages": [
                {"id": "a#1", "name": "a", "dependencies": [
                    {"name": "b"}, {"name": "test-only", "kind": "dev"}, {"name": FOR_TESTS[0], "kind": "dev"},
                ]},
                {"id": "b#1", "name": "b", "dependencies": [{"name": "c"}]},
                {"id": "t#1", "name": "test-only", "dependencies": []},
            ],
            "resolve": {"nodes": [
                {"id": "a#1", "deps": [{"pkg": "b#1", "dep_kinds": [{"kind": null}]}, {"pkg": "t#1", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "b#1", "deps": []},
            ]},
        });
        let graph = Graph::of_metadata(&metadata);
        assert_eq!(graph.below("a").into_iter().collect::<Vec<_>>(), ["b"]);
        assert_eq!(graph.named.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(graph.named["a"].iter().collect::<Vec<_>>(), ["b", "test-only"]);
    }
}
