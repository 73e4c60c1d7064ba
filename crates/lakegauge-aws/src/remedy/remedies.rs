//! Runs remedies, and explains failures.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lakegauge_core::cause::chain;
use lakegauge_core::remediation::{RemedyRun, Target};
use lakegauge_core::remedy::Remedy;
use lakegauge_engine::Credentials;

use super::airflow;
use super::aws::{self, Ask};
use crate::signature::{self, Scope};

/// Time limit of one request: a busy Airflow takes seconds to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much of an answer is read.
const ANSWER: usize = 64 << 10;
/// How much of it is shown.
const SHOWN: usize = 300;

/// Addresses of AWS services, for other servers than AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemedySettings {
    /// The address of Lambda.
    pub lambda: Option<String>,
    /// The address of Secrets Manager.
    pub secretsmanager: Option<String>,
    /// The address of Systems Manager.
    pub ssm: Option<String>,
}

impl RemedySettings {
    /// `AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL_SECRETS_MANAGER`, `AWS_ENDPOINT_URL_SSM`, or `AWS_ENDPOINT_URL`.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> RemedySettings {
        let endpoint = |service: &str| crate::Environment::of_service(service, &get).endpoint;
        RemedySettings {
            lambda: endpoint("LAMBDA"),
            secretsmanager: endpoint("SECRETS_MANAGER"),
            ssm: endpoint("SSM"),
        }
    }

    fn address(&self, service: &str, region: &str) -> String {
        let own = match service {
            "lambda" => &self.lambda,
            "secretsmanager" => &self.secretsmanager,
            _ => &self.ssm,
        };
        match own {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => signature::endpoint(service, region),
        }
    }
}

/// Why a remedy could not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemedyError {
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

/// Runs remedies.
#[derive(Clone)]
pub struct Remedies {
    http: reqwest::Client,
    settings: RemedySettings,
    credentials: Arc<dyn Credentials>,
}

impl fmt::Debug for Remedies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remedies").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Remedies {
    /// Sends nothing yet.
    pub fn new(
        settings: RemedySettings,
        credentials: Arc<dyn Credentials>,
        http: reqwest::Client,
    ) -> Remedies {
        Remedies { http, settings, credentials }
    }

    /// Runs one remedy.
    ///
    /// # Errors
    ///
    /// If it could not run.
    pub async fn run(&self, remedy: &Remedy, run: &RemedyRun) -> Result<(), RemedyError> {
        let gone = || RemedyError::Wrong("the config no longer has this remedy".to_owned());
        match run.target {
            Target::Function => {
                let arn = remedy.function.as_deref().ok_or_else(gone)?;
                let payload = run.evidence.document().to_string();
                let answer = self.ask(aws::invocation(arn, payload)?).await?;
                match answer.status {
                    200..=299 => Ok(()),
                    404 => Err(RemedyError::Wrong(format!("no function {arn}: {}", answer.said()))),
                    _ => Err(answer.refusal("Lambda", &format!("allow lambda:InvokeFunction on {arn}"))),
                }
            }
            Target::Airflow => {
                let airflow = remedy.airflow.as_ref().ok_or_else(gone)?;
                let secret = self.secret(&airflow.secret).await?;
                airflow::run(&self.http, airflow, &run.evidence, &secret).await
            }
        }
    }

    async fn secret(&self, arn: &str) -> Result<String, RemedyError> {
        let answer = self.ask(aws::secret(arn)?).await?;
        match answer.status {
            200..=299 => aws::secret_of(&answer.body).ok_or_else(|| {
                RemedyError::Wrong(format!("{arn} is not a string: store the credentials as a string"))
            }),
            _ => Err(answer.refusal("AWS", &format!("allow this function's role to read {arn}"))),
        }
    }

    async fn ask(&self, ask: Ask) -> Result<Answer, RemedyError> {
        let url = format!("{}{}", self.settings.address(ask.service, &ask.region), ask.path);
        let credential =
            self.credentials.current().await.map_err(|none| RemedyError::Denied(none.to_string()))?;
        let scope = Scope { service: ask.service, region: &ask.region };
        let headers = scope
            .post(&url, ask.headers, ask.body.clone().into(), credential.as_ref())
            .map_err(RemedyError::Wrong)?;
        let answer = Answer::of(self.http.post(&url).headers(headers).body(ask.body)).await?;
        if answer.body.contains("ExpiredToken") {
            self.credentials.forget();
        }
        Ok(answer)
    }
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
