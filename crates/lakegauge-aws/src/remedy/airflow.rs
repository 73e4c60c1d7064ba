//! A DAG run through Airflow's REST API: `/api/v1` in Airflow 2, `/api/v2` in Airflow 3.

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use lakegauge_core::remediation::Evidence;
use lakegauge_core::remedy::{Airflow, Api};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, RemedyError};

/// Characters that must be encoded in a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The contents of a secret.
#[derive(Clone, PartialEq, Eq)]
enum Login {
    /// A user with a password.
    User { username: String, password: String },
    /// The value of the header `Authorization`.
    Header(String),
}

#[derive(Deserialize)]
struct Held {
    username: Option<String>,
    password: Option<String>,
    token: Option<String>,
}

impl Login {
    /// `{"username": …, "password": …}`, `{"token": …}`, or the value of the header `Authorization`.
    fn read(secret: &str) -> Login {
        let held = serde_json::from_str::<Held>(secret).ok();
        match held.map(|held| (held.username.zip(held.password), held.token)) {
            Some((Some((username, password)), _)) => Login::User { username, password },
            Some((None, Some(token))) => Login::Header(format!("Bearer {token}")),
            _ => Login::Header(secret.trim().to_owned()),
        }
    }
}

/// Runs a DAG with the evidence as its `conf`. An existing run with that name counts as success.
pub(super) async fn run(
    http: &reqwest::Client,
    airflow: &Airflow,
    evidence: &Evidence,
    secret: &str,
) -> Result<(), RemedyError> {
    let dag = utf8_percent_encode(&airflow.dag, SEGMENT);
    let url = format!("{}/api/{}/dags/{dag}/dagRuns", airflow.url, airflow.api.name());
    let post = with(http.post(url), &body(airflow.api, evidence));
    let post = match (Login::read(secret), airflow.api) {
        (Login::Header(value), _) => post.header(AUTHORIZATION, header(&value)?),
        (Login::User { username, password }, Api::V1) => post.basic_auth(username, Some(password)),
        (Login::User { username, password }, Api::V2) => {
            post.header(AUTHORIZATION, header(&token(http, airflow, &username, &password).await?)?)
        }
    };
    let answer = Answer::of(post).await?;
    match answer.status {
        200..=299 | 409 => Ok(()),
        404 => Err(RemedyError::Wrong(format!("Airflow has no DAG `{}`: {}", airflow.dag, answer.said()))),
        _ => Err(answer.refusal("Airflow", "allow its user to create runs of this DAG")),
    }
}

fn with(post: reqwest::RequestBuilder, body: &Value) -> reqwest::RequestBuilder {
    post.header(CONTENT_TYPE, "application/json").body(body.to_string())
}

fn header(value: &str) -> Result<HeaderValue, RemedyError> {
    let mut header = HeaderValue::from_str(value)
        .map_err(|_| RemedyError::Wrong("the secret contains a character that cannot be sent".to_owned()))?;
    header.set_sensitive(true);
    Ok(header)
}

fn body(api: Api, evidence: &Evidence) -> Value {
    let mut body = json!({"dag_run_id": evidence.id, "conf": evidence.document(), "note": evidence.reason});
    if let (Api::V2, Some(body)) = (api, body.as_object_mut()) {
        // Required, and null for a run without a date of the schedule.
        body.insert("logical_date".to_owned(), Value::Null);
    }
    body
}

/// A token of Airflow 3 for a user.
async fn token(
    http: &reqwest::Client,
    airflow: &Airflow,
    username: &str,
    password: &str,
) -> Result<String, RemedyError> {
    let post = http.post(format!("{}/auth/token", airflow.url));
    let answer = Answer::of(with(post, &json!({"username": username, "password": password}))).await?;
    let held = match answer.status {
        200..=299 => serde_json::from_str::<Value>(&answer.body).unwrap_or_default(),
        // Its answer to a malformed login may contain the password.
        status => {
            let silent = Answer { status, body: String::new() };
            return Err(silent.refusal("Airflow", "correct user and password in the secret"));
        }
    };
    let token = held.get("access_token").and_then(Value::as_str);
    token
        .map(|token| format!("Bearer {token}"))
        .ok_or_else(|| RemedyError::Wrong("Airflow returned no token".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_one_of_three_forms() {
        let check = |secret: &str, expect: Login| assert!(Login::read(secret) == expect, "{secret}");
        let user = Login::User { username: "u".to_owned(), password: "p".to_owned() };
        check(r#"{"username": "u", "password": "p", "engine": "x"}"#, user);
        check(r#"{"token": "t"}"#, Login::Header("Bearer t".to_owned()));
        check("Basic dTpw\n", Login::Header("Basic dTpw".to_owned()));
    }
}
