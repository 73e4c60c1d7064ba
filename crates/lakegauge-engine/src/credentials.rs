//! Credentials that sign requests to AWS and to S3-compatible stores. A port: one crate finds them, others sign with
//! them.

use std::fmt;

use async_trait::async_trait;

/// One set of credentials. Its `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The access key's id.
    pub key_id: String,
    /// The secret access key.
    pub secret: String,
    /// The session token of temporary credentials.
    pub token: Option<String>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("token", &self.token.is_some()).finish_non_exhaustive()
    }
}

/// Why there are no credentials; the text says what was tried, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoCredentials(pub String);

/// Supplies credentials, and renews them before they expire.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The credentials to sign with now; `None` sends requests unsigned.
    ///
    /// # Errors
    /// When none are found.
    async fn current(&self) -> Result<Option<Credential>, NoCredentials>;

    /// Called when the store reports that the credentials have expired: the next ones must be fresh.
    fn forget(&self) {}
}

/// The same credentials always.
#[derive(Clone, Debug)]
pub struct Fixed(pub Credential);

#[async_trait]
impl Credentials for Fixed {
    async fn current(&self) -> Result<Option<Credential>, NoCredentials> {
        Ok(Some(self.0.clone()))
    }
}

/// No credentials: requests to public buckets are not signed.
#[derive(Clone, Copy, Debug)]
pub struct Anonymous;

#[async_trait]
impl Credentials for Anonymous {
    async fn current(&self) -> Result<Option<Credential>, NoCredentials> {
        Ok(None)
    }
}
