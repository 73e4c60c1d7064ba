//! What the path of a folder tells.

/// The folder right below `prefix` in which a key is.
pub(super) fn inside<'k>(key: &'k str, prefix: &str) -> Option<&'k str> {
    key.strip_prefix(prefix)?.split_once('/').map(|(child, _)| child)
}

/// The number of levels of a folder.
pub(super) fn depth(folder: &str) -> usize {
    folder.matches('/').count()
}

/// The last level of a folder.
pub(super) fn name(folder: &str) -> &str {
    folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Whether a folder's name may be a date, an hour, or a part of one: `date=2026-11-21`, `2026`, `hour=05`, `2026-W47`.
pub(super) fn is_dated(name: &str) -> bool {
    let value = value(name);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits >= 2 && value.bytes().all(|b| b.is_ascii_digit() || b"-_:.TWZ%+".contains(&b))
}

/// Whether a folder's name is that of an hour: no month and no day is 00.
pub(super) fn is_hour(name: &str) -> bool {
    let value = value(name);
    value == "00" || value.contains('T')
}

/// The month of a day's folder, 1 to 12, if its last levels are a year, a month and a day, in that order.
pub(super) fn month(folder: &str) -> Option<u8> {
    let levels: Vec<&str> =
        folder.trim_end_matches('/').rsplit('/').take_while(|name| is_dated(name)).collect();
    let digits: String =
        levels.iter().rev().flat_map(|name| value(name).chars()).filter(char::is_ascii_digit).collect();
    let month = digits.get(4..6).filter(|_| digits.len() == 8)?.parse().ok()?;
    (1..=12).contains(&month).then_some(month)
}

/// The value of a level, with or without a key.
fn value(name: &str) -> &str {
    name.rsplit('=').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_days_folder_tells_its_month() {
        for folder in ["a/date=2026-03-21/", "2026/03/21/", "a/year=2026/month=03/day=21/", "dt=20260321/"] {
            assert_eq!(month(folder), Some(3), "{folder}");
        }
        for folder in
            ["a/", "2026/03/", "a/2026-W12/", "21/03/2026/", "a/date=2026-03-21/hour=05/", "13/2026-03-21/"]
        {
            assert_eq!(month(folder), None, "{folder}");
        }
    }

    #[test]
    fn dated_names_and_hours() {
        assert!(["date=2026-11-21", "2026", "hour=05", "2026-W47", "20261121T05"].into_iter().all(is_dated));
        assert!(!["raw", "v2", "region=eu", ""].into_iter().any(is_dated));
        assert!(is_hour("hour=00") && is_hour("2026-11-21T05") && !is_hour("day=01"));
    }
}
