//! Everything for one run: the config, the lake and the history.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_config::{self as config, Config, Loaded, Secret, Surroundings};
use lakegauge_core::delivery::Destinations;
use lakegauge_core::scope::Wanted;
use lakegauge_engine::{Ask, History, Lake, Outcome, Scope};
use lakegauge_history::{Memory, Origins, Standby};
use lakegauge_lake::{Address, ObjectLake, endpoint};
use lakegauge_show::text::many;

use crate::answer::Failure;
use crate::context::Context;
use crate::file;
use crate::histories::NotSaved;
use crate::history;
use crate::lake::{self, Reach};
use crate::pattern::some;
use crate::subject::Subject;

/// Everything that a command needs to look and to judge.
pub(crate) struct Session {
    /// The parsed config.
    pub(crate) config: Config,
    /// The lake.
    pub(crate) lake: Arc<ObjectLake>,
    /// The past, as far as it can be read.
    pub(crate) history: Arc<dyn History>,
    /// The instant for which everything is judged.
    pub(crate) now: Timestamp,
    replay: bool,
    to_save: Result<Arc<dyn History>, NotSaved>,
    standby: Option<Arc<Standby>>,
}

impl Session {
    /// Reads the config, and opens its lake and history. Nothing is looked at yet.
    pub(crate) async fn open(context: &Context) -> Result<Session, Failure> {
        let config = read_config(context, &context.config)?;
        let folder = folder_of(&context.config);
        let lake = open_lake(context, &config, &folder).await?;
        let (path, origins) = history_file(context, &config)?;
        let opened = history::open(context, &config.lake, &path, origins).await;
        let (lake, now, replay) = (Arc::new(lake), context.now, context.replay);
        let history::Opened { history, to_save, standby } = opened;
        Ok(Session { config, lake, history, now, replay, to_save, standby })
    }

    /// A second config next to the one in use: looks for it are not recorded.
    pub(crate) async fn open_beside(context: &Context, config: &Path) -> Result<Session, Failure> {
        let folder = folder_of(config);
        let config = read_config(context, config)?;
        let lake = Arc::new(open_lake(context, &config, &folder).await?);
        let (history, to_save) = (Arc::new(Memory::default()), Err(NotSaved::NotNow));
        Ok(Session {
            config,
            lake,
            history,
            now: context.now,
            replay: context.replay,
            to_save,
            standby: None,
        })
    }

    /// Runs the pipeline for one subject.
    pub(crate) async fn run(
        &self,
        subject: &Subject,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Outcome, Failure> {
        if let Some(outcome) = subject.outcome_unseen(wanted, now) {
            return Ok(outcome);
        }
        let ask = Ask { dataset: &subject.dataset, wanted, now, replay: self.replay, to: Destinations::NONE };
        let lake: &dyn Lake = self.lake.as_ref();
        let mut outcome =
            lakegauge_engine::run(lake, self.history.as_ref(), ask).await.map_err(Failure::history)?;
        if self.standby.as_ref().is_some_and(|standby| standby.is_without(&subject.dataset.name)) {
            let note = "judged from the lake alone: its history is damaged".to_owned();
            outcome.judgement.report.notes.push(note);
        }
        tell(&outcome);
        subject.annotate(&mut outcome);
        Ok(outcome)
    }

    /// The history for commands whose only purpose is to save. It fails if reading or writing fails.
    pub(crate) fn history_to_save(&self) -> Result<Arc<dyn History>, Failure> {
        self.to_save.clone().map_err(NotSaved::into_failure)
    }
}

/// The error for a name that matches none of the `known` datasets.
pub(crate) fn no_such_dataset(name: &str, known: &[&str]) -> Failure {
    if name.contains(['*', '?']) {
        let known = some(known);
        return Failure::usage(format!("no dataset matches `{name}`; the config has: {known}"));
    }
    let hint = match lakegauge_config::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the config has: {}", some(known)),
    };
    Failure::usage(format!("no dataset is called `{name}`; {hint}"))
}

/// Logs what was done.
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

/// Reads a config file. Warnings are logged; all problems are in the failure.
pub(crate) fn read_config(context: &Context, path: &Path) -> Result<Config, Failure> {
    let (loaded, rendered) = load(context, path, References::AsTheyAre)?;
    match loaded.config {
        Some(config) => {
            if !rendered.is_empty() {
                // The log has its own colours.
                tracing::info!("{}", anstream::adapter::strip_str(rendered.trim_end()));
            }
            Ok(config)
        }
        None => Err(Failure::rendered(rendered)),
    }
}

/// How to treat references to secrets that do not exist on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum References {
    /// Ignore them: nobody is notified now.
    AsTheyAre,
    /// One warning for each.
    MustBeHere,
}

/// Reads a config file and renders its problems.
pub(crate) fn load(
    context: &Context,
    path: &Path,
    references: References,
) -> Result<(Loaded, String), Failure> {
    let text = file::read(path).map_err(|error| no_config(path, &error))?;
    let read = |file: &str| read_beside(path, file);
    let mut loaded = config::load(&text, Surroundings { read: &read, now: context.now });
    match loaded.lake.as_ref().map(|(typed, _)| typed.parse::<Address>()) {
        Some(Ok(address)) => {
            let typed = loaded.config.as_ref().and_then(|config| config.endpoint_url.as_deref());
            if let Some(Err(error)) = typed.map(|typed| endpoint(typed, &address)) {
                loaded.refuse_endpoint(&error.message, &error.hint);
            }
        }
        Some(Err(error)) => loaded.refuse_lake(&error.message, &error.hint),
        None => {}
    }
    if references == References::MustBeHere {
        warn_of_references(&mut loaded, path);
    }
    let rendered = config::render(&loaded.problems, &path.display().to_string(), &text, context.color);
    Ok((loaded, rendered))
}

/// Warns about variables that are not set and files that cannot be read. Their contents are not kept.
fn warn_of_references(loaded: &mut Loaded, path: &Path) {
    for (reference, at) in loaded.references.clone() {
        match reference {
            Secret::Variable(name) if std::env::var_os(&name).is_none_or(|value| value.is_empty()) => {
                let hint = "set it where lakegauge runs, unless that is elsewhere";
                loaded.warn(at, format!("the variable {name} is not set here"), hint);
            }
            Secret::File(file) => {
                if let Err(error) = read_beside(path, &file) {
                    let hint = "put the secret there where lakegauge runs, unless that is elsewhere";
                    loaded.warn(at, error, hint);
                }
            }
            Secret::Variable(_) => {}
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
    file::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
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

/// The history file of the config, and where its datasets have their objects.
pub(crate) fn history_file(context: &Context, config: &Config) -> Result<(PathBuf, Origins), Failure> {
    let folder = folder_of(&context.config);
    let address = lake::address(&config.lake, &folder)?;
    let endpoint = context.endpoint_url.clone().or_else(|| config.endpoint_url.clone());
    let lake = lake::identity(&address, endpoint);
    let places = config.datasets.iter().map(|d| (d.name.clone(), lake.place(&d.layout.to_string())));
    Ok((folder.join(&config.history), Origins::new(places)))
}
