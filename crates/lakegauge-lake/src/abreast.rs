//! Runs futures concurrently, up to a limit.

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};

/// Runs all, `width` at a time, and returns their results in the given order.
pub(crate) async fn abreast<T>(futures: Vec<BoxFuture<'_, T>>, width: usize) -> Vec<T> {
    stream::iter(futures).buffered(width.max(1)).collect().await
}

/// The same for futures that may fail, with the results in the order of completion: the first error cancels the rest.
pub(crate) async fn try_abreast<T, E>(
    futures: Vec<BoxFuture<'_, Result<T, E>>>,
    width: usize,
) -> Result<Vec<T>, E> {
    let mut running = stream::iter(futures).buffer_unordered(width.max(1));
    let mut done = Vec::new();
    while let Some(result) = running.next().await {
        done.push(result?);
    }
    Ok(done)
}
