//! Names that AWS accepts.

use std::collections::BTreeMap;

use lakegauge_core::fingerprint::fnv1a;

/// Maximum length of the part of an AWS name that comes from a dataset.
const LONGEST_SLUG: usize = 40;

/// A dataset's name in characters that EventBridge rules, S3 keys and case-insensitive file systems accept. Different
/// names stay different, except for collisions of fingerprints, which [`alike`] finds.
pub(super) fn slug(name: &str) -> String {
    plainly(name, "_-.")
}

/// A receiver's name in characters that SNS topics accept, which exclude the full stop. Different names stay
/// different.
pub(super) fn topic(name: &str) -> String {
    plainly(name, "_-")
}

/// Two of `names` that have the same slug: with 10,000 names that need a fingerprint, one config in a hundred.
pub(crate) fn alike<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, &'a str)> {
    let mut slugs = BTreeMap::new();
    names.into_iter().find_map(|name| Some((slugs.insert(slug(name), name)?, name)))
}

/// A name of lower-case ASCII letters, digits and `besides`, followed by a fingerprint if something was replaced.
fn plainly(name: &str, besides: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || besides.contains(c);
    if name.chars().all(plain) && name.len() <= LONGEST_SLUG {
        return name.to_owned();
    }
    let hash = format!("{:08x}", fnv1a(name.as_bytes()) as u32);
    let small = name.chars().map(|c| c.to_ascii_lowercase());
    let kept: String = small.map(|c| if plain(c) { c } else { '-' }).take(LONGEST_SLUG - 9).collect();
    format!("{kept}-{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_short_and_differ() {
        assert_eq!(slug("kpi_sales"), "kpi_sales");
        assert_eq!(slug("kpi/sales"), format!("kpi-sales-{:08x}", fnv1a("kpi/sales".as_bytes()) as u32));
        assert_ne!(slug("kpi/sales"), slug("kpi-sales"));
        let long = slug(&"é".repeat(90));
        assert!(long.len() <= LONGEST_SLUG && long.is_ascii(), "{long}");
        assert_eq!(slug("Kpi"), format!("kpi-{:08x}", fnv1a("Kpi".as_bytes()) as u32));
        assert_eq!(slug("data.team"), "data.team");
        assert_eq!(topic("data-team"), "data-team");
        assert_eq!(topic("data.team"), format!("data-team-{:08x}", fnv1a("data.team".as_bytes()) as u32));
    }

    #[test]
    fn one_slug_of_two_names_is_found() {
        assert_eq!(alike(["kpi", "Kpi", "KPI", "web/clicks"]), None);
        let twin = slug("Kpi");
        assert_eq!(alike(["Kpi", "kpi", &twin]), Some(("Kpi", twin.as_str())));
    }
}
