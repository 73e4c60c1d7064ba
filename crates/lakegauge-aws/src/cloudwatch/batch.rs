//! Splits values into requests.

use std::ops::Range;

use lakegauge_core::datum::Datum;

/// Maximum number of values per request (CloudWatch API reference, `PutMetricData`).
const MOST: usize = 1_000;
/// Maximum bytes of one request before compression, with a margin for our own estimate: 1 MB is allowed.
const LARGEST: usize = 900_000;

/// Ranges of values that each fit into one request.
pub(super) fn batches(data: &[Datum]) -> Vec<Range<usize>> {
    let (mut ranges, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (at, datum) in data.iter().enumerate() {
        let size = estimate(datum);
        if at > start && (at - start >= MOST || bytes + size > LARGEST) {
            ranges.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < data.len() {
        ranges.push(start..data.len());
    }
    ranges
}

/// Maximum bytes of one value in the request: every character of a text may take three.
fn estimate(datum: &Datum) -> usize {
    let dimensions = datum.dimensions.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 100);
    300 + 3 * datum.name.len() + dimensions.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::super::request::{body, tests::datum};
    use super::*;

    #[test]
    fn requests_stay_within_both_limits() {
        let check = |data: Vec<Datum>, expect: &[usize]| {
            let batches = batches(&data);
            let found: Vec<usize> = batches.iter().map(ExactSizeIterator::len).collect();
            assert_eq!(found, expect);
            for batch in batches {
                assert!(body("Lakegauge", &data[batch]).len() < 1_000_000);
            }
        };
        check(Vec::new(), &[]);
        check(vec![datum("a"); 3], &[3]);
        check(vec![datum("a"); 2_001], &[1_000, 1_000, 1]);
        check(vec![datum(&"x".repeat(1_000)); 600], &[262, 262, 76]);
        check(vec![datum(&"ü".repeat(500)); 600], &[262, 262, 76]);
    }
}
