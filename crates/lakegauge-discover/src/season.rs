//! Whether landing times move with the clocks of a time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lakegauge_core::partition::Cadence;
use lakegauge_core::quantity;

use super::arrival::Arrival;
use super::finding::Inferred;
use super::group::Group;

/// Zones that represent a rule of summer time, and the name of the rule.
const RULES: [(&str, &str); 3] = [
    ("Europe/London", "European summer time"),
    ("America/New_York", "United States daylight saving time"),
    ("Australia/Sydney", "Australian daylight saving time"),
];

/// How many arrivals each half of the year needs for its median to be used.
const ENOUGH: usize = 15;

/// A zone whose summer time moves the arrivals by an hour. Arrivals cannot distinguish zones with the same rule, nor, in
/// a sample without the weeks between two changes, the rules; so the answer is never sure.
pub(super) fn zone(arrivals: &[Arrival]) -> Option<Inferred<String>> {
    let fits: Vec<_> = RULES
        .iter()
        .filter_map(|(name, rule)| {
            let zone = TimeZone::get(name).ok()?;
            let (summer, winter): (Vec<&Arrival>, Vec<&Arrival>) =
                arrivals.iter().partition(|arrival| zone.to_offset_info(arrival.at).dst().is_dst());
            let (summer, winter) = (spread(&summer)?, spread(&winter)?);
            let moved = winter.0 - summer.0;
            let told = (45 * 60..=75 * 60).contains(&moved) && summer.1.max(winter.1) < 20 * 60;
            told.then_some((summer.1 + winter.1, moved, name, rule))
        })
        .collect();
    let (least, moved, name, _) = fits.iter().min_by_key(|(error, ..)| *error)?;
    let alike: Vec<&str> =
        fits.iter().filter(|(error, ..)| error == least).map(|(.., rule)| **rule).collect();
    let evidence = format!(
        "landing times are {} min earlier by UTC while {} is on: the writer keeps the clock of a zone with {}",
        moved / 60,
        alike.join(" or "),
        if alike.len() == 1 { "that rule" } else { "one of these rules" },
    );
    Some(Inferred { value: (**name).to_owned(), evidence, sure: false })
}

/// The median delay, and the mean distance from it, in seconds.
fn spread(arrivals: &[&Arrival]) -> Option<(i64, i64)> {
    let mut delays: Vec<i64> = arrivals.iter().map(|arrival| arrival.delay).collect();
    delays.sort_unstable();
    let median = *delays.get(delays.len() / 2).filter(|_| delays.len() >= ENOUGH)?;
    let count = i64::try_from(delays.len()).ok()?;
    // Distant ones are late runs; they say nothing about the clock.
    let total: i64 = delays.iter().map(|delay| (delay - median).abs().min(3 * 3_600)).sum();
    Some((median, total / count))
}

/// An example zone for each number of hours ahead of UTC.
const AHEAD: [&str; 14] = [
    "Europe/Paris",
    "Europe/Athens",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Pacific/Noumea",
    "Pacific/Auckland",
    "Pacific/Tongatapu",
    "Pacific/Kiritimati",
];

/// A zone that the paths may be in, if data was written before its period began in UTC: the clock of the paths is
/// then ahead of UTC by at least that much. The answer is never sure, because several zones fit.
pub(super) fn ahead(group: &Group, cadence: Cadence, now: Timestamp) -> Option<Inferred<String>> {
    if cadence > Cadence::Daily {
        return None;
    }
    let parts = group.parts.iter().filter(|(_, part)| part.objects > 0);
    let mut leads: Vec<i64> = parts
        .filter(|(p, part)| p.start_in(&TimeZone::UTC) <= now && part.first > 0)
        .map(|(p, part)| p.start_in(&TimeZone::UTC).as_second() - part.first)
        .collect();
    leads.sort_unstable();
    let (count, lead) = (leads.len(), *leads.get(leads.len() / 2)?);
    // A lead of more than the largest UTC offset means that the partition was made in advance.
    if count < 14 || !(1..=14 * 3_600).contains(&lead) {
        return None;
    }
    let hours = usize::try_from((lead + 3_599) / 3_600).ok()?;
    let period = if cadence == Cadence::Hourly { "hour" } else { "day" };
    let evidence = format!(
        "UTC is wrong: data is written {} before its {period} begins in UTC (median of {count}); write the zone of the \
         paths, at least {hours} h ahead",
        quantity::duration(lead as f64)
    );
    Some(Inferred { value: (*AHEAD.get(hours.saturating_sub(1))?).to_owned(), evidence, sure: false })
}
