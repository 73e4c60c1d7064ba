//! The settings in the function's environment.

use std::str::FromStr;

use lakegauge_cloudwatch::publish::Place;

/// Which of the functions this is: the `handler` of its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// Called at deadlines and ticks.
    Schedule,
    /// Called with S3 events.
    Objects,
    /// Called when an alarm fires.
    Alarm,
}

impl FromStr for Handler {
    type Err = EnvironmentError;

    fn from_str(text: &str) -> Result<Handler, EnvironmentError> {
        match text {
            "schedule" => Ok(Handler::Schedule),
            "objects" => Ok(Handler::Objects),
            "alarm" => Ok(Handler::Alarm),
            other => Err(EnvironmentError::Handler(other.to_owned())),
        }
    }
}

/// Why the environment is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// The handler is unknown.
    #[error("`{0}` is not a handler: set the function's handler to `schedule`, `objects` or `alarm`")]
    Handler(String),
    /// There is no state.
    #[error("LAKEGAUGE_STATE is not set: set it to s3://BUCKET/PREFIX, where config and state are stored")]
    NoState,
    /// The state is not in S3.
    #[error("LAKEGAUGE_STATE is `{0}`, which is not s3://BUCKET/PREFIX")]
    State(String),
    /// The naming is unknown.
    #[error("LAKEGAUGE_NAMING is `{0}`: use `lakegauge` or `original`")]
    Naming(String),
}

/// The environment of all functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Where config and state are stored; the prefix has no trailing `/`.
    pub state: Place,
    /// `lakegauge` or `original`.
    pub naming: String,
    /// The namespace of the metrics, if the environment sets one.
    pub namespace: Option<String>,
    /// A link for people.
    pub link: Option<String>,
    /// The name of the deployment.
    pub deployment: String,
}

impl Environment {
    /// Reads the variables with `get`.
    ///
    /// # Errors
    ///
    /// If one is missing or invalid.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Environment, EnvironmentError> {
        let set = |name: &str| get(name).map(|v| v.trim().to_owned()).filter(|value| !value.is_empty());
        let typed = set("LAKEGAUGE_STATE").ok_or(EnvironmentError::NoState)?;
        let rest = typed.strip_prefix("s3://").ok_or_else(|| EnvironmentError::State(typed.clone()))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(EnvironmentError::State(typed));
        }
        let naming = set("LAKEGAUGE_NAMING").unwrap_or_else(|| "lakegauge".to_owned());
        if !matches!(naming.as_str(), "lakegauge" | "original") {
            return Err(EnvironmentError::Naming(naming));
        }
        Ok(Environment {
            state: Place { bucket: bucket.to_owned(), prefix: prefix.trim_end_matches('/').to_owned() },
            naming,
            namespace: set("LAKEGAUGE_NAMESPACE"),
            link: set("LAKEGAUGE_LINK"),
            deployment: set("LAKEGAUGE_DEPLOYMENT").unwrap_or_else(|| "lakegauge".to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_read_or_told_what_it_lacks() {
        let check = |set: &[(&str, &str)], expect: Result<(&str, &str, &str), &str>| {
            let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let got = Environment::read(get).map(|e| (e.state.bucket, e.state.prefix, e.naming));
            let expect = expect.map(|(b, p, n)| (b.to_owned(), p.to_owned(), n.to_owned()));
            assert_eq!(
                got.map_err(|e| e.to_string().split(':').next().unwrap().to_owned()),
                expect.map_err(str::to_owned)
            );
        };
        check(&[("LAKEGAUGE_STATE", "s3://b/p/q/")], Ok(("b", "p/q", "lakegauge")));
        check(&[("LAKEGAUGE_STATE", "s3://b"), ("LAKEGAUGE_NAMING", "original")], Ok(("b", "", "original")));
        check(&[], Err("LAKEGAUGE_STATE is not set"));
        check(&[("LAKEGAUGE_STATE", "s3:///p")], Err("LAKEGAUGE_STATE is `s3"));
        check(&[("LAKEGAUGE_STATE", "s3://b"), ("LAKEGAUGE_NAMING", "x")], Err("LAKEGAUGE_NAMING is `x`"));
        assert!("alarm".parse::<Handler>().is_ok());
        assert!("schedule".parse::<Handler>().is_ok() && "bootstrap".parse::<Handler>().is_err());
    }
}
