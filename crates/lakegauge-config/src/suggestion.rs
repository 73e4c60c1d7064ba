//! Guesses what a mistyped word was meant to be.

/// Words from other tools, and what they are called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("bucket", "lake"),
    ("root", "lake"),
    ("url", "lake"),
    ("uri", "lake"),
    ("warehouse", "lake"),
    ("base_path", "lake"),
    ("tables", "datasets"),
    ("sources", "datasets"),
    ("streams", "datasets"),
    ("models", "datasets"),
    ("receivers", "notify"),
    ("routes", "notify"),
    ("channels", "notify"),
    ("notifications", "notify"),
    ("alerting", "notify"),
    ("alert_to", "notify"),
    ("tz", "timezone"),
    ("time_zone", "timezone"),
    ("state", "history"),
    ("database", "history"),
    ("endpoint", "endpoint_url"),
    ("s3_endpoint", "endpoint_url"),
    ("aws_region", "region"),
    ("default_region", "region"),
    ("parallel", "concurrency"),
    ("parallelism", "concurrency"),
    ("threads", "concurrency"),
    ("workers", "concurrency"),
    ("prefix", "path"),
    ("prefixes", "path"),
    ("paths", "path"),
    ("location", "path"),
    ("pattern", "path"),
    ("glob", "path"),
    ("template", "path"),
    ("deadline", "due"),
    ("sla", "due"),
    ("due_by", "due"),
    ("expected_by", "due"),
    ("expected_at", "due"),
    ("marker", "landed_when"),
    ("success_file", "landed_when"),
    ("done_when", "landed_when"),
    ("complete_when", "landed_when"),
    ("checks", "alarms"),
    ("tests", "alarms"),
    ("rules", "alarms"),
    ("alerts", "alarms"),
    ("thresholds", "alarms"),
    ("monitors", "alarms"),
    ("expectations", "alarms"),
    ("partitions", "look_back"),
    ("lookback", "look_back"),
    ("lookback_days", "look_back"),
    ("days_back", "look_back"),
    ("schedule", "calendar"),
    ("holidays", "calendar"),
    ("team", "owner"),
    ("contact", "owner"),
    ("meta", "description"),
    ("comment", "description"),
    ("docs", "runbook"),
    ("playbook", "runbook"),
    ("runbook_url", "runbook"),
    ("min", "at_least"),
    ("minimum", "at_least"),
    ("min_value", "at_least"),
    ("low", "at_least"),
    ("lower", "at_least"),
    ("gte", "at_least"),
    ("ge", "at_least"),
    ("greater_than", "at_least"),
    ("must_be_greater_than", "at_least"),
    ("max", "at_most"),
    ("maximum", "at_most"),
    ("max_value", "at_most"),
    ("high", "at_most"),
    ("upper", "at_most"),
    ("lte", "at_most"),
    ("le", "at_most"),
    ("less_than", "at_most"),
    ("must_be_less_than", "at_most"),
    ("threshold", "at_most"),
    ("tolerance", "within"),
    ("percent", "within"),
    ("deviation", "within"),
    ("compare", "against"),
    ("compared_to", "against"),
    ("level", "severity"),
    ("priority", "severity"),
    ("anomaly", "learned"),
    ("auto", "learned"),
    ("periods", "evaluation_periods"),
    ("treat_missing_data", "missing_data"),
    ("remedy", "remediate"),
    ("on_alarm", "remediate"),
    ("on_failure", "remediate"),
];

/// Words for which there is no single key here: the whole hint.
const SENTENCES: &[(&str, &str)] = &[
    (
        "freshness",
        "write `due: +1d 04:30` for a deadline, or `alarms: { Freshness: { at_most: 26h } }` for a maximum age",
    ),
    ("warn_after", "write `alarms: { Freshness: { at_most: 12h, severity: warning } }`"),
    ("error_after", "write `alarms: { Freshness: { at_most: 24h } }`"),
    ("max_age", "write `alarms: { Freshness: { at_most: 24h } }`"),
    ("loaded_at_field", "remove it: landing times are those of the objects in the store"),
    ("file_format", "remove it: files of any format are counted"),
    ("format", "remove it: files of any format are counted"),
    ("credentials", "remove it: credentials come from the environment or an AWS profile"),
    ("profile", "remove it: set AWS_PROFILE in the environment"),
    ("aws_profile", "remove it: set AWS_PROFILE in the environment"),
    ("access_key", "remove it: credentials come from the environment or an AWS profile"),
    ("access_key_id", "remove it: credentials come from the environment or an AWS profile"),
    ("aws_access_key_id", "remove it: credentials come from the environment or an AWS profile"),
    ("secret_access_key", "remove it: credentials come from the environment or an AWS profile"),
    ("aws_secret_access_key", "remove it: credentials come from the environment or an AWS profile"),
    ("cadence", "remove it: the path says it (`{date}` is daily, `{date}/{hour}` hourly)"),
    ("frequency", "remove it: the path says it (`{date}` is daily, `{date}/{hour}` hourly)"),
    ("interval", "remove it: the path says it (`{date}` is daily, `{date}/{hour}` hourly)"),
    ("version", "remove it: a config has no version"),
    ("enabled", "remove it; put a `#` in front of the lines of a dataset that is not to be watched"),
];

const NO_ROWS: &str = "this version does not count rows: use TotalFileSize or ObjectCount";

/// The measures of other tools and what they are called here, or a whole hint.
const METRICS: &[(&str, &str)] = &[
    ("size", "TotalFileSize"),
    ("bytes", "TotalFileSize"),
    ("file_size", "TotalFileSize"),
    ("total_size", "TotalFileSize"),
    ("volume", "TotalFileSize"),
    ("files", "ObjectCount"),
    ("file_count", "ObjectCount"),
    ("count", "ObjectCount"),
    ("objects", "ObjectCount"),
    ("rows", NO_ROWS),
    ("row_count", NO_ROWS),
    ("record_count", NO_ROWS),
    ("empty_files", "EmptyObjects"),
    ("age", "Freshness"),
    ("staleness", "Freshness"),
    ("warn_after", "Freshness"),
    ("error_after", "Freshness"),
    ("delay", "LandingDelay"),
    ("latency", "LandingDelay"),
    ("duration", "CheckDuration"),
    ("deleted", "Shrunk"),
];

/// The candidate that a mistyped word most likely meant, if one is close (Damerau-Levenshtein, ignoring case).
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .iter()
        .map(|c| (strsim::osa_distance(&lower, &c.to_lowercase()), *c))
        .filter(|(distance, c)| *distance <= (c.chars().count() / 3).clamp(1, 4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// A word as it is in the tables: `warnAfter` and `warn-after` are `warn_after`.
fn plain(typed: &str) -> String {
    let mut plain = String::with_capacity(typed.len() + 2);
    let mut after_lower = false;
    for c in typed.chars() {
        if c.is_uppercase() && after_lower {
            plain.push('_');
        }
        after_lower = c.is_lowercase();
        plain.extend(c.to_lowercase());
    }
    plain.replace('-', "_")
}

fn find<'a>(table: &[(&str, &'a str)], typed: &str) -> Option<&'a str> {
    let plain = plain(typed);
    table.iter().find(|(there, _)| *there == plain).map(|(_, here)| *here)
}

/// Whether some tool uses this word as a key, so that the kind of its value is known.
pub(super) fn is_of_a_tool(typed: &str) -> bool {
    find(ELSEWHERE, typed).or_else(|| find(SENTENCES, typed)).is_some()
}

/// A hint for a word that is not in `known`, if one is close.
pub(super) fn word(typed: &str, known: &[&str]) -> Option<String> {
    nearest(typed, known).map(|near| format!("did you mean `{near}`?"))
}

/// The key of `known` that a mistyped key meant, by its spelling or by its name in other tools.
pub(super) fn known<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    nearest(typed, known).or_else(|| {
        let here = ELSEWHERE.iter().filter(|(there, _)| *there == plain(typed)).map(|(_, here)| *here);
        here.filter_map(|here| known.iter().copied().find(|key| *key == here)).next()
    })
}

/// A hint for a key that is not in `known`: a close one, its name here if another tool uses it, or where that key
/// belongs.
pub(super) fn key(typed: &str, known: &[&str]) -> Option<String> {
    let near = word(typed, known);
    let called = || {
        let here = find(ELSEWHERE, typed).filter(|here| known.contains(here));
        here.map(|here| format!("it is called `{here}` here"))
    };
    // A word that is exactly in a table is not a typo.
    let sentence = find(SENTENCES, typed).filter(|_| !known.contains(&plain(typed).as_str()));
    sentence.map(str::to_owned).or(near).or_else(called).or_else(|| elsewhere(typed, known))
}

/// Where a key belongs that is valid elsewhere in a config.
fn elsewhere(typed: &str, known: &[&str]) -> Option<String> {
    const ALARM: [&str; 4] = ["at_least", "at_most", "within", "learned"];
    const DATASET: [&str; 5] = ["due", "landed_when", "alarms", "look_back", "remediate"];
    const TOP: [&str; 5] = ["lake", "endpoint_url", "region", "concurrency", "history"];
    let key = plain(typed);
    let key = find(ELSEWHERE, typed).unwrap_or(&key);
    if known.contains(&key) {
        return None;
    }
    match key {
        _ if ALARM.contains(&key) => {
            let value = if key == "learned" {
                "true"
            } else if key == "within" {
                "50%"
            } else {
                "195kB"
            };
            Some(format!("limits belong to a metric: `alarms: {{ TotalFileSize: {{ {key}: {value} }} }}`"))
        }
        "path" => Some("`path` belongs to a dataset, below `datasets`".to_owned()),
        _ if DATASET.contains(&key) => Some(format!("`{key}` belongs to a dataset, or to `defaults`")),
        _ if TOP.contains(&key) => Some(format!("`{key}` belongs to the top of the config")),
        _ => None,
    }
}

/// A hint for a metric that is not in `known`.
pub(super) fn metric(typed: &str, known: &[&str]) -> String {
    let limit = || {
        let here = find(ELSEWHERE, typed).unwrap_or(typed);
        let is_limit = ["at_least", "at_most", "within", "learned"].contains(&here);
        is_limit.then(|| elsewhere(here, known)).flatten()
    };
    word(typed, known)
        .or_else(|| {
            let here = find(METRICS, typed)?;
            Some(if here == NO_ROWS { here.to_owned() } else { format!("it is called `{here}` here") })
        })
        .or_else(limit)
        .unwrap_or_else(|| format!("the metrics are {}", known.join(", ")))
}

/// A hint for a timezone that is not in `known`: a close one, or one for that city.
pub(super) fn zone(typed: &str, known: &[&str]) -> String {
    let abbreviation = typed.len() <= 5 && typed.chars().all(|c| c.is_ascii_uppercase());
    let of_city = |name: &&&str| {
        let city = name.rsplit('/').next().unwrap_or_default();
        city.eq_ignore_ascii_case(&typed.replace(' ', "_"))
    };
    let offset = typed.to_ascii_uppercase();
    let offset = offset.strip_prefix("UTC").or_else(|| offset.strip_prefix("GMT")).unwrap_or(&offset);
    if let Some(hours) = offset.strip_prefix(['+', '-']).filter(|hours| !hours.is_empty()) {
        // The names of POSIX count westward (tz database, file `etcetera`).
        let sign = if offset.starts_with('+') { '-' } else { '+' };
        let etc = format!("Etc/GMT{sign}{}", hours.trim_start_matches('0'));
        if known.contains(&etc.as_str()) {
            return format!("write `{etc}` (its sign is reversed), or a name such as Europe/London");
        }
    }
    match known.iter().find(of_city).copied().or_else(|| nearest(typed, known)) {
        _ if abbreviation => {
            "an abbreviation can mean several zones: write a name such as Europe/London or UTC".to_owned()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a name of the IANA time zone database such as Europe/London or UTC".to_owned(),
    }
}
