//! `moved` and `forget`: choose the history that a dataset continues.

use std::collections::BTreeSet;

use lakegauge_config::Config;
use lakegauge_core::name::Name;
use lakegauge_history::{Origin, Sqlite};
use lakegauge_show::text::many;

use crate::answer::{Answer, Failure};
use crate::cli::{ForgetArgs, MovedArgs};
use crate::context::Context;
use crate::histories::refused;
use crate::pattern::{names_one, some};
use crate::session;

/// Gives datasets their history at another place.
pub(crate) async fn moved(context: &Context, args: &MovedArgs) -> Result<Answer, Failure> {
    let config = session::read_config(context, &context.config)?;
    let (file, known) = open(context, &config).await?;
    let mut said = String::new();
    for dataset in chosen(&config, &args.datasets)? {
        let of_it: Vec<&Origin> =
            known.iter().filter(|origin| Name::read(&origin.dataset).base() == dataset).collect();
        let here = file.place(dataset).unwrap_or_default();
        let Some(from) = source(dataset, here, &of_it, args)? else { continue };
        let splits: BTreeSet<&str> = of_it
            .iter()
            .filter(|origin| origin.place == from || origin.place == here)
            .map(|origin| origin.dataset.as_str())
            .collect();
        for split in &splits {
            file.exchange(split, from).await.map_err(|error| refused(error, dataset))?;
        }
        let partitions = of_it.iter().filter(|o| o.place == from).map(|o| o.partitions).sum();
        let partitions = many(partitions, "partition");
        said.push_str(&format!("{dataset} keeps its history of {partitions} from {from}\n"));
    }
    if said.is_empty() {
        let from = args.from.as_deref().map_or_else(String::new, |from| format!(" at {from}"));
        let names = "the history knows no other place of these datasets";
        return Err(Failure::usage(format!("{names}{from}: nothing is changed")));
    }
    Ok(Answer::healthy(said))
}

/// The only other place with a history of the dataset; `None` if there is none.
fn source<'a>(
    dataset: &str,
    here: &str,
    known: &[&'a Origin],
    args: &MovedArgs,
) -> Result<Option<&'a str>, Failure> {
    let wanted = |origin: &&&Origin| match &args.from {
        Some(from) => origin.place.starts_with(from.as_str()),
        None => !origin.is_forgotten(),
    };
    let others = known.iter().filter(|origin| origin.place != here && !origin.place.is_empty());
    let places: BTreeSet<&str> = others.filter(wanted).map(|origin| origin.place.as_str()).collect();
    match (places.first(), places.len()) {
        (Some(place), 1) => Ok(Some(place)),
        (None, _) => Ok(None),
        (Some(first), _) => {
            let places: Vec<&str> = places.iter().copied().collect();
            Err(Failure::usage(format!(
                "the history knows `{dataset}` at several places; name one, for example `--from '{first}'`: {}",
                some(&places)
            )))
        }
    }
}

/// Starts a new history for datasets.
pub(crate) async fn forget(context: &Context, args: &ForgetArgs) -> Result<Answer, Failure> {
    let config = session::read_config(context, &context.config)?;
    let (file, known) = open(context, &config).await?;
    let mut said = String::new();
    for dataset in chosen(&config, &args.datasets)? {
        let here = file.place(dataset).unwrap_or_default();
        let is_here = |origin: &&Origin| {
            Name::read(&origin.dataset).base() == dataset && (origin.place == here || origin.place.is_empty())
        };
        let mut partitions = 0;
        for origin in known.iter().filter(is_here) {
            let done = file.give_up(&origin.dataset, context.now).await;
            done.map_err(|error| refused(error, dataset))?;
            partitions += origin.partitions;
        }
        let partitions = many(partitions, "partition");
        said.push_str(&format!("{dataset} starts a new history at the next check; {partitions} forgotten\n"));
    }
    said.push_str("`lakegauge moved DATASET --from 'forgotten at'` brings a forgotten history back\n");
    Ok(Answer::healthy(said))
}

/// Opens the history file for writing, and lists all histories in it.
async fn open(context: &Context, config: &Config) -> Result<(Sqlite, Vec<Origin>), Failure> {
    let (path, origins) = session::history_file(context, config)?;
    if !path.exists() {
        return Err(Failure::usage(format!("there is no history yet at {}", path.display())));
    }
    let file = Sqlite::open(&path).await.map_err(Failure::history)?.of(origins);
    let known = file.all().await.map_err(Failure::history)?;
    Ok((file, known))
}

/// The config's datasets with these names; all of them if there are no names.
fn chosen<'a>(config: &'a Config, names: &[String]) -> Result<Vec<&'a str>, Failure> {
    let known: Vec<&str> = config.datasets.iter().map(|dataset| dataset.name.as_str()).collect();
    let unknown = names.iter().find(|name| !known.iter().any(|dataset| names_one(name, dataset)));
    if let Some(name) = unknown {
        return Err(session::no_such_dataset(name, &known));
    }
    let wanted = |dataset: &&str| names.is_empty() || names.iter().any(|name| names_one(name, dataset));
    Ok(known.into_iter().filter(wanted).collect())
}
