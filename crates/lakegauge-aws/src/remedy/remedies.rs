//! Runs remedies, and explains failures.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use lakegauge_core::remediation::{RemedyRun, Target};
use lakegauge_core::remedy::Remedy;
use lakegauge_engine::{Credentials, NotRun, Runner};

use super::airflow;
use super::answer::{Answer, RemedyError};
use super::aws::{self, Ask};
use crate::signature::{self, Scope};

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

    async fn made(&self, remedy: &Remedy, run: &RemedyRun) -> Result<(), RemedyError> {
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

#[async_trait]
impl Runner for Remedies {
    async fn run(&self, remedy: &Remedy, run: &RemedyRun) -> Result<(), NotRun> {
        self.made(remedy, run).await.map_err(|error| NotRun(error.to_string()))
    }
}
