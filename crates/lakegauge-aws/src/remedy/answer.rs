//! What a service answers, and why a remedy could not run.

use std::time::Duration;

use lakegauge_core::cause::chain;

/// Time limit of one request: a busy Airflow takes seconds to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much of an answer is read.
const ANSWER: usize = 64 << 10;
/// How much of it is shown.
const SHOWN: usize = 300;

/// Why a remedy could not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RemedyError {
    /// Access was denied.
    #[error("{0}")]
    Denied(String),
    /// The config or the secret is wrong.
    #[error("{0}")]
    Wrong(String),
    /// No answer, or a server error.
    #[error("{0}; it will be retried")]
    Unreachable(String),
}

/// The answer to a request.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Answer {
    /// Sends a request, and reads the answer. Messages do not contain the address, because a proxy may have added a
    /// secret to it.
    pub(super) async fn of(request: reqwest::RequestBuilder) -> Result<Answer, RemedyError> {
        let broken = |error: reqwest::Error| {
            let error = error.without_url();
            RemedyError::Unreachable(if error.is_timeout() { "timed out".to_owned() } else { chain(&error) })
        };
        let mut answer = request.timeout(PATIENCE).send().await.map_err(broken)?;
        let (status, mut body) = (answer.status().as_u16(), Vec::new());
        while let Some(chunk) = answer.chunk().await.map_err(broken)? {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER {
                break;
            }
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }

    /// The beginning of the answer, on one line.
    pub(super) fn said(&self) -> String {
        let text: String = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("HTTP {} {}", self.status, text.chars().take(SHOWN).collect::<String>()).trim_end().to_owned()
    }

    /// Why `who` failed; `hint` says what to do if access is denied.
    pub(super) fn refusal(&self, who: &str, hint: &str) -> RemedyError {
        match self.status {
            401 | 403 => RemedyError::Denied(format!("{who} denies access ({}): {hint}", self.said())),
            408 | 429 | 500..=599 => RemedyError::Unreachable(format!("{who} failed ({})", self.said())),
            _ => RemedyError::Wrong(format!("{who} rejects it ({})", self.said())),
        }
    }
}
