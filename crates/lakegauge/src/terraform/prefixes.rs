//! Limits the number of prefixes to what a role's policy and a bucket's notifications can hold.

use std::collections::BTreeSet;

/// Characters of a role's policy that prefixes may use. The limit for the whole policy is 10,240.
const POLICY_ROOM: usize = 6_000;
/// S3's limit of event notifications per bucket.
const MOST_FILTERS: usize = 100;
/// Characters that S3's guide and the form encoding of its events encode differently, and the wildcard that it
/// rejects.
const UNSURE: &[char] = &['*', '!', '\'', '(', ')', '~'];

/// Prefixes that cover all of `prefixes`, none below another, as close to the given ones as a policy has room for.
/// All of them start with `root`.
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

/// The filters of the bucket's notifications: prefixes that cover each of `prefixes`, none below another (which S3
/// rejects), at most [`MOST_FILTERS`]. They are not encoded; the module does that. A filter need not end at a slash.
/// The function ignores other keys that it lets through.
pub(super) fn filters(prefixes: impl IntoIterator<Item = String>) -> Vec<String> {
    filters_within(prefixes, MOST_FILTERS)
}

fn filters_within(prefixes: impl IntoIterator<Item = String>, most: usize) -> Vec<String> {
    let sure = |prefix: String| prefix.split(UNSURE).next().unwrap_or_default().to_owned();
    let exact = outermost(prefixes.into_iter().map(sure).collect());
    // Prefixes that share the longest beginning are merged, so that groups do not overlap.
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
        // In sorted order, a prefix comes before those below it.
        if !kept.last().is_some_and(|last| prefix.starts_with(last.as_str())) {
            kept.push(prefix);
        }
    }
    kept
}

/// The first `letters` characters of a text, or all of it.
fn head(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The common beginning of two texts. In a sorted list, the first and the last share what all of them share.
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
        // Nothing depends on how S3 encodes an asterisk.
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
