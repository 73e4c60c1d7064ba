//! `plan`: what a changed config would change, in words.

use std::path::Path;
use std::process::Command;

use lakegauge_core::config::{self, Config, Surroundings};
use lakegauge_core::plan::compare;

use crate::answer::{Answer, Failure};
use crate::cli::PlanArgs;
use crate::context::Context;
use crate::session;
use crate::show;

pub(super) fn run(context: &Context, args: &PlanArgs) -> Result<Answer, Failure> {
    let (loaded, rendered) = session::load(context, &context.config)?;
    let new = loaded.config.ok_or_else(|| Failure::rendered(rendered))?;
    let (old, against) = match &args.against {
        Some(path) => {
            let (loaded, rendered) = session::load(context, path)?;
            let old = loaded.config.ok_or_else(|| Failure::rendered(rendered))?;
            (old, path.display().to_string())
        }
        None => (committed(context)?, "the last commit".to_owned()),
    };
    let plan = compare(&old, &new);
    Ok(Answer::healthy(show::plan::text(&plan, &against, &context.options())))
}

/// The config as it is in the last commit, with the files that it names.
fn committed(context: &Context) -> Result<Config, Failure> {
    let text = shown(&context.config).map_err(|said| {
        let name = context.config.display();
        Failure::usage(format!(
            "no older version of {name} to compare with: {said}; name one with --against FILE"
        ))
    })?;
    let folder = context.config.parent().unwrap_or(Path::new(""));
    let read = |file: &str| shown(&folder.join(file));
    let loaded = config::load(&text, Surroundings { read: &read, now: context.now });
    loaded.config.ok_or_else(|| {
        let name = format!("{} of the last commit", context.config.display());
        Failure::rendered(config::render(&loaded.problems, &name, &text, context.color))
    })
}

/// A file as git has it at HEAD.
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
