//! Which resources of the module a changed config changes, by Terraform's addresses, with default variables.

use std::collections::{BTreeMap, BTreeSet};

use lakegauge_cloudwatch::deploy::{alarms, schedule};
use lakegauge_config::{Channel, Config, Parts};
use lakegauge_core::dataset::Dataset;

use super::entry::{of_alarm, prefix};
use super::names::slug;
use super::prefixes::covering;
use super::settings::{Events, Settings};

/// Every resource that depends on the config, with the parts of the config that it depends on.
type Resources = BTreeMap<String, String>;

/// The resources of a function that ticks call.
const TICKING: &[&str] = &[
    "aws_lambda_alias.tick",
    "aws_lambda_function_event_invoke_config.once",
    "aws_lambda_function_event_invoke_config.tick",
];

/// The effect on a resource: `create`, `update` or `delete`.
pub(crate) fn effects(
    old: (&Config, &Parts, &Settings),
    new: (&Config, &Parts, &Settings),
) -> BTreeMap<String, &'static str> {
    let (before, after) = (resources(old), resources(new));
    let addresses: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let action = |address: &String| match (before.get(address), after.get(address)) {
        (None, Some(_)) => Some("create"),
        (Some(_), None) => Some("delete"),
        (from, to) => (from != to).then_some("update"),
    };
    addresses.into_iter().filter_map(|address| Some((address.clone(), action(address)?))).collect()
}

/// One version of a config.
struct Version<'a> {
    config: &'a Config,
    parts: &'a Parts,
    settings: &'a Settings,
    /// The topics that notify everybody, besides the deployment's own.
    everybody: String,
}

fn resources((config, parts, settings): (&Config, &Parts, &Settings)) -> Resources {
    let sns = config.receivers.iter().filter_map(|receiver| match &receiver.to {
        Channel::Sns(arn) => Some(arn),
        _ => None,
    });
    let everybody = format!("{:?}", sns.collect::<Vec<_>>());
    let version = Version { config, parts, settings, everybody };
    let mut found = Resources::new();
    for dataset in &config.datasets {
        version.of_dataset(dataset, &mut found);
    }
    version.of_receivers(&mut found);
    version.of_everything(&mut found);
    found
}

fn add(found: &mut Resources, kind: &str, key: &str, holds: impl Into<String>) {
    let key = if key.is_empty() { String::new() } else { format!("[\"{key}\"]") };
    found.insert(format!("{kind}{key}"), holds.into());
}

impl Version<'_> {
    fn of_dataset(&self, dataset: &Dataset, found: &mut Resources) {
        let name = dataset.name.as_str();
        let text = self.parts.datasets.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
        add(found, "aws_s3_object.dataset", name, text.unwrap_or_default());
        if self.settings.events == Events::Eventbridge {
            add(found, "aws_cloudwatch_event_rule.objects", name, prefix(dataset, self.settings));
            add(found, "aws_cloudwatch_event_target.objects", name, slug(name));
        }
        if let Some(schedule) = schedule(dataset) {
            let holds = format!("{} {}", schedule.cron, schedule.zone);
            add(found, "aws_scheduler_schedule.deadline", &schedule.key, holds);
        }
        let told = match dataset.notify.is_empty() {
            true => self.everybody.clone(),
            false => format!("{:?}", dataset.notify),
        };
        for alarm in alarms(dataset, &self.settings.naming) {
            let key = format!("{name}/{}", alarm.key);
            let holds = format!("{:?} {told}", of_alarm(dataset, &alarm));
            add(found, "aws_cloudwatch_metric_alarm.dataset", &key, holds);
        }
    }

    fn of_receivers(&self, found: &mut Resources) {
        let receivers = &self.config.receivers;
        let sns = |name: &str| receivers.iter().any(|r| r.name == name && matches!(r.to, Channel::Sns(_)));
        let named = self.config.datasets.iter().flat_map(|dataset| &dataset.notify);
        let named: BTreeSet<&String> = named.filter(|name| !sns(name)).collect();
        for name in &named {
            add(found, "aws_sns_topic.receiver", name, "");
            add(found, "aws_sns_topic_policy.alarms", &format!("to {name}"), "");
        }
        for receiver in receivers {
            let Channel::Email(address) = &receiver.to else { continue };
            let own = named.contains(&receiver.name).then_some(receiver.name.as_str());
            for topic in ["alarms"].into_iter().chain(own) {
                let key = format!("{topic}/{}", receiver.name);
                add(found, "aws_sns_topic_subscription.receiver", &key, address);
            }
        }
    }

    /// Resources that exist once.
    fn of_everything(&self, found: &mut Resources) {
        let Version { config, parts, settings, everybody } = self;
        let remedied = config.datasets.iter().any(|dataset| dataset.remedy.is_some());
        let functions: &[&str] =
            if remedied { &["alarm", "objects", "schedule"] } else { &["objects", "schedule"] };
        let prefixes = covering(config.datasets.iter().map(|d| prefix(d, settings)), &settings.prefix);
        let namespace = settings.naming.namespace(&config.namespace);
        let alarm = "aws_cloudwatch_metric_alarm";
        for name in functions {
            let called = if *name == "alarm" { remedies(&config.datasets) } else { namespace.to_owned() };
            let rights = format!("{} {prefixes:?} {called}", settings.bucket);
            add(found, "aws_iam_role_policy.function", name, rights);
            add(found, "aws_lambda_function.function", name, namespace);
            for kind in if *name == "objects" { [].as_slice() } else { TICKING } {
                add(found, kind, name, "");
            }
            for kind in ["aws_cloudwatch_log_group", "aws_iam_role"] {
                add(found, &format!("{kind}.function"), name, "");
            }
            for trouble in ["errors", "throttles"] {
                add(found, &format!("{alarm}.trouble"), &format!("{name}-{trouble}"), everybody);
            }
        }
        for name in ["dead-letters", "schedule-drops", "schedule-failures"] {
            add(found, &format!("{alarm}.trouble"), name, everybody);
        }
        add(found, &format!("{alarm}.backlog"), "", everybody);
        add(found, &format!("{alarm}.heartbeat"), "", format!("{everybody} {namespace}"));
        for call in if remedied { ["fired", "tick"].as_slice() } else { &[] } {
            for kind in ["aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_lambda_permission"]
            {
                add(found, &format!("{kind}.remedy"), call, "");
            }
        }
        for (name, text) in &settings.files {
            add(found, "aws_s3_object.file", name, text);
        }
        add(found, "aws_s3_object.base", "", &parts.base);
        let shown = config.datasets.iter().map(|d| (&d.name, alarms(d, &settings.naming)));
        let shown: Vec<_> = shown
            .map(|(name, alarms)| (name, alarms.into_iter().map(|a| (a.key, a.metric)).collect::<Vec<_>>()))
            .collect();
        add(found, "aws_cloudwatch_dashboard.this", "", format!("{shown:?} {functions:?} {namespace}"));
    }
}

/// The functions and secrets of all remedies, each once.
fn remedies(datasets: &[Dataset]) -> String {
    let remedies = datasets.iter().filter_map(|dataset| dataset.remedy.as_ref());
    let called: BTreeSet<&String> =
        remedies.flat_map(|r| r.function.iter().chain(r.airflow.iter().map(|a| &a.secret))).collect();
    format!("{called:?}")
}
