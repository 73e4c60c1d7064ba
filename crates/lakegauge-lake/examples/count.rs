//! Counts a lake: objects, bytes and requests, as one JSON line.
//!
//! `count ADDRESS [--endpoint-url URL] [--one-by-one] [--parallel N]`; S3 credentials come from the environment
//! (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`). The listing benchmark compares it with other
//! tools.

use std::error::Error;
use std::sync::Arc;

use lakegauge_core::observation::Listed;
use lakegauge_engine::{Credential, Fixed};
use lakegauge_lake::{Address, Options, open, sweep};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut options = Options::default();
    let (mut address, mut one_by_one) = (None, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--endpoint-url" => options.endpoint = args.next(),
            "--one-by-one" => one_by_one = true,
            "--parallel" => options.parallel = args.next().ok_or("--parallel N")?.parse()?,
            _ => address = Some(arg.parse::<Address>()?),
        }
    }
    let address = address.ok_or("usage: count ADDRESS [--endpoint-url URL] [--one-by-one] [--parallel N]")?;
    let variable = |name: &str| std::env::var(name).ok();
    if let (Some(key_id), Some(secret)) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
        let token = variable("AWS_SESSION_TOKEN");
        options.credentials = Arc::new(Fixed(Credential { key_id, secret, token }));
    }
    options.region = variable("AWS_REGION");

    let store = open(&address, &options)?;
    let (mut objects, mut bytes) = (0u64, 0u64);
    let mut each = |object: Listed<'_>| {
        objects += 1;
        bytes += object.size;
    };
    let hidden = match one_by_one {
        true => store.list("", None, &mut each).await?,
        false => sweep(store.as_ref(), "", None, &mut each).await?,
    };
    let requests = store.requests();
    println!(
        "{{\"objects\": {objects}, \"bytes\": {bytes}, \"requests\": {requests}, \"hidden\": {}}}",
        hidden.len()
    );
    Ok(())
}
