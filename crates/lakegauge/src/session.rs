//! One run's composition: the config, the lake behind it and the history beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_core::config::{self, Config, Loaded, Reference, Surroundings};
use lakegauge_core::dataset::Dataset;
use lakegauge_engine::{Ask, History, Lake, Outcome, Scope};
use lakegauge_history::{Memory, Rehearsal, Sqlite};
use lakegauge_lake::{Address, ObjectLake};

use crate::answer::Failure;
use crate::clock;
use crate::context::Context;
use crate::lake::{self, Reach};
use crate::pattern::{base_name, names_one, some};
use crate::show::text::many;

/// Everything that a command needs to look and to judge.
pub(crate) struct Session {
    /// The config as meant.
    pub(crate) config: Config,
    /// The lake.
    pub(crate) lake: Arc<ObjectLake>,
    /// The past.
    pub(crate) history: Arc<dyn History>,
    /// The instant for which everything is judged.
    pub(crate) now: Timestamp,
    replay: bool,
    remembers: bool,
}

impl Session {
    /// Reads the config and opens the lake and the history that it names. Nothing is looked at yet.
    pub(crate) async fn open(context: &Context) -> Result<Session, Failure> {
        let config = read_config(context, &context.config)?;
        let folder = folder_of(&context.config);
        let lake = open_lake(context, &config, &folder).await?;
        let (history, remembers) = open_history(context, &config, &folder).await?;
        let (lake, now, replay) = (Arc::new(lake), context.now, context.replay);
        Ok(Session { config, lake, history, now, replay, remembers })
    }

    /// Another config beside the one in use: what is looked at for it is remembered nowhere.
    pub(crate) async fn open_beside(context: &Context, config: &Path) -> Result<Session, Failure> {
        let folder = folder_of(config);
        let config = read_config(context, config)?;
        let lake = Arc::new(open_lake(context, &config, &folder).await?);
        let history = Arc::new(Memory::default());
        Ok(Session { config, lake, history, now: context.now, replay: context.replay, remembers: false })
    }

    /// The datasets that `names` name, all of them when it is empty, in the order of the config. A dataset with a
    /// splitting key stands for one dataset for each of its values.
    pub(crate) async fn datasets(&self, names: &[String]) -> Result<Vec<Arc<Dataset>>, Failure> {
        let mut found = Vec::new();
        for dataset in &self.config.datasets {
            let wanted =
                names.is_empty() || names.iter().any(|name| names_one(base_name(name), &dataset.name));
            if !wanted {
                continue;
            }
            if dataset.layout.splits().is_empty() {
                found.push(Arc::new(dataset.clone()));
                continue;
            }
            let values = self.lake.expand(dataset).await.map_err(|gap| Failure::unseen(gap.to_string()))?;
            let instances = values.into_iter().map(|splits| Dataset {
                name: format!("{}[{}]", dataset.name, splits.join(",")),
                splits,
                ..dataset.clone()
            });
            let named = |d: &Dataset| {
                let one = |name: &String| names_one(name, &d.name) || names_one(name, &dataset.name);
                names.is_empty() || names.iter().any(one)
            };
            found.extend(instances.filter(named).map(Arc::new));
        }
        for name in names {
            let known = found.iter().any(|d| names_one(name, &d.name) || names_one(name, base_name(&d.name)));
            if !known {
                return Err(self.no_such_dataset(name));
            }
        }
        Ok(found)
    }

    /// The one dataset that `name` names.
    pub(crate) async fn dataset(&self, name: &str) -> Result<Arc<Dataset>, Failure> {
        let mut found = self.datasets(std::slice::from_ref(&name.to_owned())).await?;
        match (found.pop(), found.is_empty()) {
            (Some(dataset), true) => Ok(dataset),
            (Some(last), false) => {
                let names: Vec<&str> = found.iter().chain([&last]).map(|d| d.name.as_str()).collect();
                let names = some(&names);
                Err(Failure::usage(format!("`{name}` matches several datasets: {names}")))
            }
            (None, _) => Err(self.no_such_dataset(name)),
        }
    }

    /// Runs the pipeline for one dataset.
    pub(crate) async fn run(
        &self,
        dataset: &Dataset,
        wanted: &lakegauge_core::scope::Wanted,
        now: Timestamp,
    ) -> Result<Outcome, Failure> {
        let ask = Ask { dataset, wanted, now, replay: self.replay };
        let lake: &dyn Lake = self.lake.as_ref();
        let outcome =
            lakegauge_engine::run(lake, self.history.as_ref(), ask).await.map_err(Failure::history)?;
        tell(&outcome);
        Ok(outcome)
    }

    /// Refuses what would not outlive the run.
    pub(crate) fn must_remember(&self) -> Result<(), Failure> {
        match self.remembers {
            true => Ok(()),
            false => Err(Failure::usage(
                "--now is not the clock's time, and only what is said now is remembered: leave it out",
            )),
        }
    }

    fn no_such_dataset(&self, name: &str) -> Failure {
        let known: Vec<&str> = self.config.datasets.iter().map(|d| d.name.as_str()).collect();
        if name.contains(['*', '?']) {
            return Failure::usage(format!("no dataset matches `{name}`; the config has: {}", some(&known)));
        }
        let hint = match lakegauge_core::config::nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the config has: {}", some(&known)),
        };
        Failure::usage(format!("no dataset is called `{name}`; {hint}"))
    }
}

/// What was done, for the log.
fn tell(outcome: &Outcome) {
    let report = &outcome.judgement.report;
    let (name, requests) = (&report.dataset, report.list_requests);
    let what = match &outcome.scope {
        Scope::Partitions(partitions) => match (partitions.first(), partitions.last()) {
            (Some(first), Some(last)) if first != last => {
                format!("{} partitions from {first} to {last}", partitions.len())
            }
            (Some(only), _) => only.to_string(),
            _ => "nothing".to_owned(),
        },
        Scope::Past { since: Some(since) } => format!("everything since {since}"),
        Scope::Past { since: None } => "everything".to_owned(),
    };
    tracing::info!("{name}: looked at {what} by {}", many(requests, "list request"));
}

/// Reads a config file. Warnings go to the log; every problem is in the failure.
fn read_config(context: &Context, path: &Path) -> Result<Config, Failure> {
    let (loaded, rendered) = load(context, path, References::AsTheyAre)?;
    match loaded.config {
        Some(config) => {
            if !rendered.is_empty() {
                tracing::info!("{}", rendered.trim_end());
            }
            Ok(config)
        }
        None => Err(Failure::rendered(rendered)),
    }
}

/// What is said of references to secrets that lead nowhere from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum References {
    /// Nothing: nobody is told anything now.
    AsTheyAre,
    /// A warning each.
    MustBeHere,
}

/// Reads a config file and draws its problems.
pub(crate) fn load(
    context: &Context,
    path: &Path,
    references: References,
) -> Result<(Loaded, String), Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| no_config(path, &error))?;
    let read = |file: &str| read_beside(path, file);
    let mut loaded = config::load(&text, Surroundings { read: &read, now: context.now });
    if let Some(Err(error)) = loaded.lake.as_ref().map(|(typed, _)| typed.parse::<Address>()) {
        loaded.refuse_lake(&error.message, &error.hint);
    }
    if references == References::MustBeHere {
        warn_of_references(&mut loaded, path);
    }
    let rendered = config::render(&loaded.problems, &path.display().to_string(), &text, context.color);
    Ok((loaded, rendered))
}

/// Warns of the variables that are not set and the files that cannot be read. What they hold is not kept.
fn warn_of_references(loaded: &mut Loaded, path: &Path) {
    for (reference, at) in loaded.references.clone() {
        match reference {
            Reference::Variable(name) if std::env::var_os(&name).is_none_or(|value| value.is_empty()) => {
                let hint = "set it where lakegauge runs, unless that is elsewhere";
                loaded.warn(at, format!("the variable {name} is not set here"), hint);
            }
            Reference::File(file) => {
                if let Err(error) = read_beside(path, &file) {
                    let hint = "put the secret there where lakegauge runs, unless that is elsewhere";
                    loaded.warn(at, error, hint);
                }
            }
            Reference::Variable(_) => {}
        }
    }
}

fn no_config(path: &Path, error: &std::io::Error) -> Failure {
    let path = path.display();
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::usage(format!(
            "no config at {path}: run `lakegauge init LAKE` to write one, or use `-c FILE`"
        )),
        _ => Failure::usage(format!("the config at {path} cannot be read: {error}")),
    }
}

/// Reads a file that the config names, relative to the config's folder.
pub(crate) fn read_beside(config: &Path, file: &str) -> Result<String, String> {
    let path = folder_of(config).join(file);
    std::fs::read_to_string(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn folder_of(config: &Path) -> PathBuf {
    match config.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

async fn open_lake(context: &Context, config: &Config, folder: &Path) -> Result<ObjectLake, Failure> {
    let address = lake::address(&config.lake, folder)?;
    let endpoint = context.endpoint_url.clone().or_else(|| config.endpoint_url.clone());
    let reach = Reach { endpoint, region: config.region.clone(), concurrency: config.concurrency };
    lake::open(&address, reach).await
}

/// Opens the history file. A run from before the file's newest entry may neither read what was not known then nor write what
/// it believes over what is known now: it remembers in memory only. One at an instant that is not now reads what is known,
/// and remembers nothing. The second value says whether what is remembered outlives the run.
async fn open_history(
    context: &Context,
    config: &Config,
    folder: &Path,
) -> Result<(Arc<dyn History>, bool), Failure> {
    let path = folder.join(&config.history);
    let elsewhen = context.replay || context.rehearsal;
    if elsewhen && !path.exists() {
        return Ok((Arc::new(Memory::default()), false));
    }
    let history = Sqlite::open(&path).await.map_err(Failure::history)?;
    // By the newest of all: a dataset that is split is remembered by the names of its parts.
    let last = history.newest_run().await.map_err(Failure::history)?;
    if let Some(last) = last.filter(|last| last.duration_since(context.now) > clock::SKEW) {
        let path = path.display();
        tracing::warn!(
            "`--now` is earlier than the last recorded run in {path} ({last}); this run is not saved"
        );
        return Ok((Arc::new(Memory::default()), false));
    }
    if elsewhen {
        return Ok((Arc::new(Rehearsal::new(Arc::new(history))), false));
    }
    Ok((Arc::new(history), true))
}
