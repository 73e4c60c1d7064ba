//! All files of the module.

use std::collections::{BTreeMap, BTreeSet};

use lakegauge_config::{Config, Parts, Receiver};
use lakegauge_core::remedy::Remedy;

use super::entry::{entry, prefix};
use super::hcl::{Value, locals};
use super::names::{slug, topic};
use super::prefixes::{covering, filters};
use super::settings::{Events, Settings};

/// The files that are the same for everybody.
const MODULE: &[(&str, &str)] = &[
    ("versions.tf", include_str!("module/versions.tf")),
    ("variables.tf", include_str!("module/variables.tf")),
    ("functions.tf", include_str!("module/functions.tf")),
    ("schedules.tf", include_str!("module/schedules.tf")),
    ("queues.tf", include_str!("module/queues.tf")),
    ("storage.tf", include_str!("module/storage.tf")),
    ("iam.tf", include_str!("module/iam.tf")),
    ("alarms.tf", include_str!("module/alarms.tf")),
    ("notifications.tf", include_str!("module/notifications.tf")),
    ("chat.tf", include_str!("module/chat.tf")),
    ("dashboard.tf", include_str!("module/dashboard.tf")),
    ("outputs.tf", include_str!("module/outputs.tf")),
];

const HEADER: &str = "\
# Written by `lakegauge terraform`, which writes it again when the config changes. Settings go into terraform.tfvars,
# whatever else you need into files of your own.

";

/// Every file of the deployment by its path below the folder, with `/`. `parts` is the config in pieces.
pub(crate) fn files(config: &Config, parts: &Parts, settings: &Settings) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut add = |name: &str, text: &str| files.insert(name.to_owned(), format!("{HEADER}{text}"));
    for (name, text) in MODULE {
        add(name, text);
    }
    add(
        "events.tf",
        match settings.events {
            Events::Eventbridge => include_str!("module/events/eventbridge.tf"),
            Events::S3 => include_str!("module/events/s3.tf"),
            Events::None => include_str!("module/events/none.tf"),
        },
    );
    add(
        "remedies.tf",
        match config.datasets.iter().any(|dataset| dataset.remedy.is_some()) {
            true => include_str!("module/remedies/some.tf"),
            false => include_str!("module/remedies/none.tf"),
        },
    );
    add("main.tf", &main(config, settings));
    let datasets = config.datasets.iter().map(|dataset| entry(dataset, settings)).collect();
    add("datasets.tf", &locals(vec![("datasets".to_owned(), Value::Map(datasets))]));
    files.insert("config/base.yaml".to_owned(), parts.base.clone());
    for (name, text) in &parts.datasets {
        files.insert(format!("config/datasets/{}.yaml", slug(name)), text.clone());
    }
    for (name, text) in &settings.files {
        files.insert(format!("config/files/{name}"), text.clone());
    }
    files
}

/// The settings of the whole deployment.
fn main(config: &Config, settings: &Settings) -> String {
    let prefixes = || config.datasets.iter().map(|dataset| prefix(dataset, settings));
    let mut entries = vec![
        ("region", Value::text(&settings.region)),
        ("lake_bucket", Value::text(&settings.bucket)),
        ("naming", Value::text(settings.naming.to_string())),
        ("namespace", Value::text(settings.naming.namespace(&config.namespace))),
        ("files", Value::texts(settings.files.keys())),
        ("lake_prefixes", Value::texts(covering(prefixes(), &settings.prefix))),
        ("receivers", Value::Map(config.receivers.iter().map(receiver).collect())),
    ];
    let remedies: Vec<&Remedy> = config.datasets.iter().filter_map(|d| d.remedy.as_ref()).collect();
    if settings.events == Events::S3 {
        entries.push(("event_prefixes", Value::texts(filters(prefixes()))));
    }
    if !remedies.is_empty() {
        entries.push(("remedies", called(&remedies)));
    }
    let account = "\nlocals {\n  account = data.aws_caller_identity.current.account_id\n}\n";
    format!(
        "{}{account}",
        locals(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    )
}

/// The receivers, with their addresses unless those are secret.
fn receiver(receiver: &Receiver) -> (String, Value) {
    let mut fields = vec![
        ("kind".to_owned(), Value::text(receiver.to.kind())),
        ("topic".to_owned(), Value::text(topic(&receiver.name))),
    ];
    fields.extend(receiver.to.plain().map(|address| ("address".to_owned(), Value::text(address))));
    (receiver.name.clone(), Value::Inline(fields))
}

/// The functions and secrets of all remedies, each ARN once.
fn called(remedies: &[&Remedy]) -> Value {
    let functions: BTreeSet<&str> = remedies.iter().filter_map(|r| r.function.as_deref()).collect();
    let held: BTreeSet<&str> =
        remedies.iter().filter_map(|r| Some(r.airflow.as_ref()?.secret.as_str())).collect();
    let of = |service: &str| {
        Value::texts(held.iter().copied().filter(|arn| arn.split(':').nth(2) == Some(service)))
    };
    Value::Map(vec![
        ("functions".to_owned(), Value::texts(functions)),
        ("secrets".to_owned(), of("secretsmanager")),
        ("parameters".to_owned(), of("ssm")),
    ])
}
