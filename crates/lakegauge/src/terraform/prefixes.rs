//! Prefixes of the lake: as many as a role's policy and a bucket's notifications have room for.

use std::collections::BTreeSet;

/// Characters of a role's policy that prefixes may take up. A role has 10,240 for everything.
const POLICY_ROOM: usize = 6_000;
/// Event notifications that S3 lets a bucket have.
const MOST_FILTERS: usize = 100;
/// Letters that S3's guide and the form encoding of its events write differently, and the wildcard that it refuses.
const UNSURE: &[char] = &['*', '!', '\'', '(', ')', '~'];

/// The prefixes below which everything lies that has one of `prefixes`, none below another: the fewest letters away from
/// what was asked for that a policy has room for. `root` is in front of all of them.
pub(super) fn covering(prefixes: impl IntoIterator<Item = String>, root: &str) -> Vec<String> {
    covering_within(prefixes, root, POLICY_ROOM)
}

fn covering_within(prefixes: impl IntoIterator<Item = String>, root: &str, room: usize) -> Vec<String> {
    let mut found: Vec<String> = prefixes.into_iter().collect();
    loop {
        let kept = outermost(found);
        let size: usize = kept.iter().map(|prefix| prefix.len() + 4).sum();
        let deepest = kept.iter().map(|prefix| levels(prefix)).max().unwrap_or(0);
        if size <= room || deepest <= levels(root) {
            return kept;
        }
        let parent = |prefix: String| match levels(&prefix) == deepest {
            true => parent(&prefix).filter(|parent| parent.starts_with(root)).unwrap_or(root).to_owned(),
            false => prefix,
        };
        found = kept.into_iter().map(parent).collect();
    }
}

fn levels(prefix: &str) -> usize {
    prefix.matches('/').count()
}

fn parent(prefix: &str) -> Option<&str> {
    let body = prefix.strip_suffix('/').unwrap_or(prefix);
    body.rfind('/').and_then(|at| prefix.get(..=at))
}

/// What the bucket's notifications are filtered by: prefixes above which or at which each of `prefixes` lies, none above
/// another (which S3 refuses), at most [`MOST_FILTERS`]. They are as people read them; the module encodes them.
/// A filter need not end at a slash. What it lets through besides, the function leaves alone.
pub(super) fn filters(prefixes: impl IntoIterator<Item = String>) -> Vec<String> {
    filters_within(prefixes, MOST_FILTERS)
}

fn filters_within(prefixes: impl IntoIterator<Item = String>, most: usize) -> Vec<String> {
    let sure = |prefix: String| prefix.split(UNSURE).next().unwrap_or_default().to_owned();
    let exact = outermost(prefixes.into_iter().map(sure).collect());
    // All that begin alike for as long as possible fall into one, so that groups do not overlap.
    let longest = exact.iter().map(|prefix| prefix.chars().count()).max().unwrap_or(0);
    let groups = |letters: usize| exact.iter().map(|prefix| head(prefix, letters)).collect::<BTreeSet<_>>();
    let letters = (0..=longest).rev().find(|letters| groups(*letters).len() <= most).unwrap_or(0);
    let together = exact.chunk_by(|a, b| head(a, letters) == head(b, letters));
    together.filter_map(|group| Some(alike(group.first()?, group.last()?).to_owned())).collect()
}

/// `prefixes` in order, without those below another.
fn outermost(mut prefixes: Vec<String>) -> Vec<String> {
    prefixes.sort();
    let mut kept: Vec<String> = Vec::with_capacity(prefixes.len());
    for prefix in prefixes {
        // In order, what is below another comes after it.
        if !kept.last().is_some_and(|last| prefix.starts_with(last.as_str())) {
            kept.push(prefix);
        }
    }
    kept
}

/// The first `letters` of a text, or all of it.
fn head(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// What two texts begin with. Of texts in order, the first and the last share what all share.
fn alike<'a>(a: &'a str, b: &str) -> &'a str {
    head(a, a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prefixes_cover_what_was_asked_for() {
        let check = |prefixes: &[&str], room: usize, expect: &[&str]| {
            let found = covering_within(prefixes.iter().map(|p| (*p).to_owned()), "r/", room);
            assert_eq!(found, expect);
        };
        check(&["r/b/", "r/a/x/", "r/a/", "r/b/"], 100, &["r/a/", "r/b/"]);
        check(&["r/a/x/1/", "r/a/x/2/", "r/b/"], 100, &["r/a/x/1/", "r/a/x/2/", "r/b/"]);
        check(&["r/a/x/1/", "r/a/x/2/", "r/b/"], 30, &["r/a/x/", "r/b/"]);
        check(&["r/a/x/1/", "r/a/x/2/", "r/b/"], 17, &["r/a/", "r/b/"]);
        check(&["r/a/x/1/", "r/a/x/2/", "r/b/"], 3, &["r/"]);
        check(&["r/", "r/b/"], 3, &["r/"]);
    }

    #[test]
    fn filters_are_few_and_lie_above_what_was_asked_for() {
        let check = |prefixes: &[&str], most: usize, expect: &[&str]| {
            assert_eq!(filters_within(prefixes.iter().map(|p| (*p).to_owned()), most), expect);
        };
        check(&["r/b/", "r/a/x/", "r/a/"], 2, &["r/a/", "r/b/"]);
        check(&["r/sales_eu/", "r/sales_us/", "r/kpi/"], 3, &["r/kpi/", "r/sales_eu/", "r/sales_us/"]);
        check(&["r/sales_eu/", "r/sales_us/", "r/kpi/"], 2, &["r/kpi/", "r/sales_"]);
        check(&["r/sales_eu/", "r/sales_us/", "r/kpi/"], 1, &["r/"]);
        check(&["r/a", "r/abc/", "x/"], 2, &["r/a", "x/"]);
        check(&["a/", "b/"], 1, &[""]);
        check(&["", "b/"], 1, &[""]);
        check(&[], 1, &[]);
        // Nothing depends on how S3 writes an asterisk.
        check(&["team*x/a/", "team*x/b/", "région/"], 5, &["région/", "team"]);
        let many: Vec<String> = (0..300).map(|n| format!("lake/dataset-{n:03}/")).collect();
        let tens: Vec<String> = (0..30).map(|n| format!("lake/dataset-{n:02}")).collect();
        assert_eq!(filters(many), tens);
    }

    proptest! {
        #[test]
        fn no_prefix_goes_without_a_filter(
            prefixes in prop::collection::vec("([a-cé*]{0,3}/){0,3}", 0..40),
            most in 1_usize..12,
        ) {
            let filters = filters_within(prefixes.clone(), most);
            prop_assert!(filters.len() <= most);
            for prefix in &prefixes {
                let above = filters.iter().filter(|filter| prefix.starts_with(filter.as_str())).count();
                prop_assert_eq!(above, 1, "{} in {:?}", prefix, filters);
            }
        }
    }
}
