//! The port to where metrics go.

use std::fmt;

use async_trait::async_trait;
use lakegauge_core::datum::Datum;

/// Accepts metric values.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Sends values.
    ///
    /// # Errors
    /// Lists the values that were not accepted; the others were.
    async fn put(&self, data: &[Datum]) -> Result<(), Unsent>;
}

/// Values that were not accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Their indices in the data, in order, and the reason for each.
    pub which: Vec<(usize, Refusal)>,
}

impl Unsent {
    /// All of this many values, for one reason.
    pub fn all(values: usize, why: &Refusal) -> Unsent {
        Unsent { which: (0..values).map(|at| (at, why.clone())).collect() }
    }

    /// Why the value at this index was not accepted; `None` if it was.
    pub fn why(&self, at: usize) -> Option<&Refusal> {
        let found = self.which.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        self.which.get(found).map(|(_, why)| why)
    }
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, alike) in self.which.chunk_by(|(_, one), (_, other)| one == other).enumerate() {
            let Some((_, why)) = alike.first() else { continue };
            let also = if n > 0 { "; " } else { "" };
            let values = if alike.len() == 1 { "value was" } else { "values were" };
            write!(f, "{also}{} {values} not accepted: {why}", alike.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Unsent {}

/// Why a value was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too many requests, in spite of waiting.
    #[error("throttled ({0}); kept and sent again at the next tick")]
    Throttled(String),
    /// There is no permission; the text says which one to give.
    #[error("access denied ({0}); kept until then")]
    Denied(String),
    /// The value is invalid: sending it again would not help.
    #[error("rejected as invalid ({0}); this is a bug in lakegauge, please report it")]
    Wrong(String),
    /// No answer, or an unknown one.
    #[error("no answer ({0}); check region, endpoint and network; kept and sent again")]
    Unreachable(String),
}

impl Refusal {
    /// Whether the same values may be accepted later.
    pub fn passes(&self) -> bool {
        !matches!(self, Refusal::Wrong(_))
    }

    /// Whether they may be accepted a moment later.
    pub fn passes_soon(&self) -> bool {
        matches!(self, Refusal::Throttled(_) | Refusal::Unreachable(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_accepted_is_said_by_its_reasons() {
        let (busy, wrong) = (Refusal::Throttled("Throttling".into()), Refusal::Wrong("NaN".into()));
        let unsent = Unsent { which: vec![(0, busy.clone()), (1, busy.clone()), (7, wrong.clone())] };
        assert_eq!((unsent.why(1), unsent.why(2), unsent.why(7)), (Some(&busy), None, Some(&wrong)));
        assert_eq!(
            unsent.to_string(),
            "2 values were not accepted: throttled (Throttling); kept and sent again at the next tick; \
             1 value was not accepted: rejected as invalid (NaN); this is a bug in lakegauge, please report it"
        );
    }
}
