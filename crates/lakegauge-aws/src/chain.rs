//! The usual credential chain: profile, SSO, web identity, container, instance.

use std::time::SystemTime;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use lakegauge_core::cause;
use lakegauge_engine::{Credential, NoCredentials};
use tokio::sync::OnceCell;

/// The SDK's chain, created at the first request for credentials.
#[derive(Default)]
pub(crate) struct Chain {
    region: Option<String>,
    begun: OnceCell<DefaultCredentialsChain>,
}

impl Chain {
    /// The chain in a region; by default that of the profile.
    pub(crate) fn new(region: Option<String>) -> Chain {
        Chain { region, begun: OnceCell::new() }
    }

    /// The credentials that it finds, and when they expire.
    pub(crate) async fn find(&self) -> Result<(Credential, Option<SystemTime>), NoCredentials> {
        let chain = self.begun.get_or_init(|| self.begin()).await;
        let found = chain.provide_credentials().await.map_err(|error| none(&error))?;
        let credential = Credential {
            key_id: found.access_key_id().to_owned(),
            secret: found.secret_access_key().to_owned(),
            token: found.session_token().map(str::to_owned),
        };
        Ok((credential, found.expiry()))
    }

    async fn begin(&self) -> DefaultCredentialsChain {
        let region = match &self.region {
            Some(region) => Some(region.clone()),
            None => profile_region().await,
        };
        // Never the instance's own region: on any other machine that would wait for a time-out.
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        DefaultCredentialsChain::builder().region(aws_config::Region::new(region)).build().await
    }
}

/// The region of the profile. Reads files, sends no requests.
pub(crate) async fn profile_region() -> Option<String> {
    ProfileFileRegionProvider::new().region().await.map(|region| region.to_string())
}

fn none(error: &CredentialsError) -> NoCredentials {
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return NoCredentials(
            "no AWS credentials were found in the environment, profile, SSO, web identity, container or instance; \
             log in (`aws sso login`), set AWS_PROFILE, or set AWS_SKIP_SIGNATURE=true for a public bucket"
                .to_owned(),
        );
    }
    NoCredentials(format!("the AWS credentials cannot be loaded: {}", cause::chain(error)))
}
