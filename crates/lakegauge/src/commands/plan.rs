//! `plan`: the effect of a changed config.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use lakegauge_cloudwatch::plan::compare;
use lakegauge_cloudwatch::publish::Naming;
use lakegauge_config::{self as config, Config, Parts, Surroundings};
use lakegauge_lake::Address;
use lakegauge_show as show;

use crate::answer::{Answer, Failure};
use crate::cli::{PlanArgs, PlanFormat};
use crate::context::Context;
use crate::session;
use crate::terraform::{Events, Settings, effects};

/// One version of a config: parsed, as text, and with the files that it names.
struct Version {
    config: Config,
    text: String,
    files: BTreeMap<String, String>,
}

pub(crate) fn run(context: &Context, args: &PlanArgs) -> Result<Answer, Failure> {
    let new = on_disk(context, &context.config)?;
    let (old, against) = match &args.against {
        Some(path) => (on_disk(context, path)?, path.display().to_string()),
        None => (committed(context)?, "the last commit".to_owned()),
    };
    let plan = compare(&old.config, &new.config);
    let aws = deployed(&old, &new).unwrap_or_default();
    Ok(Answer::healthy(match args.format {
        PlanFormat::Json => show::document(&show::plan::json(&plan, &against, &aws)),
        PlanFormat::Text => show::plan::text(&plan, &against, &aws, &context.options()),
    }))
}

/// The config in a file, with the files that it names; problems are reported as by any other command.
fn on_disk(context: &Context, path: &Path) -> Result<Version, Failure> {
    let (loaded, rendered) = session::load(context, path, session::References::AsTheyAre)?;
    let config = loaded.config.ok_or_else(|| Failure::rendered(rendered))?;
    let text =
        crate::file::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    let (_, files) = load(context, &text, &|file| session::read_beside(path, file));
    Ok(Version { config, text, files })
}

/// Parses a config, and records which files it names.
fn load(
    context: &Context,
    text: &str,
    beside: &dyn Fn(&str) -> Result<String, String>,
) -> (config::Loaded, BTreeMap<String, String>) {
    let files = RefCell::new(BTreeMap::new());
    let read = |file: &str| {
        let text = beside(file)?;
        files.borrow_mut().insert(file.to_owned(), text.clone());
        Ok(text)
    };
    let loaded = config::load(text, Surroundings { read: &read, now: context.now });
    (loaded, files.into_inner())
}

/// The effect on the deployment, by Terraform's addresses; `None` if the lake is not in S3.
fn deployed(old: &Version, new: &Version) -> Option<BTreeMap<String, &'static str>> {
    let (before, after) = (settings(old)?, settings(new)?);
    let (old_parts, new_parts) = (Parts::of(&old.text)?, Parts::of(&new.text)?);
    Some(effects((&old.config, &old_parts, &before), (&new.config, &new_parts, &after)))
}

fn settings(version: &Version) -> Option<Settings> {
    let Ok(Address::S3 { bucket, prefix }) = version.config.lake.parse() else { return None };
    Some(Settings {
        bucket,
        prefix,
        region: version.config.region.clone().unwrap_or_default(),
        naming: Naming::default(),
        events: Events::default(),
        files: version.files.clone(),
    })
}

/// The config in the last commit, with the files that it names.
fn committed(context: &Context) -> Result<Version, Failure> {
    let text = shown(&context.config).map_err(|said| {
        let name = context.config.display();
        Failure::usage(format!(
            "no older version of {name} to compare with: {said}; name one with --against FILE"
        ))
    })?;
    let folder = context.config.parent().unwrap_or(Path::new(""));
    let (loaded, files) = load(context, &text, &|file| shown(&folder.join(file)));
    let config = loaded.config.ok_or_else(|| {
        let name = format!("{} of the last commit", context.config.display());
        Failure::rendered(config::render(&loaded.problems, &name, &text, context.color))
    })?;
    Ok(Version { config, text, files })
}

/// A file at git's HEAD.
fn shown(path: &Path) -> Result<String, String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let output = Command::new("git").arg("-C").arg(folder).arg("show").arg(format!("HEAD:./{name}")).output();
    let output = output.map_err(|error| format!("git does not run: {error}"))?;
    match output.status.success() {
        true => String::from_utf8(output.stdout).map_err(|_| "git has no text there".to_owned()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(format!("git says \"{}\"", said.lines().next().unwrap_or_default()))
        }
    }
}
