//! Making a run, and why it could not be made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lakegauge_core::cause::chain;
use lakegauge_core::remedy::{Remedy, Run, Target};
use lakegauge_engine::Credentials;

use super::airflow;
use super::aws::{self, Ask};
use crate::signature::{self, Scope};

/// The longest that one request may take: Airflow's own answer to a run takes seconds when it is busy.
const PATIENCE: Duration = Duration::from_secs(20);
/// As much of an answer is read.
const ANSWER: usize = 64 << 10;
/// As much of it is shown.
const SHOWN: usize = 300;

/// Where AWS's services are asked, where that is not AWS itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemedySettings {
    /// Of Lambda.
    pub lambda: Option<String>,
    /// Of Secrets Manager.
    pub secretsmanager: Option<String>,
    /// Of Systems Manager.
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

/// Why a run could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrun {
    /// It may not be.
    #[error("{0}")]
    Denied(String),
    /// Something in the config or in the secret is wrong.
    #[error("{0}")]
    Wrong(String),
    /// No answer, or that of a server in trouble.
    #[error("{0}; it is tried again")]
    Unreachable(String),
}

/// Makes runs.
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

    /// Makes one run.
    ///
    /// # Errors
    /// When it could not be made.
    pub async fn run(&self, remedy: &Remedy, run: &Run) -> Result<(), Unrun> {
        let gone = || Unrun::Wrong("the config no longer says what to run".to_owned());
        match run.target {
            Target::Function => {
                let arn = remedy.function.as_deref().ok_or_else(gone)?;
                let payload = run.evidence.document().to_string();
                let answer = self.ask(aws::invocation(arn, payload)?).await?;
                match answer.status {
                    200..=299 => Ok(()),
                    404 => Err(Unrun::Wrong(format!("there is no function {arn}: {}", answer.said()))),
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

    async fn secret(&self, arn: &str) -> Result<String, Unrun> {
        let answer = self.ask(aws::secret(arn)?).await?;
        match answer.status {
            200..=299 => aws::secret_of(&answer.body).ok_or_else(|| {
                Unrun::Wrong(format!("{arn} holds no text: put the credentials there as text"))
            }),
            _ => Err(answer.refusal("AWS", &format!("let this function's role read {arn}"))),
        }
    }

    async fn ask(&self, ask: Ask) -> Result<Answer, Unrun> {
        let url = format!("{}{}", self.settings.address(ask.service, &ask.region), ask.path);
        let credential = self.credentials.current().await.map_err(|none| Unrun::Denied(none.to_string()))?;
        let scope = Scope { service: ask.service, region: &ask.region };
        let headers = scope
            .post(&url, ask.headers, ask.body.clone().into(), credential.as_ref())
            .map_err(Unrun::Wrong)?;
        let answer = Answer::of(self.http.post(&url).headers(headers).body(ask.body)).await?;
        if answer.body.contains("ExpiredToken") {
            self.credentials.forget();
        }
        Ok(answer)
    }
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Answer {
    /// Sends a request, and reads what comes back. No message has the address: who knows what a proxy makes part of it.
    pub(super) async fn of(request: reqwest::RequestBuilder) -> Result<Answer, Unrun> {
        let broken = |error: reqwest::Error| {
            let error = error.without_url();
            Unrun::Unreachable(if error.is_timeout() {
                "no answer in time".to_owned()
            } else {
                chain(&error)
            })
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

    /// The start of the answer, on one line.
    pub(super) fn said(&self) -> String {
        let text: String = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("HTTP {} {}", self.status, text.chars().take(SHOWN).collect::<String>()).trim_end().to_owned()
    }

    /// Why `who` did not do it; `hint` says what to do when it refuses.
    pub(super) fn refusal(&self, who: &str, hint: &str) -> Unrun {
        match self.status {
            401 | 403 => Unrun::Denied(format!("{who} refuses ({}): {hint}", self.said())),
            408 | 429 | 500..=599 => Unrun::Unreachable(format!("{who} is in trouble ({})", self.said())),
            _ => Unrun::Wrong(format!("{who} does not take it ({})", self.said())),
        }
    }
}
