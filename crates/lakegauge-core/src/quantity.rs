//! Numbers for readers: `121 kB`, `12,345`, `1 h 12 min`, `94 %`.

use crate::metric::{Metric, Unit};

/// Formats `value`, which is in `unit`: bytes in decimal units with three significant digits, counts with a
/// thousands separator, seconds as a duration, anything else with three significant digits.
pub fn format(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes => bytes(value),
        Unit::Count => count(value),
        Unit::Seconds => duration(value),
        Unit::None => significant(value),
    }
}

/// `1 object`, `12 objects`: a number of things, with their noun in the singular.
pub fn counted(value: f64, noun: &str) -> String {
    format!("{} {noun}{}", count(value), if value == 1.0 { "" } else { "s" })
}

/// `1 object`, `12 objects`, `1,234 objects`.
pub fn plural(count: u64, noun: &str) -> String {
    counted(count as f64, noun)
}

/// A value of a metric, with its unit and with what it counts: `121 kB`, `12 objects`.
pub fn of(metric: Metric, value: f64) -> String {
    let row = metric.row();
    if row.noun.is_empty() { format(value, row.unit) } else { counted(value, row.noun) }
}

/// `190–260 kB`, `800 MB–1.2 GB`, `-3 to 3 kB`, `3`: both edges, with the unit once if they share it.
pub fn range(low: f64, high: f64, unit: Unit) -> String {
    let (low, high) = (format(low, unit), format(high, unit));
    if low == high {
        return low;
    }
    let shared = match (low.rsplit_once(' '), high.rsplit_once(' ')) {
        // Durations have several units: `1 h 12 min`.
        (Some((number, one)), Some((other, same))) => {
            (one == same && !number.contains(' ') && !other.contains(' ')).then_some(number)
        }
        _ => None,
    };
    // A dash next to a minus sign would be misread.
    let to = if low.starts_with('-') { " to " } else { "–" };
    format!("{}{to}{high}", shared.unwrap_or(&low))
}

/// `121 kB`, `2.1 GB`, `512 B`: decimal units (1 kB = 1000 B), three significant digits.
pub fn bytes(value: f64) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let mut scaled = value.abs();
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        // 999.5 rounds to 1000, which is 1 of the next unit.
        if scaled < 999.5 {
            break;
        }
        scaled /= 1000.0;
        unit = larger;
    }
    format!("{}{} {unit}", sign(value), significant(scaled))
}

/// `12,345`; a count with a fraction (a mean) keeps three significant digits.
pub fn count(value: f64) -> String {
    if value.fract() != 0.0 && value.abs() < 1000.0 {
        return significant(value);
    }
    format!("{}{}", sign(value.round()), thousands(value.abs()))
}

/// The two largest units of a duration in seconds: `3 d 4 h`, `1 h 12 min`, `45 s`, `0.25 s`.
pub fn duration(seconds: f64) -> String {
    let length = seconds.abs();
    if !length.is_finite() || length < 10.0 {
        return format!("{}{} s", sign(seconds), significant(length));
    }
    // Rounded to what is shown, so that 59 min 59.9 s reads 1 h and not 60 min.
    let step = if length >= 86_400.0 {
        3_600.0
    } else if length >= 3_600.0 {
        60.0
    } else {
        1.0
    };
    let whole = ((length / step).round() * step) as u64;
    let parts =
        [(whole / 86_400, "d"), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")];
    let shown: Vec<String> = parts
        .iter()
        .skip_while(|(n, _)| *n == 0)
        .take(2)
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    format!("{}{}", sign(seconds), shown.join(" "))
}

/// A ratio as a percentage: 0.94 is `94 %`, 0.034 is `3.4 %`, 0.9996 is `99.9 %` (never rounded up to 100 %).
pub fn percent(ratio: f64) -> String {
    let value = ratio.abs() * 100.0;
    let digits = if value < 9.95 {
        trim(&format!("{value:.1}"))
    } else if (99.5..100.0).contains(&value) {
        trim(&format!("{:.1}", (value * 10.0).floor() / 10.0))
    } else {
        thousands(value)
    };
    format!("{}{digits} %", sign(ratio))
}

/// Three significant digits without trailing zeros; whole numbers above 999 keep all of their digits.
fn significant(value: f64) -> String {
    let length = value.abs();
    let decimals = if length >= 99.95 {
        0
    } else if length >= 9.995 {
        1
    } else if length >= 0.9995 || length == 0.0 {
        2
    } else if length.is_finite() {
        (2 - length.log10().floor() as i32).clamp(2, 12) as usize
    } else {
        0
    };
    trim(&format!("{value:.decimals$}"))
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return digits;
    }
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn trim(digits: &str) -> String {
    if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        digits.to_owned()
    }
}

fn sign(value: f64) -> &'static str {
    if value < 0.0 { "-" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_name_a_shared_unit_once() {
        let check = |low, high, unit, expect: &str| assert_eq!(range(low, high, unit), expect);
        check(190_000.0, 260_000.0, Unit::Bytes, "190–260 kB");
        check(8e8, 1.2e9, Unit::Bytes, "800 MB–1.2 GB");
        check(-3e3, 3e3, Unit::Bytes, "-3 to 3 kB");
        check(3.0, 3.0, Unit::Count, "3");
        check(3.0, 12_000.0, Unit::Count, "3–12,000");
        check(60.0, 4_320.0, Unit::Seconds, "1 min–1 h 12 min");
        check(4_320.0, 4_380.0, Unit::Seconds, "1 h 12 min–1 h 13 min");
        check(0.5, 0.9, Unit::None, "0.5–0.9");
    }

    #[test]
    fn quantities_read_as_people_write_them() {
        let check = |value, unit, expect: &str| assert_eq!(format(value, unit), expect, "{value} {unit:?}");
        check(0.0, Unit::Bytes, "0 B");
        check(512.0, Unit::Bytes, "512 B");
        check(121_340.0, Unit::Bytes, "121 kB");
        check(195_000.0, Unit::Bytes, "195 kB");
        check(1_996.0, Unit::Bytes, "2 kB");
        check(999_499.0, Unit::Bytes, "999 kB");
        check(999_500.0, Unit::Bytes, "1 MB");
        check(2_104_000_000.0, Unit::Bytes, "2.1 GB");
        check(-1_979_000_000.0, Unit::Bytes, "-1.98 GB");
        check(4.5e15, Unit::Bytes, "4.5 PB");
        check(3e21, Unit::Bytes, "3000 EB");
        check(12_345.0, Unit::Count, "12,345");
        check(999.0, Unit::Count, "999");
        check(-1_000_000.0, Unit::Count, "-1,000,000");
        check(12.345, Unit::Count, "12.3");
        check(-0.4, Unit::Count, "-0.4");
        check(0.0, Unit::Seconds, "0 s");
        check(0.25, Unit::Seconds, "0.25 s");
        check(45.4, Unit::Seconds, "45 s");
        check(60.0, Unit::Seconds, "1 min");
        check(3_599.9, Unit::Seconds, "1 h");
        check(4_320.0, Unit::Seconds, "1 h 12 min");
        check(-300.0, Unit::Seconds, "-5 min");
        check(273_600.0, Unit::Seconds, "3 d 4 h");
        check(86_400.0 + 60.0, Unit::Seconds, "1 d");
        check(0.123_45, Unit::None, "0.123");
        check(0.001_234, Unit::None, "0.00123");
        check(1.0, Unit::None, "1");
        check(f64::NAN, Unit::None, "NaN");
        check(f64::INFINITY, Unit::Seconds, "inf s");
    }

    #[test]
    fn percentages_never_claim_all_of_it() {
        let check = |ratio, expect: &str| assert_eq!(percent(ratio), expect, "{ratio}");
        check(0.5, "50 %");
        check(0.942, "94 %");
        check(-0.034, "-3.4 %");
        check(0.1, "10 %");
        check(0.9996, "99.9 %");
        check(1.0, "100 %");
        check(12.4, "1,240 %");
    }

    proptest! {
        #[test]
        fn formatting_is_total(value in proptest::num::f64::ANY) {
            for unit in [Unit::Bytes, Unit::Count, Unit::Seconds, Unit::None] {
                prop_assert!(!format(value, unit).is_empty());
            }
            prop_assert!(percent(value).ends_with(" %"));
        }
    }
}
