//! Opening a lake: its address, the credentials that sign, progress.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use lakegauge_aws::{Environment, Keys};
use lakegauge_engine::Anonymous;
use lakegauge_lake::{Address, Identity, ObjectLake, Options};

use crate::answer::Failure;
use crate::context::Context;

/// What the config and the command line say about reaching a lake.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) concurrency: Option<u32>,
}

/// Reads an address as typed; a relative folder is relative to `folder`.
pub(crate) fn address(typed: &str, folder: &Path) -> Result<Address, Failure> {
    match typed.parse() {
        Ok(Address::Local(path)) => Ok(Address::Local(folder.join(path))),
        Ok(address) => Ok(address),
        Err(error) => Err(Failure::usage(format!("the lake's address: {error}"))),
    }
}

/// Opens the lake at `address`. Sends nothing yet.
pub(crate) async fn open(address: &Address, reach: Reach) -> Result<ObjectLake, Failure> {
    let mut options = Options { endpoint: reach.endpoint, region: reach.region, ..Options::default() };
    if let Some(most) = reach.concurrency {
        options.parallel = most as usize;
    }
    if let Address::S3 { .. } = address {
        sign(&mut options).await;
    }
    let store =
        lakegauge_lake::open(address, &options).map_err(|error| Failure::unseen(error.to_string()))?;
    Ok(ObjectLake::new(store))
}

/// Which lake is at `address`: on the server that is `typed`, or that the environment names.
pub(crate) fn identity(address: &Address, typed: Option<String>) -> Identity {
    let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let endpoint = match address {
        Address::S3 { .. } => typed.or_else(|| Environment::read(get).endpoint),
        _ => typed,
    };
    let account = get("AZURE_STORAGE_ACCOUNT_NAME").or_else(|| get("AZURE_STORAGE_ACCOUNT"));
    Identity::of(address, endpoint.as_deref(), account.as_deref())
}

/// Credentials, endpoint and region of S3 by AWS's usual names, where nothing else says so.
async fn sign(options: &mut Options) {
    let get = |name: &str| std::env::var(name).ok();
    let environment = Environment::read(get);
    if options.endpoint.is_none() {
        options.endpoint = environment.endpoint;
    }
    if environment.unsigned {
        options.credentials = Arc::new(Anonymous);
        options.region = options.region.take().or(environment.region);
        return;
    }
    let keys = Keys::of_environment(get);
    if options.region.is_none() {
        options.region = match environment.region {
            Some(region) => Some(region),
            None => keys.profile_region().await,
        };
    }
    options.credentials = Arc::new(keys);
}

/// A count on standard error while something long is listed; hidden in a pipe.
pub(crate) fn progress(context: &Context, verb: &'static str) -> ProgressBar {
    if !context.progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let template = format!("{{spinner}} {verb} {{human_pos}} objects ({{per_sec}})  {{elapsed}}");
    bar.set_style(
        ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
