//! What every history must do with what it was ordered to hand out.

use std::collections::BTreeSet;
use std::sync::Arc;

use lakegauge_core::delivery::{Delivery, Item, Kind, Orders, Settled, Step, Verdict};
use lakegauge_engine::{Changes, History, Outbox};
use lakegauge_history::{Documents, Memory, Shelf, Sqlite};
use object_store::ObjectStore;
use object_store::memory::InMemory;

use crate::conformance::{at, changes, partition};

/// A look at `second` with one verdict, whose values are to be posted.
pub(crate) fn ordered(day: &str, identity: u64, second: i64) -> Changes {
    let verdict = Verdict { partition: partition(day), identity, data: Some(Vec::new()), runs: Vec::new() };
    let orders = Orders { at: at(second), verdicts: vec![verdict], again: false, landed: BTreeSet::new() };
    Changes { orders: Some(orders), ..changes(day, 1, second) }
}

/// The verdicts whose values a claim gets.
async fn claim(history: &impl Outbox, second: i64) -> Vec<Delivery> {
    let step = Step::Claim { kind: Kind::Post, at: at(second) };
    history.hand_out("d", &step).await.unwrap().claimed
}

fn identities(deliveries: &[Delivery]) -> Vec<u64> {
    let identity = |delivery: &Delivery| match &delivery.item {
        Item::Post(post) => post.verdict,
        Item::Run(run) => unreachable!("{run:?}"),
    };
    deliveries.iter().map(identity).collect()
}

/// `open` opens the same history, as another process would.
async fn a_delivery_outlives_a_crash<H: History + Outbox>(open: impl AsyncFn() -> Arc<H>) {
    open().await.commit("d", &ordered("2026-11-21", 7, 1_000), at(1_000)).await.unwrap();
    // Whoever looked has died before it sent anything. It had five minutes.
    assert_eq!(claim(open().await.as_ref(), 1_299).await, []);
    assert_eq!(identities(&claim(open().await.as_ref(), 1_300).await), [7]);
    // The next one dies as well.
    let history = open().await;
    history.commit("d", &ordered("2026-11-22", 8, 1_310), at(1_310)).await.unwrap();
    assert_eq!(claim(open().await.as_ref(), 1_599).await, []);
    let taken = claim(open().await.as_ref(), 1_610).await;
    assert_eq!(identities(&taken), [7, 8]);
    let step = Step::Settle { of: taken, how: Settled::Done, at: at(1_620) };
    open().await.hand_out("d", &step).await.unwrap();
    // The same verdicts again owe nothing more.
    for day in [("2026-11-21", 7), ("2026-11-22", 8)] {
        open().await.commit("d", &ordered(day.0, day.1, 1_700), at(1_700)).await.unwrap();
    }
    assert_eq!(claim(open().await.as_ref(), 9_999).await, []);
    assert_eq!(open().await.deliveries("d").await.unwrap().entries(), []);
    assert!(open().await.deliveries("nobody").await.unwrap().is_empty());
    let step = Step::Claim { kind: Kind::Run, at: at(9_999) };
    assert_eq!(open().await.hand_out("nobody", &step).await.unwrap().claimed, []);
}

async fn two_writers_never_both_take_it<H: History + Outbox + 'static>(open: impl AsyncFn() -> Arc<H>) {
    const ALL: u64 = 12;
    for n in 0..ALL {
        let day = partition("2026-11-21").offset(n as i64).to_string();
        open().await.commit("d", &ordered(&day, n, 1_000), at(1_000)).await.unwrap();
    }
    let mut writers = Vec::new();
    for n in 0..8 {
        let history = open().await;
        writers.push(tokio::spawn(async move {
            let mut taken = Vec::new();
            for again in 0..4 {
                taken.extend(claim(history.as_ref(), 1_300 + n + again).await);
                tokio::task::yield_now().await;
            }
            taken
        }));
    }
    let mut taken = Vec::new();
    for writer in writers {
        taken.extend(identities(&writer.await.unwrap()));
    }
    taken.sort_unstable();
    assert_eq!(taken, (0..ALL).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_delivers() {
    let history = Arc::new(Memory::default());
    a_delivery_outlives_a_crash(async || Arc::clone(&history)).await;
    let history = Arc::new(Memory::default());
    two_writers_never_both_take_it(async || Arc::clone(&history)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_delivers() {
    let folder = tempfile::tempdir().unwrap();
    let open = async |name: &str| Arc::new(Sqlite::open(&folder.path().join(name)).await.unwrap());
    a_delivery_outlives_a_crash(async || open("crash").await).await;
    two_writers_never_both_take_it(async || open("writers").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_deliver() {
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let open = |prefix| Arc::new(Documents::<()>::new(Shelf::new(Arc::clone(&store), prefix, "memory")));
    a_delivery_outlives_a_crash(async || open("crash")).await;
    two_writers_never_both_take_it(async || open("writers")).await;
}

/// What a run owes is written with its verdicts, or not at all.
#[tokio::test]
async fn a_run_that_is_refused_owes_nothing() {
    let documents = Documents::<()>::new(Shelf::in_memory());
    let (first, second) =
        (documents.one_run("d", true).await.unwrap(), documents.one_run("d", true).await.unwrap());
    first.commit("d", &ordered("2026-11-21", 1, 1_000), at(1_000)).await.unwrap();
    second.commit("d", &ordered("2026-11-22", 2, 1_000), at(1_000)).await.unwrap();
    assert!(documents.deliveries("d").await.unwrap().is_empty(), "not before it is finished");
    assert_eq!(identities(first.finish(|()| ()).await.unwrap().deliveries.entries()), [1]);
    second.finish(|()| ()).await.unwrap_err();
    assert_eq!(identities(documents.deliveries("d").await.unwrap().entries()), [1]);
    // Somebody who claims meanwhile is not in a run's way.
    let third = documents.one_run("d", true).await.unwrap();
    third.commit("d", &ordered("2026-11-22", 2, 1_200), at(1_200)).await.unwrap();
    let taken = claim(&documents, 1_300).await;
    let step = Step::Settle { of: taken, how: Settled::Done, at: at(1_301) };
    documents.hand_out("d", &step).await.unwrap();
    assert_eq!(identities(third.finish(|()| ()).await.unwrap().deliveries.entries()), [2]);
}
