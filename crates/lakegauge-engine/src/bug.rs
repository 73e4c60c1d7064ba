//! Turns a panic into an error, so that a failure in one dataset does not affect the others.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use lakegauge_core::observation::{Gap, GapKind};

/// lakegauge itself failed: the panic's message, on one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Bug(String);

impl Bug {
    /// The bug as a gap: `place` could not be seen. It is mostly a dataset.
    pub fn gap(self, place: impl Into<String>) -> Gap {
        Gap { kind: GapKind::Bug, place: place.into(), detail: self.0 }
    }
}

thread_local! {
    /// Whether this thread runs code whose panics are caught here.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// The message of the last panic in it, with its place in the source.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// For a program's panic hook: keeps the message of a panic that [`guarded`] will return, and returns whether it
/// will. In that case, the hook must neither print nor exit.
pub fn kept(info: &PanicHookInfo<'_>) -> bool {
    let guarded = GUARDED.get();
    if guarded {
        SAID.set(Some(info.to_string()));
    }
    guarded
}

/// Runs a future to its end, or until it panics. After a panic, everything it holds is dropped.
///
/// # Errors
/// When it panics.
pub async fn guarded<F: Future>(future: F) -> Result<F::Output, Bug> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| match caught(|| future.as_mut().poll(context)) {
        Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(bug) => Poll::Ready(Err(bug)),
    })
    .await
}

/// Runs `work`, and returns its panic as an error.
///
/// # Errors
/// When it panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    let before = GUARDED.replace(true);
    // Everything behind a reference here is either dropped with the work or, if it is shared, behind a lock that
    // handles the panic itself.
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.map_err(|panic| Bug(one_line(&SAID.take().unwrap_or_else(|| payload(panic.as_ref())))))
}

/// Maximum length in bytes; longer messages are cut.
const LONGEST: usize = 400;

fn payload(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a word".to_owned())
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let mut line = words.join(" ");
    if line.len() > LONGEST {
        line.truncate(line.floor_char_boundary(LONGEST));
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_are_answers() {
        let check = |work: fn() -> u8, expect: Result<u8, &str>| {
            assert_eq!(caught(work), expect.map_err(|text| Bug(text.to_owned())));
        };
        check(|| 7, Ok(7));
        check(|| std::panic::panic_any("a\n  b\u{1b}c"), Err("a b c"));
        check(|| std::panic::panic_any(String::from("said")), Err("said"));
        check(|| std::panic::panic_any(7), Err("a panic without a word"));
        // One inside another, and after it.
        check(|| caught(|| std::panic::panic_any("inner")).unwrap_or(3), Ok(3));
        let gap = Bug("x".to_owned()).gap("t");
        assert_eq!((gap.kind, gap.place.as_str()), (GapKind::Bug, "t"));
    }

    #[tokio::test]
    async fn a_future_may_wait_before_it_fails() {
        let late = guarded(async {
            tokio::task::yield_now().await;
            std::panic::panic_any("late")
        });
        let (done, late): (_, Result<(), Bug>) = futures::join!(guarded(async { 7 }), late);
        assert_eq!((done, late), (Ok(7), Err(Bug("late".to_owned()))));
    }

    #[test]
    fn long_messages_are_cut() {
        let line = one_line(&"é".repeat(500));
        assert!(line.len() <= LONGEST + 3 && line.ends_with('…'), "{line}");
    }
}
