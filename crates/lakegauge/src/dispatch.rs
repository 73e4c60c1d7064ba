//! Runs a command.

use lakegauge_core::mark::Says;

use crate::answer::{Answer, Failure};
use crate::cli::Verb;
use crate::commands::{
    backtest, check, cost, digest, explain, history, init, judge, later, mark, origins, plan, terraform,
    texts, validate, wait,
};
use crate::context::Context;
use crate::demo;

/// Runs a command.
pub(crate) async fn run(context: &Context, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::Demo(args) => demo::run(context, &args).await,
        Verb::Init(args) => init::run(context, &args).await,
        Verb::Validate(args) => validate::run(context, &args),
        Verb::Check(args) => check::run(context, &args).await,
        Verb::Wait(args) => wait::run(context, &args).await,
        Verb::History(args) => history::run(context, &args).await,
        Verb::Explain(args) => explain::run(context, &args).await,
        Verb::Digest(args) => digest::run(context, &args).await,
        Verb::Backtest(args) => backtest::run(context, &args).await,
        Verb::Accept(args) => mark::run(context, &args, Says::Accepted).await,
        Verb::Reject(args) => mark::run(context, &args, Says::Bad).await,
        Verb::Moved(args) => origins::moved(context, &args).await,
        Verb::Forget(args) => origins::forget(context, &args).await,
        Verb::Judge => judge::run().await,
        Verb::Plan(args) => plan::run(context, &args),
        Verb::Cost(args) => cost::run(context, &args).await,
        Verb::Terraform(args) => terraform::run(context, &args),
        Verb::Schema(args) => Ok(texts::schema(&args)),
        Verb::Completions(args) => Ok(texts::completions(&args)),
        Verb::Man => texts::man(),
        later @ (Verb::Serve(_) | Verb::Import(_) | Verb::Alarms(_) | Verb::Ack(_) | Verb::Silence(_)) => {
            Err(later::refuse(&later))
        }
    }
}
