//! Runs the remedies that wait.

use lakegauge_core::cause::chain;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::delivery::{Delivery, Kind, Settled, Step};
use lakegauge_engine::Runner;

use crate::watcher::{Failed, Failures, Watcher};

impl Watcher {
    /// Runs what waits for these datasets; `link` is the link for people. Returns the ids of the incidents whose remedies
    /// ran, once per target.
    ///
    /// # Errors
    /// If a remedy could not be run or the state could not be written; everything else is done first.
    pub async fn remedy<'a>(
        &self,
        datasets: impl IntoIterator<Item = &'a Dataset>,
        runner: &dyn Runner,
        link: Option<&str>,
    ) -> Result<Vec<String>, Failures> {
        let (mut ran, mut failures, mut all) = (Vec::new(), Vec::new(), 0);
        for dataset in datasets.into_iter().filter(|dataset| dataset.remedy.is_some()) {
            let instances = match self.instances(dataset).await {
                Ok(instances) => instances,
                Err(error) => {
                    failures.push(chain(&error));
                    continue;
                }
            };
            failures.extend(instances.unseen.map(|unseen| chain(&unseen)));
            for dataset in instances.datasets {
                all += 1;
                match self.run_owed(&dataset, runner, link).await {
                    Ok((made, unrun)) => {
                        ran.extend(made);
                        failures.extend(unrun);
                    }
                    Err(error) => failures.push(chain(&error)),
                }
            }
        }
        if failures.is_empty() { Ok(ran) } else { Err(Failures { all, failures }) }
    }

    /// Runs the pending remedies of a dataset. Returns the incidents that were run, and the errors as text.
    async fn run_owed(
        &self,
        dataset: &Dataset,
        runner: &dyn Runner,
        link: Option<&str>,
    ) -> Result<(Vec<String>, Vec<String>), Failed> {
        let (name, Some(remedy)) = (dataset.name.as_str(), &dataset.remedy) else {
            return Ok(Default::default());
        };
        let step = Step::Claim { kind: Kind::Run, at: self.now() };
        let taken = self.book.outbox().hand_out(name, &step).await.map_err(Failed::state(name))?;
        for run in taken.given_up.iter().filter_map(Delivery::run) {
            tracing::error!(id = run.evidence.id, "could not be run for a day, and is given up");
        }
        let (mut ran, mut unrun) = (Vec::new(), Vec::new());
        for delivery in taken.claimed {
            let Some(mut run) = delivery.run().cloned() else { continue };
            run.evidence.link = link.map(str::to_owned);
            let made = runner.run(remedy, &run).await;
            let how = if made.is_ok() { Settled::Done } else { Settled::Failed };
            self.settle(name, vec![delivery], how).await?;
            match made {
                Ok(()) => {
                    tracing::info!(id = run.evidence.id, target = ?run.target, "run");
                    ran.push(run.evidence.id);
                }
                Err(error) => unrun.push(format!("{}: {error}", run.evidence.id)),
            }
        }
        Ok((ran, unrun))
    }
}
