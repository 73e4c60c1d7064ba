//! The objects that every store is filled with.

/// A key, and its bytes.
pub(crate) type Object = (String, u64);

/// The root of the lake; everything outside must stay invisible.
pub(crate) const ROOT: &str = "refined zone+/";

/// Keys that every store accepts.
fn plain() -> Vec<&'static str> {
    vec![
        "kpi/date=2026-11-20/part-0",
        "kpi/date=2026-11-20/_SUCCESS",
        "kpi/date=2026-11-20/.part.crc",
        "kpi/date=2026-11-21/sub/part-0",
        "kpi/date=2026-11-21x/part-0",
        "kpi/a file+with%20signs & \"quotes\" <é 日本 🎉>/x",
        "kpi/ts=2026-11-20 04%3A00%3A00/x",
        "kpi/~'()*!,;:@$=.x",
        "top",
    ]
}

/// Keys that only a store without folders accepts.
fn odd() -> Vec<&'static str> {
    vec!["odd//x", "odd/./x", "odd/../x", "odd/ends/", "odd//", "odd/\u{1}\u{7f}x", "odd/new\nline", "/lead"]
}

/// The objects of a store: below the root, and next to it.
pub(crate) struct Seeded {
    /// Keys relative to the root, sorted.
    pub(crate) inside: Vec<Object>,
    /// Full keys, including those next to the root.
    pub(crate) all: Vec<Object>,
}

/// The objects for a store; `many` of them are in one partition.
pub(crate) fn seeded(with_odd: bool, many: usize) -> Seeded {
    let mut inside: Vec<Object> = Vec::new();
    let names = plain().into_iter().chain(odd().into_iter().filter(|_| with_odd));
    inside.extend(names.enumerate().map(|(n, key)| (key.to_owned(), n as u64)));
    inside.extend((0..many).map(|n| (format!("many/date=2026-11-{:02}/{n:05}", 1 + n % 20), 1)));
    inside.sort();
    let beside = ["refined zone+x/y", "refined", "refined zone /z"].map(|key| (key.to_owned(), 9));
    let all = inside.iter().map(|(key, size)| (format!("{ROOT}{key}"), *size)).chain(beside).collect();
    Seeded { inside, all }
}
