//! What a mistyped word most likely meant.

/// What people write who know other tools, and what it is called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("bucket", "lake"),
    ("root", "lake"),
    ("url", "lake"),
    ("tables", "datasets"),
    ("sources", "datasets"),
    ("receivers", "notify"),
    ("routes", "notify"),
    ("tz", "timezone"),
    ("state", "history"),
    ("database", "history"),
    ("endpoint", "endpoint_url"),
    ("parallel", "concurrency"),
    ("threads", "concurrency"),
    ("prefix", "path"),
    ("location", "path"),
    ("deadline", "due"),
    ("sla", "due"),
    ("freshness", "due"),
    ("marker", "landed_when"),
    ("complete_when", "landed_when"),
    ("checks", "alarms"),
    ("tests", "alarms"),
    ("thresholds", "alarms"),
    ("monitors", "alarms"),
    ("partitions", "look_back"),
    ("lookback", "look_back"),
    ("schedule", "calendar"),
    ("holidays", "calendar"),
    ("team", "owner"),
    ("docs", "runbook"),
    ("min", "at_least"),
    ("minimum", "at_least"),
    ("max", "at_most"),
    ("maximum", "at_most"),
    ("tolerance", "within"),
    ("compare", "against"),
    ("level", "severity"),
    ("periods", "evaluation_periods"),
];

/// The candidate that a mistyped word most likely meant, if one is near (Damerau-Levenshtein; case is forgiven).
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .iter()
        .map(|c| (strsim::osa_distance(&lower, &c.to_lowercase()), *c))
        .filter(|(distance, c)| *distance <= (c.chars().count() / 3).clamp(1, 4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// A hint for a word that is none of `known`, if one is near.
pub(super) fn word(typed: &str, known: &[&str]) -> Option<String> {
    nearest(typed, known).map(|near| format!("did you mean `{near}`?"))
}

/// A hint for a key that is none of `known`: one that is near, or what other tools call so.
pub(super) fn key(typed: &str, known: &[&str]) -> Option<String> {
    word(typed, known).or_else(|| {
        let lower = typed.to_lowercase();
        let here = |(there, here): &&(&str, &str)| *there == lower && known.contains(here);
        ELSEWHERE.iter().find(here).map(|(_, here)| format!("it is called `{here}` here"))
    })
}

/// A hint for a timezone that is none of `known`: one that is near, or one of that city.
pub(super) fn zone(typed: &str, known: &[&str]) -> String {
    let abbreviation = typed.len() <= 5 && typed.chars().all(|c| c.is_ascii_uppercase());
    let of_city = |name: &&&str| {
        let city = name.rsplit('/').next().unwrap_or_default();
        city.eq_ignore_ascii_case(&typed.replace(' ', "_"))
    };
    match known.iter().find(of_city).copied().or_else(|| nearest(typed, known)) {
        _ if abbreviation => {
            "an abbreviation can mean several zones: write a name such as Europe/London or UTC".to_owned()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a name of the IANA time zone database such as Europe/London or UTC".to_owned(),
    }
}
