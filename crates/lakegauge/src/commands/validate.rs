//! `validate`: every problem of the config at once.

use lakegauge_core::foreign::visible;

use crate::answer::{Answer, Failure, exit};
use crate::cli::ValidateArgs;
use crate::context::Context;
use crate::session::{References, load};

pub(crate) fn run(context: &Context, args: &ValidateArgs) -> Result<Answer, Failure> {
    let path = args.file.as_ref().unwrap_or(&context.config);
    let (loaded, mut stdout) = load(context, path, References::MustBeHere)?;
    let name = path.display().to_string();
    let name = visible(&name);
    let warnings = loaded.problems.len();
    match loaded.config {
        Some(config) => {
            let count = config.datasets.len();
            let datasets = if count == 1 { "dataset" } else { "datasets" };
            let warned = match warnings {
                0 => String::new(),
                1 => ", 1 warning".to_owned(),
                n => format!(", {n} warnings"),
            };
            stdout.push_str(&format!("{name}: {count} {datasets}, no errors{warned}\n"));
            Ok(Answer::healthy(stdout))
        }
        None => Ok(Answer { code: exit::USAGE, stdout }),
    }
}
