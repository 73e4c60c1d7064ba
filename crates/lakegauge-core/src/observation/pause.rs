//! Computes the longest pause between writes that come in any order, with little memory.

/// Maximum number of intervals. A partition with more bursts of writes than this is written all day.
const MOST: usize = 64;

/// Seconds at which something was written, as disjoint intervals in order of time. There is no write between two
/// neighbours, so the gaps between them are real pauses.
#[derive(Clone, Debug, Default)]
pub struct Pauses {
    spurts: Vec<(i64, i64)>,
    /// The longest pause that was dropped to save memory: a write this close to an interval joins it at once.
    given_up: i64,
}

impl Pauses {
    /// Adds a write.
    pub fn push(&mut self, second: i64) {
        let at = self.spurts.partition_point(|(start, _)| *start <= second);
        if let Some((_, end)) = at.checked_sub(1).and_then(|before| self.spurts.get_mut(before)) {
            if second <= *end {
                return;
            }
            if second.saturating_sub(*end) <= self.given_up {
                *end = second;
                return;
            }
        }
        match self.spurts.get_mut(at) {
            Some((start, _)) if start.saturating_sub(second) <= self.given_up => *start = second,
            _ => self.spurts.insert(at, (second, second)),
        }
        if self.spurts.len() > MOST {
            self.merge_nearest();
        }
    }

    /// The longest pause in seconds; 0 when everything was written at once, or nothing was written.
    pub fn longest(&self) -> i64 {
        self.gaps().map(|(_, gap)| gap).max().unwrap_or(0)
    }

    /// Adds the writes of `other`.
    pub fn join(&mut self, other: &Pauses) {
        for (start, end) in &other.spurts {
            self.push(*start);
            self.push(*end);
        }
    }

    /// Each pause, with the index of the interval after it.
    fn gaps(&self) -> impl Iterator<Item = (usize, i64)> {
        let pairs = self.spurts.iter().zip(self.spurts.iter().skip(1));
        pairs.map(|((_, end), (start, _))| start.saturating_sub(*end)).zip(1..).map(|(gap, at)| (at, gap))
    }

    fn merge_nearest(&mut self) {
        let Some((at, gap)) = self.gaps().min_by_key(|(_, gap)| *gap) else { return };
        let (_, end) = self.spurts.remove(at);
        if let Some(spurt) = at.checked_sub(1).and_then(|before| self.spurts.get_mut(before)) {
            spurt.1 = end;
        }
        self.given_up = self.given_up.max(gap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn longest(seconds: &[i64]) -> i64 {
        let mut pauses = Pauses::default();
        seconds.iter().for_each(|second| pauses.push(*second));
        assert!(pauses.spurts.len() <= MOST);
        pauses.longest()
    }

    fn exact(seconds: &[i64]) -> i64 {
        let mut sorted = seconds.to_vec();
        sorted.sort_unstable();
        sorted.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn few_times_are_answered_exactly(seconds in proptest::collection::vec(-9_000i64..9_000, 0..=MOST)) {
            prop_assert_eq!(longest(&seconds), exact(&seconds));
        }

        #[test]
        fn many_times_never_make_a_pause_longer(seconds in proptest::collection::vec(0i64..90_000, 0..900)) {
            prop_assert!(longest(&seconds) <= exact(&seconds));
        }

        /// Two runs of a job, however many objects each writes: the night between them is found.
        #[test]
        fn a_long_pause_among_many_writes_is_found(
            offsets in proptest::collection::vec((any::<bool>(), 0i64..3_600), 200..900), night in 7_200i64..40_000,
        ) {
            let seconds: Vec<i64> = offsets.iter().map(|(late, s)| if *late { s + 3_600 + night } else { *s }).collect();
            prop_assume!(offsets.iter().any(|(late, _)| *late) && offsets.iter().any(|(late, _)| !*late));
            prop_assert_eq!(longest(&seconds), exact(&seconds));
        }
    }

    #[test]
    fn the_ends_of_time_do_no_harm() {
        assert_eq!(longest(&[i64::MIN, i64::MAX]), i64::MAX);
    }
}
