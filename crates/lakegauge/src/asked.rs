//! The subjects that a command names.

use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::name::Name;
use lakegauge_core::splits::ended_in_words;
use lakegauge_engine::{HistoryError, Instances, instances};

use crate::answer::Failure;
use crate::pattern::{names_one, some};
use crate::session::{Session, no_such_dataset};
use crate::subject::Subject;

/// How many datasets are expanded together.
const TOGETHER: usize = 16;

impl Session {
    /// The subjects that match `names` at the session's time, as [`Session::datasets_at`].
    pub(crate) async fn datasets(&self, names: &[String]) -> Result<Vec<Subject>, Failure> {
        self.datasets_at(names, self.now).await
    }

    /// The subjects that match `names` at `now`, in the order of the config; all if `names` is empty. A dataset with a
    /// splitting key becomes its splits: those that the lake lists and those in the history. Splits that could not be
    /// listed, or the fact that there are none, are a subject of their own.
    pub(crate) async fn datasets_at(
        &self,
        names: &[String],
        now: Timestamp,
    ) -> Result<Vec<Subject>, Failure> {
        let wanted = |dataset: &&Dataset| {
            let named = |typed: &String| names_one(typed, &dataset.name) || is_of(typed, dataset);
            names.is_empty() || names.iter().any(named)
        };
        let (lake, history) = (self.lake.as_ref(), self.history.as_ref());
        let asked = self.config.datasets.iter().filter(wanted).map(|dataset| async move {
            Ok::<_, HistoryError>((dataset, instances(lake, history, dataset, now).await?))
        });
        let all = futures::stream::iter(asked).buffered(TOGETHER).try_collect::<Vec<_>>().await;
        let mut known: Vec<String> = self.config.datasets.iter().map(|d| d.name.clone()).collect();
        let mut found = Vec::new();
        for (dataset, all) in all.map_err(Failure::history)? {
            if dataset.is_split() {
                known.extend(all.splits.watched.iter().map(|split| split.name.clone()));
            }
            found.extend(subjects(dataset, all, names));
        }
        for typed in names {
            let names = |subject: &Subject| {
                let name = subject.dataset.name.as_str();
                names_one(typed, name) || names_one(typed, Name::read(name).base())
            };
            if !found.iter().any(names) {
                return Err(no_such_dataset(typed, &known.iter().map(String::as_str).collect::<Vec<_>>()));
            }
        }
        Ok(found)
    }

    /// The only dataset, or split, that matches `name`.
    pub(crate) async fn dataset(&self, name: &str) -> Result<Subject, Failure> {
        let mut found = self.datasets(std::slice::from_ref(&name.to_owned())).await?;
        if found.len() > 1 {
            // Splits that could not be listed are not an alternative to those that could.
            for gap in found.iter().filter_map(|subject| subject.unseen.as_ref()).flatten() {
                tracing::warn!("{gap}");
            }
            found.retain(|subject| subject.unseen.is_none());
        }
        match (found.pop(), found.is_empty()) {
            (Some(subject), true) => Ok(subject),
            (Some(last), false) => {
                let names: Vec<&str> = found.iter().chain([&last]).map(|s| s.dataset.name.as_str()).collect();
                let names = some(&names);
                Err(Failure::usage(format!("`{name}` stands for several datasets; name one of: {names}")))
            }
            (None, _) => Err(no_such_dataset(name, &[])),
        }
    }
}

/// Whether the typed name is that of splits of `dataset`.
fn is_of(typed: &str, dataset: &Dataset) -> bool {
    let typed = Name::read(typed);
    typed.is_split() && names_one(typed.base(), &dataset.name)
}

/// The subjects of one dataset that `names` match.
fn subjects(dataset: &Dataset, all: Instances, names: &[String]) -> Vec<Subject> {
    let Instances { splits, gaps } = all;
    let whole = names.is_empty() || names.iter().any(|typed| names_one(typed, &dataset.name));
    if !dataset.is_split() {
        return if whole { vec![Subject::of(dataset.clone())] } else { Vec::new() };
    }
    let nothing = splits.watched.is_empty();
    let named = |name: &str| whole || names.iter().any(|typed| names_one(typed, name));
    let mut found: Vec<Subject> =
        splits.watched.into_iter().filter(|split| named(&split.name)).map(Subject::of).collect();
    // A split that has ended is judged if it is requested by its exact name.
    let asked = |name: &str| names.iter().any(|typed| typed == name);
    let (more, ended): (Vec<_>, Vec<_>) =
        splits.ended.into_iter().partition(|ended| asked(&ended.dataset.name));
    if let (Some(first), true) = (found.first_mut(), whole) {
        first.notes.extend(ended_in_words(&ended));
    }
    found.extend(more.into_iter().map(|ended| Subject::of(ended.dataset)));
    if !gaps.is_empty() {
        // The name shows where the split is, so it can be looked at without being listed.
        for typed in names.iter().filter(|typed| !typed.contains(['*', '?']) && is_of(typed, dataset)) {
            let values = Name::read(typed).values(dataset.layout.splits().len());
            if !found.iter().any(|subject| subject.dataset.name == **typed) {
                found.extend(values.map(|values| Subject::of(dataset.split(values))));
            }
        }
    }
    if whole && (nothing || !gaps.is_empty()) {
        found.insert(0, Subject { unseen: Some(gaps), ..Subject::of(dataset.clone()) });
    }
    found
}
