//! Opening a lake: its address, the credentials that sign, progress.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use lakegauge_aws::{Environment, Keys};
use lakegauge_config::nearest;
use lakegauge_core::foreign::visible;
use lakegauge_core::region;
use lakegauge_engine::Anonymous;
use lakegauge_lake::{Address, Identity, ObjectLake, Options, endpoint};

use crate::answer::Failure;
use crate::context::Context;
use crate::pattern::some;

/// The settings for reaching a lake, from the config and the command line.
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
    // The config's endpoint has already been checked at its line.
    if let Some(Err(error)) = reach.endpoint.as_ref().map(|typed| endpoint(typed, address)) {
        return Err(Failure::usage(format!("--endpoint-url: {error}")));
    }
    let mut options = Options { endpoint: reach.endpoint, region: reach.region, ..Options::default() };
    if let Some(most) = reach.concurrency {
        options.parallel = most as usize;
    }
    if let Address::S3 { .. } = address {
        sign(&mut options, address).await?;
    }
    let store =
        lakegauge_lake::open(address, &options).map_err(|error| Failure::unseen(error.to_string()))?;
    Ok(ObjectLake::new(store))
}

/// Identifies the lake at `address`, on the server that is `typed` or that the environment names.
pub(crate) fn identity(address: &Address, typed: Option<String>) -> Identity {
    let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let endpoint = match address {
        Address::S3 { .. } => typed.or_else(|| Environment::read(get).endpoint),
        _ => typed,
    };
    let account = get("AZURE_STORAGE_ACCOUNT_NAME").or_else(|| get("AZURE_STORAGE_ACCOUNT"));
    Identity::of(address, endpoint.as_deref(), account.as_deref())
}

/// Credentials, endpoint and region of S3 from AWS's usual variables, if nothing else sets them.
async fn sign(options: &mut Options, address: &Address) -> Result<(), Failure> {
    let get = |name: &str| std::env::var(name).ok();
    let environment = Environment::read(get);
    if let (None, Some(typed)) = (&options.endpoint, environment.endpoint) {
        let read = endpoint(&typed, address);
        let wrong = |error| Failure::usage(format!("{}: {error}", environment.endpoint_from));
        options.endpoint = Some(read.map_err(wrong)?);
    }
    let keys = Keys::of_environment(get);
    if options.region.is_none() {
        let (found, from) = match environment.region {
            Some(region) => (Some(region), environment.region_from),
            None if environment.unsigned => (None, ""),
            None => (keys.profile_region().await, "the region of the AWS profile"),
        };
        let wrong = |why| Failure::usage(format!("{from}: {why}; {}", region::FORM));
        found.as_deref().map_or(Ok(()), region::check).map_err(wrong)?;
        options.region = found;
    }
    options.credentials = if environment.unsigned { Arc::new(Anonymous) } else { Arc::new(keys) };
    Ok(())
}

/// The message for a lake without objects: what is next to its folder, if that can be listed.
pub(crate) async fn empty(address: &Address, reach: Reach) -> String {
    let shown = address.to_string();
    let Some((above, name)) = address.above() else {
        return format!("no object is in {}", visible(&shown));
    };
    let mut message =
        format!("no object is below {}: paths are case-sensitive, check the spelling", visible(&shown));
    let Ok(lake) = open(&above, reach).await else { return message };
    let Ok(level) = lake.store().level("").await else { return message };
    let names: Vec<String> = level.prefixes.iter().map(|folder| visible(folder).into_owned()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let above = above.to_string();
    match nearest(&format!("{name}/"), &names) {
        _ if names.is_empty() => {}
        Some(near) => message.push_str(&format!("; did you mean {}{near}?", visible(&above))),
        None => message.push_str(&format!("; {} has {}", visible(&above), some(&names))),
    }
    message
}

/// A counter on standard error during a long listing; hidden in a pipe.
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
