//! How secrets look, wherever they stand: in an address, or as a token of a known form.

use std::ops::Range;

/// Addresses whose first part is a container, not a login.
const CONTAINERS: [&str; 4] = ["abfs", "abfss", "wasb", "wasbs"];

/// How tokens of known services begin, with the least length of the whole.
const TOKENS: [(&str, usize); 17] = [
    ("AKIA", 20),
    ("ASIA", 20),
    ("AIza", 30),
    ("eyJ", 20),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghs_", 20),
    ("ghu_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("sk-", 20),
    ("sk_live_", 16),
    ("SG.", 20),
    ("dapi", 30),
];

/// A part of an address that is longer, and has digits among its letters, was made by a machine.
const OPAQUE: usize = 20;

/// What looks like a secret, in the order of the text.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || "\"'`<>|".contains(c)) {
        let at = start;
        start += word.len();
        let word = word.trim_end_matches(|c: char| c.is_whitespace() || "\"'`<>|,;.)]}".contains(c));
        match word.find("://") {
            Some(scheme) => address(word, scheme, at, &mut found),
            None => token(word, at, &mut found),
        }
    }
    found.sort_by_key(|range: &Range<usize>| range.start);
    found
}

/// The secrets of one address: a login, the values of its query, and a path that is itself a key.
fn address(word: &str, scheme: usize, at: usize, found: &mut Vec<Range<usize>>) {
    let begin = scheme + 3;
    let rest = word.get(begin..).unwrap_or_default();
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let container = CONTAINERS.iter().any(|name| word.get(..scheme).is_some_and(|s| s.ends_with(name)));
    let mut place = |from: usize, to: usize| {
        if from < to {
            found.push(at + begin + from..at + begin + to);
        }
    };
    // A password may hold a `/`; what follows the last `@` cannot.
    let login = match rest.get(..authority).and_then(|authority| authority.rfind('@')) {
        Some(end) => Some(end).filter(|end| !container || rest.get(..*end).is_some_and(|l| l.contains(':'))),
        None => rest.rfind('@').filter(|end| has_port_or_password(rest, *end)),
    };
    if let Some(end) = login {
        place(0, end);
    }
    let path = login.unwrap_or(0).max(authority.min(rest.len()));
    let tail = rest.get(path..).unwrap_or_default();
    let query = tail.find('?').unwrap_or(tail.len());
    let is_hook = word.to_ascii_lowercase().contains("hook") || word.contains("api.telegram.org/bot");
    if is_hook {
        place(path + 1, path + query);
    } else {
        let mut from = path;
        for segment in tail.get(..query).unwrap_or_default().split_inclusive('/') {
            let bare = segment.trim_end_matches('/');
            if is_opaque(bare) {
                place(from, from + bare.len());
            }
            from += segment.len();
        }
    }
    let mut from = path + query;
    for pair in tail.get(query..).unwrap_or_default().split_inclusive(['?', '&', ';', '#']) {
        let bare = pair.trim_end_matches(['?', '&', ';', '#']);
        let value = bare.find('=').map_or(0, |equals| equals + 1);
        place(from + value, from + bare.len());
        from += pair.len();
    }
}

/// Whether what stands before an `@` has the `:` between a user and a password, and that is no port.
fn has_port_or_password(rest: &str, end: usize) -> bool {
    let before = rest.get(..end).unwrap_or_default();
    let first = before.split('/').next().unwrap_or_default();
    first
        .split_once(':')
        .is_some_and(|(_, port)| port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()))
}

fn is_opaque(segment: &str) -> bool {
    let has = |of: fn(&char) -> bool| segment.chars().any(|c| of(&c));
    let machine = segment.chars().all(|c| c.is_ascii_alphanumeric() || "_-~".contains(c));
    segment.len() >= OPAQUE
        && machine
        && has(char::is_ascii_digit)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_uppercase)
}

/// A token of a known service.
fn token(word: &str, at: usize, found: &mut Vec<Range<usize>>) {
    for (begins, least) in TOKENS {
        let Some(from) = word.find(begins) else { continue };
        let first = word.get(..from).and_then(|before| before.chars().next_back());
        let rest = word.get(from..).unwrap_or_default();
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.~+/=".contains(c))).unwrap_or(rest.len());
        if length >= least && first.is_none_or(|c| !c.is_ascii_alphanumeric()) {
            found.push(at + from..at + from + length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_found() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = secrets(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("lake: s3://acme-lake/refined", &[]);
        check("lake: s3://AKIA:S3CRET@acme/x # old", &["AKIA:S3CRET"]);
        check("s3://AKIA:S3/CR+ET@acme/x", &["AKIA:S3/CR+ET"]);
        check("https://TOKEN@git.example/a", &["TOKEN"]);
        check("http://localhost:9000/@scope/a", &[]);
        check("abfss://raw@acme.dfs.core.windows.net/x", &[]);
        check("https://wiki.example/kpi-sales?page=12&sig=ab#part", &["12", "ab", "part"]);
        check("\"https://hooks.slack.com/services/T0/B0/x\"", &["services/T0/B0/x"]);
        check("https://acme.webhook.office.com/a/b?c=d", &["a/b", "d"]);
        check("https://api.telegram.org/bot12:AA/send", &["bot12:AA/send"]);
        check("https://in.example/v1/aB3aB3aB3aB3aB3aB3aB3/x", &["aB3aB3aB3aB3aB3aB3aB3"]);
        check("owner: ghp_0123456789abcdef0123", &["ghp_0123456789abcdef0123"]);
        check("[AKIAIOSFODNN7EXAMPLE, b]", &["AKIAIOSFODNN7EXAMPLE"]);
        check("path: sk-orders/{date}/", &[]);
        check("a://", &[]);
        check("://@", &[]);
    }
}
