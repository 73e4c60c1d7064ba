//! Names that AWS takes, and prefixes that a policy has room for.

/// The longest part of a name that a dataset gives to something in AWS.
const LONGEST_SLUG: usize = 40;
/// Characters of a role's policy that prefixes may take up. A role has 10,240 for everything.
const POLICY_ROOM: usize = 6_000;

/// A dataset's name in the characters that rules of EventBridge, keys of S3 and file systems take. Different names stay
/// different.
pub(super) fn slug(name: &str) -> String {
    plainly(name, "_-.")
}

/// A receiver's name in the characters that topics of SNS take, which know no full stop. Different names stay different.
pub(super) fn topic(name: &str) -> String {
    plainly(name, "_-")
}

/// A name of ASCII letters, digits and `besides`, with a fingerprint behind it where something had to go.
fn plainly(name: &str, besides: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || besides.contains(c);
    if name.chars().all(plain) && name.len() <= LONGEST_SLUG {
        return name.to_owned();
    }
    let hash = format!("{:08x}", fingerprint(name) as u32);
    let kept: String = name.chars().map(|c| if plain(c) { c } else { '-' }).take(LONGEST_SLUG - 9).collect();
    format!("{kept}-{hash}")
}

/// FNV-1a: tells texts apart that nobody made to look alike.
pub(super) fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The prefixes below which everything lies that has one of `prefixes`, none below another: the fewest letters away from
/// what was asked for that a policy has room for. `root` is in front of all of them.
pub(super) fn covering(prefixes: impl IntoIterator<Item = String>, root: &str) -> Vec<String> {
    covering_within(prefixes, root, POLICY_ROOM)
}

fn covering_within(prefixes: impl IntoIterator<Item = String>, root: &str, room: usize) -> Vec<String> {
    let mut found: Vec<String> = prefixes.into_iter().collect();
    loop {
        found.sort();
        found.dedup();
        let mut kept: Vec<String> = Vec::with_capacity(found.len());
        for prefix in found {
            // In order, what is below another comes after it.
            if !kept.last().is_some_and(|last| prefix.starts_with(last.as_str())) {
                kept.push(prefix);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_short_and_differ() {
        assert_eq!(slug("kpi_sales"), "kpi_sales");
        assert_eq!(slug("kpi/sales"), format!("kpi-sales-{:08x}", fingerprint("kpi/sales") as u32));
        assert_ne!(slug("kpi/sales"), slug("kpi-sales"));
        let long = slug(&"é".repeat(90));
        assert!(long.len() <= LONGEST_SLUG && long.is_ascii(), "{long}");
        assert_eq!(slug("data.team"), "data.team");
        assert_eq!(topic("data-team"), "data-team");
        assert_eq!(topic("data.team"), format!("data-team-{:08x}", fingerprint("data.team") as u32));
    }

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
}
