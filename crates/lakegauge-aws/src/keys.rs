//! Credentials from the environment, or from the usual chain; cached until shortly before they expire.

use std::fmt;

use async_trait::async_trait;
use lakegauge_engine::{Credential, Credentials, NoCredentials};

/// Finds credentials, and caches them.
#[derive(Default)]
pub struct Keys {
    fixed: Option<Credential>,
    #[cfg(feature = "chain")]
    found: found::Found,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("fixed", &self.fixed.is_some()).finish_non_exhaustive()
    }
}

impl Keys {
    /// The keys in the environment as `get` reads it, which come first in the chain and need no SDK; otherwise the
    /// rest of the chain (feature `chain`). Sends no requests yet.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Keys {
        let set = |name: &str| get(name).map(|v| v.trim().to_owned()).filter(|value| !value.is_empty());
        let secret = set("AWS_SECRET_ACCESS_KEY").or_else(|| set("SECRET_ACCESS_KEY"));
        let fixed = set("AWS_ACCESS_KEY_ID").zip(secret).map(|(key_id, secret)| Credential {
            key_id,
            secret,
            token: set("AWS_SESSION_TOKEN"),
        });
        Keys {
            fixed,
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

    use crate::chain::Chain;

    /// Temporary credentials are renewed when they expire within this time. AWS has the next ones ready five minutes
    /// before (IAM user guide, "Retrieve security credentials from instance metadata").
    const MARGIN: Duration = Duration::from_secs(4 * 60);

    /// The last credentials from the chain.
    #[derive(Default)]
    pub(super) struct Found {
        chain: Chain,
        kept: Mutex<Option<(Credential, Option<SystemTime>)>>,
    }

    impl Found {
        pub(super) fn new(region: Option<String>) -> Found {
            Found { chain: Chain::new(region), kept: Mutex::default() }
        }

        pub(super) async fn current(&self) -> Result<Credential, NoCredentials> {
            let mut kept = self.kept.lock().await;
            if let Some((credential, until)) = &*kept
                && until.is_none_or(|until| until > clock() + MARGIN)
            {
                return Ok(credential.clone());
            }
            let found = self.chain.find().await?;
            let credential = found.0.clone();
            *kept = Some(found);
            Ok(credential)
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
