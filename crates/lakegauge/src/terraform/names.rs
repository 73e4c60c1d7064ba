//! Names that AWS takes.

/// The longest part of a name that a dataset gives to something in AWS.
const LONGEST_SLUG: usize = 40;

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
}
