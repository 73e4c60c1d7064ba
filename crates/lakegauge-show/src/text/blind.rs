//! Causes that hid several datasets: an unreachable store is reported once, however many datasets are in it.

use lakegauge_core::observation::{Gap, GapKind};
use lakegauge_core::verdict::{DatasetReport, Report};

use super::sentence::{quiet, sentence};
use crate::fit;
use crate::options::{DOUBT, Options};

/// Maximum number of datasets that are named; the table has all of them.
const NAMED: usize = 20;

/// One cause, and the datasets that could not be seen because of it.
pub(super) struct Cause<'a> {
    kind: GapKind,
    detail: &'a str,
    /// The deepest folder that contains all of its places.
    place: String,
    datasets: Vec<&'a str>,
}

impl Cause<'_> {
    fn is_of(&self, gap: &Gap) -> bool {
        self.kind == gap.kind && self.detail == reason(gap)
    }
}

/// The causes that at least two datasets share, in the report's order.
pub(super) fn shared(report: &Report) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    for (dataset, gap) in report.datasets.iter().flat_map(|d| d.gaps.iter().map(move |gap| (d, gap))) {
        let name = dataset.dataset.as_str();
        match causes.iter_mut().find(|cause| cause.is_of(gap)) {
            Some(cause) => {
                cause.place = above(&cause.place, &gap.place);
                if cause.datasets.last() != Some(&name) {
                    cause.datasets.push(name);
                }
            }
            None => {
                let (kind, detail, place) = (gap.kind, reason(gap), gap.place.clone());
                causes.push(Cause { kind, detail, place, datasets: vec![name] });
            }
        }
    }
    causes.retain(|cause| cause.datasets.len() > 1);
    causes
}

/// The gaps of a dataset that are not shared.
pub(super) fn own<'a>(dataset: &'a DatasetReport, causes: &'a [Cause<'a>]) -> impl Iterator<Item = &'a Gap> {
    dataset.gaps.iter().filter(|gap| !causes.iter().any(|cause| cause.is_of(gap)))
}

/// The causes as text above the table, followed by an empty line.
pub(super) fn text(causes: &[Cause<'_>], options: &Options) -> String {
    let mut out = String::new();
    for cause in causes {
        let Cause { kind, detail, place, datasets } = cause;
        let mark = format!("? {kind}: ");
        let lines = fit::hang(&mark, &format!("{place} ({detail})"), options.width);
        lines.iter().for_each(|line| out.push_str(&format!("{}\n", options.paint(DOUBT, line))));
        out.push_str(&quiet(options.either("→ ", "-> "), kind.hint(), options));
        let named: Vec<&str> = datasets.iter().take(NAMED).copied().collect();
        let more = datasets.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let which = format!("{}{more}", named.join(", "));
        out.push_str(&sentence(&format!("{} datasets not seen", datasets.len()), DOUBT, &which, options));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What the store answered, without the number of places within one dataset.
fn reason(gap: &Gap) -> &str {
    let counted = gap.detail.strip_suffix(" places").and_then(|text| text.rsplit_once(", at "));
    match counted {
        Some((reason, count)) if count.bytes().all(|b| b.is_ascii_digit()) => reason,
        _ => &gap.detail,
    }
}

fn above(a: &str, b: &str) -> String {
    if a == b {
        return a.to_owned();
    }
    let mut levels = String::new();
    for (one, _) in a.split_inclusive('/').zip(b.split_inclusive('/')).take_while(|(one, other)| one == other)
    {
        levels.push_str(one);
    }
    levels
}

#[cfg(test)]
mod tests {
    use lakegauge_core::verdict::Status;

    use super::*;

    fn report(gaps: &[(&str, &str, &str)]) -> Report {
        let dataset = |(name, place, detail): &(&str, &str, &str)| DatasetReport {
            dataset: (*name).to_owned(),
            status: Status::Unknown,
            partitions: Vec::new(),
            gaps: vec![Gap {
                kind: GapKind::Unreachable,
                place: (*place).to_owned(),
                detail: (*detail).to_owned(),
            }],
            freshness: None,
            list_requests: 6,
            notes: Vec::new(),
            about: lakegauge_core::about::About::default(),
        };
        Report::new(jiff::Timestamp::UNIX_EPOCH, gaps.iter().map(dataset).collect())
    }

    #[test]
    fn one_cause_is_said_once() {
        let check = |gaps: &[(&str, &str, &str)], expect: &[(&str, &[&str])], left: usize| {
            let report = report(gaps);
            let causes = shared(&report);
            let found: Vec<(&str, &[&str])> =
                causes.iter().map(|c| (c.place.as_str(), c.datasets.as_slice())).collect();
            assert_eq!(found, expect, "{gaps:?}");
            assert_eq!(report.datasets.iter().flat_map(|d| own(d, &causes)).count(), left, "{gaps:?}");
        };
        let two = [("a", "s3://b/x/a/", "refused"), ("b", "s3://b/x/b/", "refused, at 3 places")];
        check(&two, &[("s3://b/x/", &["a", "b"])], 0);
        check(&[("a", "s3://b/a/", "refused"), ("b", "s3://b/b/", "no such host")], &[], 2);
        check(
            &[("a", "./lake", "no such folder"), ("b", "./lake", "no such folder")],
            &[("./lake", &["a", "b"])],
            0,
        );
        check(&[("a", "s3://b/a/", "refused")], &[], 1);
    }
}
