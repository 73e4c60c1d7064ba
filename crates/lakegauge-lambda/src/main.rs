//! The binary `bootstrap` of `provided.al2023`; the handler setting selects the function.

use std::process::ExitCode;
use std::sync::Arc;

use lakegauge_lambda::{Called, Connections, Environment, Handler, Wall, objects, remedy, schedule};
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
    // Not an `EnvFilter`: its regular expressions would be a tenth of the package.
    let targets: Targets = level.parse().unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    // Lambda adds the time, and logs standard output.
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
    let connections = Connections::open(environment, get, Arc::new(Wall)).await?;
    let (connections, handler) = (&connections, &handler);
    let serving = lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        answer(connections, *handler, event.payload).await
    }));
    // The config is read while waiting for the first event. The call reports its problems.
    let (served, _) = tokio::join!(serving, connections.deployment());
    served
}

async fn answer(connections: &Connections, handler: Handler, event: Value) -> Result<Value, Error> {
    let said = async {
        let deployment = connections.deployment().await?;
        match handler {
            Handler::Objects => Ok(objects(&deployment, &event).await?),
            Handler::Alarm => {
                let (remedies, link) = connections.remedies();
                Ok(serde_json::to_value(remedy(&deployment, remedies, link, &event).await?)?)
            }
            Handler::Schedule => {
                let called: Called = serde_json::from_value(event).map_err(|error| {
                    format!(r#"the function `schedule` expects {{"lakegauge": "deadline"}} or {{"lakegauge": "tick"}}: {error}"#)
                })?;
                Ok(serde_json::to_value(schedule(&deployment, &called).await?)?)
            }
        }
    };
    said.await.inspect_err(|error: &Error| tracing::error!("{error}"))
}
