//! Credentials from the environment, or from the usual chain; cached until shortly before they expire.

use std::fmt;

use async_trait::async_trait;
use lakegauge_engine::{Credential, Credentials, NoCredentials};

/// Finds credentials, and caches them.
#[derive(Default)]
pub struct Keys {
    fixed: Option<Credential>,
    /// The missing half, if the environment has only half of a key.
    half: Option<&'static str>,
    #[cfg(feature = "chain")]
    found: found::Found,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("fixed", &self.fixed.is_some()).finish_non_exhaustive()
    }
}

impl Keys {
    /// Uses the keys in the environment as `get` reads it, which come first and need no SDK; otherwise the rest of the
    /// chain (feature `chain`). Sends no requests yet.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Keys {
        let set = |name: &str| get(name).map(|v| v.trim().to_owned()).filter(|value| !value.is_empty());
        let secret = set("AWS_SECRET_ACCESS_KEY").or_else(|| set("SECRET_ACCESS_KEY"));
        let id = set("AWS_ACCESS_KEY_ID");
        let half = match (&id, &secret) {
            (Some(_), None) => Some("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"),
            (None, Some(_)) => Some("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"),
            _ => None,
        };
        let token = set("AWS_SESSION_TOKEN");
        let fixed = id.zip(secret).map(|(key_id, secret)| Credential { key_id, secret, token });
        Keys {
            fixed,
            half,
            #[cfg(feature = "chain")]
            found: found::Found::new(set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"))),
        }
    }

    /// The region of the profile, if the environment has none. Reads files, sends no requests.
    #[cfg(feature = "chain")]
    pub async fn profile_region(&self) -> Option<String> {
        crate::chain::profile_region().await
    }
}

#[async_trait]
impl Credentials for Keys {
    /// Credentials that are valid for some minutes.
    async fn current(&self) -> Result<Option<Credential>, NoCredentials> {
        if let Some(credential) = &self.fixed {
            return Ok(Some(credential.clone()));
        }
        if let Some(half) = self.half {
            return Err(NoCredentials(half.to_owned()));
        }
        #[cfg(feature = "chain")]
        return self.found.current().await.map(Some);
        #[cfg(not(feature = "chain"))]
        Err(NoCredentials(
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: AWS Lambda sets them, elsewhere you have to"
                .to_owned(),
        ))
    }

    fn forget(&self) {
        #[cfg(feature = "chain")]
        self.found.forget();
    }
}

#[cfg(feature = "chain")]
mod found {
    use std::time::{Duration, SystemTime};

    use lakegauge_engine::{Credential, NoCredentials};
    use tokio::sync::Mutex;
    use tokio::time::Instant;

    use crate::chain::Chain;

    /// Temporary credentials are renewed when they expire within this time. AWS has the next ones ready five minutes
    /// before (IAM user guide, "Retrieve security credentials from instance metadata").
    const MARGIN: Duration = Duration::from_secs(4 * 60);

    /// How long a failure is cached, so that the requests of one look do not each wait for the chain. It is short, so
    /// that a login in the meantime soon takes effect.
    const FAILED_FOR: Duration = Duration::from_secs(10);

    /// The last result of the chain.
    #[derive(Default)]
    pub(super) struct Found {
        chain: Chain,
        kept: Mutex<Option<Kept>>,
    }

    enum Kept {
        Good(Credential, Option<SystemTime>),
        Failed(NoCredentials, Instant),
    }

    impl Found {
        pub(super) fn new(region: Option<String>) -> Found {
            Found { chain: Chain::new(region), kept: Mutex::default() }
        }

        pub(super) async fn current(&self) -> Result<Credential, NoCredentials> {
            let mut kept = self.kept.lock().await;
            match &*kept {
                Some(Kept::Good(credential, until)) if until.is_none_or(|until| until > clock() + MARGIN) => {
                    return Ok(credential.clone());
                }
                Some(Kept::Failed(error, since)) if since.elapsed() < FAILED_FOR => return Err(error.clone()),
                _ => {}
            }
            match self.chain.find().await {
                Ok((credential, until)) => {
                    *kept = Some(Kept::Good(credential.clone(), until));
                    Ok(credential)
                }
                Err(error) => {
                    *kept = Some(Kept::Failed(error.clone(), Instant::now()));
                    Err(error)
                }
            }
        }

        /// Drops the cached credentials after the store has rejected them as expired.
        pub(super) fn forget(&self) {
            if let Ok(mut kept) = self.kept.try_lock() {
                *kept = None;
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "credentials expire by the system's clock, whatever `now` is"
    )]
    fn clock() -> SystemTime {
        SystemTime::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn half_a_key_is_named() {
        let check = async |set: &[(&str, &str)], expect: Result<&str, &str>| {
            let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let found = Keys::of_environment(get).current().await;
            let found = found.map(|c| c.map(|c| c.key_id).unwrap_or_default()).map_err(|e| e.to_string());
            assert_eq!(found.as_deref().map_err(String::as_str), expect, "{set:?}");
        };
        let (id, secret) = (("AWS_ACCESS_KEY_ID", "AK"), ("AWS_SECRET_ACCESS_KEY", "SK"));
        check(&[id, secret], Ok("AK")).await;
        check(&[id], Err("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")).await;
        check(
            &[id, ("AWS_SECRET_ACCESS_KEY", " ")],
            Err("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"),
        )
        .await;
        check(&[secret], Err("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not")).await;
    }
}
