//! Opens the connections: the state bucket, the config in it, the lake that it names, CloudWatch.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lakegauge_aws::{CloudWatch, CloudWatchSettings, Keys, Remedies, RemedySettings};
use lakegauge_cloudwatch::publish::{Naming, Place};
use lakegauge_config::Config;
use lakegauge_core::delivery::Destinations;
use lakegauge_engine::{Anonymous, Clock, Credentials, HistoryError, NoCredentials};
use lakegauge_history::{Documents, Files, Origins, S3Settings, Shelf, open_s3};
use lakegauge_lake::{Address, AddressError, Identity, ObjectLake, Options, StoreError};
use lakegauge_watch::{Known, Watcher};
use tokio::sync::Mutex;

use crate::config::{self, ConfigError};
use crate::environment::Environment;
use crate::wire;

/// For how long a config is assumed to be unchanged.
const FRESH: SignedDuration = SignedDuration::from_secs(10);

/// One deployment, according to its current config.
#[derive(Clone)]
pub struct Deployment {
    /// The parsed config.
    pub config: Arc<Config>,
    /// Where the lake is, if it is in S3.
    pub lake: Option<Place>,
    /// Watches its datasets.
    pub watcher: Watcher,
}

/// Why a deployment cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The state bucket cannot be read.
    #[error(transparent)]
    State(#[from] HistoryError),
    /// The config is missing or invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] NoCredentials),
    /// The HTTP client cannot be created.
    #[error("no HTTP client")]
    Http(#[from] reqwest::Error),
    /// The lake's address is invalid.
    #[error("the lake's address: {0}")]
    Address(#[from] AddressError),
    /// The lake cannot be opened.
    #[error(transparent)]
    Lake(#[from] StoreError),
}

/// What stays open between calls.
pub struct Connections {
    environment: Environment,
    get: fn(&str) -> Option<String>,
    credentials: Arc<dyn Credentials>,
    http: reqwest::Client,
    shelf: Shelf,
    files: Files,
    cloudwatch: CloudWatch,
    remedies: Remedies,
    known: Known,
    clock: Arc<dyn Clock>,
    open: Mutex<Option<(Timestamp, Deployment)>>,
}

impl Connections {
    /// Opens what does not depend on the config.
    ///
    /// # Errors
    /// If there are no credentials, or the state bucket's settings are invalid.
    pub async fn open(
        environment: Environment,
        get: fn(&str) -> Option<String>,
        clock: Arc<dyn Clock>,
    ) -> Result<Connections, OpenError> {
        let aws = lakegauge_aws::Environment::read(get);
        let credentials: Arc<dyn Credentials> = match aws.unsigned {
            true => Arc::new(Anonymous),
            false => Arc::new(Keys::of_environment(get)),
        };
        let (key, http) = (credentials.current().await?, wire::client()?);
        let settings = S3Settings {
            bucket: environment.state.bucket.clone(),
            endpoint: aws.endpoint,
            region: aws.region,
            token: key.as_ref().and_then(|key| key.token.clone()),
            key: key.map(|key| (key.key_id, key.secret)),
            http: Some(http.clone()),
        };
        let store = open_s3(&settings)?;
        let Place { bucket, prefix } = &environment.state;
        let below = |folder: &str| format!("{prefix}/{folder}").trim_start_matches('/').to_owned();
        let place = |folder: &str| format!("s3://{bucket}/{}", below(folder));
        let shelf = Shelf::new(Arc::clone(&store), &below("state"), place("state"));
        let files = Files::new(store, &below("config"), place("config")).copied_on(shelf.beside());
        let settings = CloudWatchSettings::of_environment(get);
        let cloudwatch = CloudWatch::open(&settings, Arc::clone(&credentials), http.clone());
        let remedies = RemedySettings::of_environment(get);
        let remedies = Remedies::new(remedies, Arc::clone(&credentials), http.clone());
        Ok(Connections {
            environment,
            get,
            credentials,
            http,
            shelf,
            files,
            cloudwatch,
            remedies,
            known: Known::default(),
            clock,
            open: Mutex::default(),
        })
    }

    /// The runner of remedies, and the link for people.
    pub fn remedies(&self) -> (&Remedies, Option<&str>) {
        (&self.remedies, self.environment.link.as_deref())
    }

    /// The deployment according to its current config. The config is checked for changes at most every few seconds, so
    /// that calls in quick succession do not each check it.
    ///
    /// # Errors
    /// If the config or the lake cannot be opened.
    pub async fn deployment(&self) -> Result<Deployment, OpenError> {
        let mut open = self.open.lock().await;
        let now = self.clock.now();
        if let Some((asked, deployment)) = open.as_ref()
            && (SignedDuration::ZERO..FRESH).contains(&now.duration_since(*asked))
        {
            return Ok(deployment.clone());
        }
        let changed = self.files.changed().await?;
        if let (None, Some((asked, deployment))) = (&changed, open.as_mut()) {
            *asked = now;
            return Ok(deployment.clone());
        }
        // The previous deployment no longer matches the config. A config that does not load is reported again at each
        // call.
        *open = None;
        let texts = match changed {
            Some(texts) => texts,
            None => self.files.kept().await,
        };
        let Place { bucket, prefix } = &self.environment.state;
        let place = format!("s3://{bucket}/{prefix}/config");
        let config = config::read(&place, &texts, now)?;
        let deployment = self.build(config)?;
        *open = Some((now, deployment.clone()));
        Ok(deployment)
    }

    fn build(&self, config: Config) -> Result<Deployment, OpenError> {
        let address: Address = config.lake.parse()?;
        let aws = lakegauge_aws::Environment::read(self.get);
        let mut options = Options {
            endpoint: config.endpoint_url.clone().or(aws.endpoint),
            region: config.region.clone().or(aws.region),
            credentials: Arc::clone(&self.credentials),
            http: Some(self.http.clone()),
            ..Options::default()
        };
        if let Some(most) = config.concurrency {
            options.parallel = most as usize;
        }
        let lake = Arc::new(ObjectLake::new(lakegauge_lake::open(&address, &options)?));
        let identity = Identity::of(&address, options.endpoint.as_deref(), None);
        let places = config.datasets.iter().map(|d| (d.name.clone(), identity.place(&d.layout.to_string())));
        let origins = Origins::new(places);
        let place = match address {
            Address::S3 { bucket, prefix } => Some(Place { bucket, prefix }),
            _ => None,
        };
        let naming = match (self.environment.naming.as_str(), &place) {
            ("original", Some(place)) => Naming::Original(place.clone()),
            _ => Naming::Lakegauge,
        };
        let chosen = self.environment.namespace.as_deref().unwrap_or(&config.namespace);
        let sink = self.cloudwatch.namespace(naming.namespace(chosen));
        let watcher = Watcher {
            lake,
            book: Arc::new(Documents::new(self.shelf.clone()).of(origins)),
            sink: Arc::new(sink),
            clock: Arc::clone(&self.clock),
            deployment: self.environment.deployment.clone(),
            to: Destinations { metrics: Some(Arc::new(naming)), remedies: true },
            known: self.known.clone(),
        };
        Ok(Deployment { config: Arc::new(config), lake: place, watcher })
    }
}
