//! The binary `bootstrap` of `provided.al2023`: which function it is, the function's handler says.

use std::process::ExitCode;
use std::sync::Arc;

use lakegauge_lambda::{Called, Doors, Environment, Handler, Wall, objects, remedy, schedule};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

fn get(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn log() {
    let level = get("LAKEGAUGE_LOG").unwrap_or_else(|| "info".to_owned());
    // Not an `EnvFilter`: the regular expressions below it would be a tenth of the package.
    let targets: Targets = level.parse().unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    // Lambda adds the time; standard output is the log.
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).without_time();
    tracing_subscriber::registry().with(lines).with(targets).init();
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    log();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Error> {
    let handler: Handler = get("_HANDLER").unwrap_or_default().parse()?;
    let environment = Environment::read(get)?;
    let doors = Doors::open(environment, get, Arc::new(Wall)).await?;
    let (doors, handler) = (&doors, &handler);
    let serving = lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        answer(doors, *handler, event.payload).await
    }));
    // The config is read while the first event is asked for. What is wrong with it, the call says.
    let (served, _) = tokio::join!(serving, doors.deployment());
    served
}

async fn answer(doors: &Doors, handler: Handler, event: Value) -> Result<Value, Error> {
    let said = async {
        let deployment = doors.deployment().await?;
        match handler {
            Handler::Objects => Ok(objects(&deployment, &event).await?),
            Handler::Alarm => {
                let (remedies, link) = doors.remedies();
                Ok(serde_json::to_value(remedy(&deployment, remedies, link, &event).await?)?)
            }
            Handler::Schedule => {
                let called: Called = serde_json::from_value(event).map_err(|error| {
                    format!(r#"the function `schedule` wants {{"lakegauge": "deadline"}} or {{"lakegauge": "tick"}}: {error}"#)
                })?;
                Ok(serde_json::to_value(schedule(&deployment, &called).await?)?)
            }
        }
    };
    said.await.inspect_err(|error: &Error| tracing::error!("{error}"))
}
