//! Credentials by the usual chain, kept until shortly before they end.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use lakegauge_core::cause::chain;
use tokio::sync::{Mutex, OnceCell};

/// Temporary credentials are renewed when they have less than this left. AWS has the next ones ready five
/// minutes before (IAM user guide, "Retrieve security credentials from instance metadata").
const MARGIN: Duration = Duration::from_secs(4 * 60);

/// One set of credentials. Its `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// The access key's id.
    pub id: String,
    /// The secret access key.
    pub secret: String,
    /// The session token of temporary credentials.
    pub token: Option<String>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("temporary", &self.token.is_some()).finish_non_exhaustive()
    }
}

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKeys {
    /// No place has any.
    #[error(
        "no AWS credentials were found in the environment, profile, SSO, web identity, container or instance; \
         log in (`aws sso login`), set AWS_PROFILE, or set AWS_SKIP_SIGNATURE=true for a public bucket"
    )]
    None,
    /// A place that should have them fails.
    #[error("the AWS credentials cannot be had: {0}")]
    Failed(String),
}

/// Finds credentials, and keeps them.
#[derive(Default)]
pub struct Keys {
    fixed: Option<Key>,
    region: Option<String>,
    chain: OnceCell<DefaultCredentialsChain>,
    kept: Mutex<Option<(Key, Option<SystemTime>)>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("fixed", &self.fixed.is_some()).finish_non_exhaustive()
    }
}

impl Keys {
    /// The chain over the environment as `get` reads it. Keys in the environment come first in the chain, and
    /// need no SDK. Nothing is asked yet.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Keys {
        let set = |name: &str| get(name).map(|v| v.trim().to_owned()).filter(|value| !value.is_empty());
        let secret = set("AWS_SECRET_ACCESS_KEY").or_else(|| set("SECRET_ACCESS_KEY"));
        let fixed = set("AWS_ACCESS_KEY_ID").zip(secret).map(|(id, secret)| Key {
            id,
            secret,
            token: set("AWS_SESSION_TOKEN"),
        });
        let region = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"));
        Keys { fixed, region, ..Keys::default() }
    }

    /// The region of the profile, when the environment names none. Reads files, asks nobody.
    pub async fn profile_region(&self) -> Option<String> {
        ProfileFileRegionProvider::new().region().await.map(|region| region.to_string())
    }

    /// Credentials that are good for some minutes.
    ///
    /// # Errors
    /// When the chain has none, or a part of it that should have them fails.
    pub async fn current(&self) -> Result<Key, NoKeys> {
        if let Some(key) = &self.fixed {
            return Ok(key.clone());
        }
        let mut kept = self.kept.lock().await;
        if let Some((key, until)) = &*kept
            && until.is_none_or(|until| until > clock() + MARGIN)
        {
            return Ok(key.clone());
        }
        let chain = self.chain.get_or_init(|| self.start()).await;
        let found = chain.provide_credentials().await.map_err(|error| no_keys(&error))?;
        let key = key(&found);
        *kept = Some((key.clone(), found.expiry()));
        Ok(key)
    }

    /// Drops what is kept: the store says that it has ended.
    pub fn forget(&self) {
        if let Ok(mut kept) = self.kept.try_lock() {
            *kept = None;
        }
    }

    async fn start(&self) -> DefaultCredentialsChain {
        let region = match &self.region {
            Some(region) => Some(region.clone()),
            None => self.profile_region().await,
        };
        // Never the instance's own region: on any other machine that waits for an answer that does not come.
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        DefaultCredentialsChain::builder().region(aws_config::Region::new(region)).build().await
    }
}

#[expect(clippy::disallowed_methods, reason = "credentials end by the wall clock, whatever `now` is judged")]
fn clock() -> SystemTime {
    SystemTime::now()
}

fn key(found: &Credentials) -> Key {
    Key {
        id: found.access_key_id().to_owned(),
        secret: found.secret_access_key().to_owned(),
        token: found.session_token().map(str::to_owned),
    }
}

fn no_keys(error: &CredentialsError) -> NoKeys {
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return NoKeys::None;
    }
    NoKeys::Failed(chain(error))
}
