//! A store that does not answer is asked a few times, and then left alone for a while: otherwise every dataset would
//! wait as long as the first one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Number of unanswered tries in a row, of any requests.
const TRIES: u32 = 3;
/// For how long no request must have been answered. Shorter outages are waited out.
const LONG: Duration = Duration::from_secs(60);
/// After this time one request may test whether the store answers again, so that a long-running process recovers.
const PAUSE: Duration = Duration::from_secs(60);

/// Whether a store is answering.
#[derive(Debug, Default)]
pub(crate) struct Silence(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Unanswered tries since the last answer.
    tries: u32,
    /// When the first of them was sent.
    since: Option<Instant>,
    /// When the last of them timed out, or when the last test request was sent.
    last: Option<Instant>,
    /// When the store last answered.
    answered: Option<Instant>,
}

impl Silence {
    /// Whether a request may be sent now; otherwise, for how long the store has not answered.
    pub(crate) fn check(&self, now: Instant) -> Result<(), Duration> {
        let mut state = self.lock();
        let (Some(since), Some(last)) = (state.since, state.last) else { return Ok(()) };
        let silent = last.saturating_duration_since(since);
        if state.tries < TRIES || silent < LONG {
            return Ok(());
        }
        if now.saturating_duration_since(last) >= PAUSE {
            // A single test request; the others wait for its result.
            state.last = Some(now);
            return Ok(());
        }
        Err(silent)
    }

    /// Records the result of a request that was sent at `sent`.
    pub(crate) fn note(&self, sent: Instant, answered: bool, now: Instant) {
        let mut state = self.lock();
        if answered {
            *state = State { answered: Some(now), ..State::default() };
            return;
        }
        state.tries = state.tries.saturating_add(1);
        // A request that was sent before the last answer has waited without one since that answer at most.
        let waiting = state.answered.map_or(sent, |answered| answered.max(sent));
        state.since = Some(state.since.map_or(waiting, |since| since.min(waiting)));
        state.last = Some(state.last.map_or(now, |last| last.max(now)));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seconds at which requests are sent, and answered or timed out; then whether one may be sent at the given
    /// second.
    fn check(requests: &[(u64, u64, bool)], at: u64, expect: Result<(), u64>) {
        let start = Instant::now();
        let second = |n| start + Duration::from_secs(n);
        let silence = Silence::default();
        for (sent, over, answered) in requests {
            silence.note(second(*sent), *answered, second(*over));
        }
        let may = silence.check(second(at)).map_err(|silent| silent.as_secs());
        assert_eq!(may, expect, "{requests:?} at {at}");
    }

    #[test]
    fn a_store_is_left_alone_after_a_minute_without_an_answer() {
        check(&[], 0, Ok(()));
        check(&[(0, 30, false), (30, 60, false)], 60, Ok(()));
        check(&[(0, 30, false), (30, 60, false), (60, 90, false)], 91, Err(90));
        // Sixteen silent requests in parallel take as long as one.
        check(&[(0, 30, false); 16], 31, Ok(()));
        check(&[(0, 30, false), (0, 30, false), (31, 61, false)], 61, Err(61));
        // Ten seconds to connect, six tries.
        let tries: Vec<_> = (0..6).map(|n| (n * 10, n * 10 + 10, false)).collect();
        check(&tries, 60, Err(60));
    }

    #[test]
    fn one_answer_makes_it_good_again() {
        check(&[(0, 30, false), (30, 60, false), (60, 90, false), (60, 91, true)], 92, Ok(()));
        let late = [(0, 30, false), (0, 50, true), (0, 60, false), (0, 60, false), (0, 61, false)];
        check(&late, 62, Ok(()));
    }

    #[test]
    fn after_a_pause_one_request_tries_again() {
        let start = Instant::now();
        let second = |n| start + Duration::from_secs(n);
        let silence = Silence::default();
        for n in 0..3 {
            silence.note(second(n * 30), false, second(n * 30 + 30));
        }
        assert_eq!(silence.check(second(149)), Err(Duration::from_secs(90)));
        assert_eq!(silence.check(second(150)), Ok(()));
        assert!(silence.check(second(151)).is_err(), "the trial is under way");
        silence.note(second(150), false, second(180));
        assert!(silence.check(second(200)).is_err());
        assert_eq!(silence.check(second(240)), Ok(()));
        silence.note(second(240), true, second(241));
        assert_eq!(silence.check(second(242)), Ok(()));
    }
}
