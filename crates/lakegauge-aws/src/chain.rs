//! Finds credentials in the usual places: profile, web identity, container, instance.
//!
//! These are the SDK's providers, tried one by one, so that an error names the place and what to do, and so that no
//! machine outside AWS waits for the service that gives an instance its role.

use std::time::{Duration, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use lakegauge_core::cause;
use lakegauge_engine::{Credential, NoCredentials};

use crate::profile::Profiles;
use crate::trouble::{self, Place};

/// Time limit for all places together. A program that asks for a password without a terminal never ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// The places of the usual chain, in order.
#[derive(Default)]
pub(crate) struct Chain {
    region: Option<String>,
}

impl Chain {
    /// The chain in a region; by default, the region of the profile.
    pub(crate) fn new(region: Option<String>) -> Chain {
        Chain { region }
    }

    /// The credentials, and when they expire.
    pub(crate) async fn find(&self) -> Result<(Credential, Option<SystemTime>), NoCredentials> {
        match tokio::time::timeout(PATIENCE, self.seek()).await {
            Ok(found) => found,
            Err(_) => Err(NoCredentials(format!(
                "AWS credentials were sought for {} s without an answer; {}",
                PATIENCE.as_secs(),
                trouble::HOW
            ))),
        }
    }

    /// Tries one place after the other. The providers are built anew each time: one that failed to build keeps its
    /// failure, but not the reason.
    async fn seek(&self) -> Result<(Credential, Option<SystemTime>), NoCredentials> {
        let profiles = Profiles::read(|name| std::env::var(name).ok());
        for (place, provider) in self.places().await {
            match provider.provide_credentials().await {
                Ok(found) => {
                    let credential = Credential {
                        key_id: found.access_key_id().to_owned(),
                        secret: found.secret_access_key().to_owned(),
                        token: found.session_token().map(str::to_owned),
                    };
                    return Ok((credential, found.expiry()));
                }
                Err(error @ CredentialsError::CredentialsNotLoaded(_)) => {
                    tracing::debug!("no AWS credentials from the {place}: {}", cause::chain(&error));
                }
                Err(error) => {
                    return Err(NoCredentials(trouble::failed(place, &cause::chain(&error), &profiles)));
                }
            }
        }
        Err(NoCredentials(trouble::none(&profiles)))
    }

    async fn places(&self) -> Vec<(Place, SharedCredentialsProvider)> {
        let region = match &self.region {
            Some(region) => Some(region.clone()),
            None => profile_region().await,
        };
        // Never the instance's own region: on any other machine this would wait for a time-out.
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let settings = ProviderConfig::default().with_region(Some(aws_config::Region::new(region)));
        let profile = ProfileFileCredentialsProvider::builder().configure(&settings).build();
        let web = WebIdentityTokenCredentialsProvider::builder().configure(&settings).build();
        let container = EcsCredentialsProvider::builder().configure(&settings).build();
        let mut places = vec![
            (Place::Profile, SharedCredentialsProvider::new(profile)),
            (Place::WebIdentity, SharedCredentialsProvider::new(web)),
            (Place::Container, SharedCredentialsProvider::new(container)),
        ];
        if on_instance() {
            let instance = ImdsCredentialsProvider::builder().configure(&settings).build();
            places.push((Place::Instance, SharedCredentialsProvider::new(instance)));
        }
        places
    }
}

/// Whether this may be an EC2 instance, according to its firmware or to an environment variable that names the metadata
/// service. No other machine has that service, and asking for it takes seconds.
fn on_instance() -> bool {
    let named = std::env::var_os("AWS_EC2_METADATA_SERVICE_ENDPOINT").is_some_and(|value| !value.is_empty());
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    named
        || ["sys_vendor", "board_vendor", "bios_vendor", "bios_version"]
            .iter()
            .any(|file| read(&format!("/sys/class/dmi/id/{file}")).to_ascii_lowercase().contains("amazon"))
        || read("/sys/hypervisor/uuid").to_ascii_lowercase().starts_with("ec2")
}

/// The region of the profile. Reads files, sends no requests.
pub(crate) async fn profile_region() -> Option<String> {
    ProfileFileRegionProvider::new().region().await.map(|region| region.to_string())
}
