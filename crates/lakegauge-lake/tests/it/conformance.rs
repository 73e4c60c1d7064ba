//! What every store must do.

use std::collections::BTreeSet;

use lakegauge_lake::{Store, sweep};

use crate::keys::{Object, Seeded};

/// Lists below a prefix, sorted.
pub(crate) async fn list(store: &dyn Store, prefix: &str, after: Option<&str>) -> Vec<Object> {
    let mut found = Vec::new();
    let hidden =
        store.list(prefix, after, &mut |object| found.push((object.key.to_owned(), object.size))).await;
    assert_eq!(hidden, Ok(Vec::new()), "{prefix}");
    found.sort();
    found
}

/// Checks a store, filled with `seeded`, against the contract of [`Store`].
pub(crate) async fn check(store: &dyn Store, seeded: &Seeded) {
    let inside = &seeded.inside;
    assert_eq!(&list(store, "", None).await, inside, "all");
    for prefix in
        ["kpi/", "kpi/date=2026-11-2", "kpi/date=2026-11-21", "kpi/date=2026-11-20/", "many/", "top", "no/"]
    {
        let expect: Vec<Object> = inside.iter().filter(|(key, _)| key.starts_with(prefix)).cloned().collect();
        assert_eq!(list(store, prefix, None).await, expect, "below {prefix}");
        check_level(store, prefix, &expect).await;
        let mut swept = Vec::new();
        let hidden =
            sweep(store, prefix, None, &mut |object| swept.push((object.key.to_owned(), object.size))).await;
        swept.sort();
        assert_eq!((hidden, swept), (Ok(Vec::new()), expect), "sweep of {prefix}");
    }
    for (prefix, after) in
        [("kpi/", "kpi/date=2026-11-20/part-0"), ("many/", "many/date=2026-11-1"), ("", "zzz")]
    {
        let expect = inside.iter().filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after);
        let expect: Vec<Object> = expect.cloned().collect();
        assert_eq!(list(store, prefix, Some(after)).await, expect, "{prefix} after {after}");
    }
    let sent = store.requests();
    let view = store.view();
    assert!(sent > 0 && view.requests() == 0);
    list(view.as_ref(), "top", None).await;
    assert_eq!((view.requests(), store.requests()), (1, sent), "a view counts its own");
}

async fn check_level(store: &dyn Store, prefix: &str, below: &[Object]) {
    let level = store.level(prefix).await.unwrap();
    let (mut objects, mut folders) = (BTreeSet::new(), BTreeSet::new());
    for (key, size) in below {
        match key[prefix.len()..].find('/') {
            Some(at) => drop(folders.insert(key[..=prefix.len() + at].to_owned())),
            None => drop(objects.insert((key.clone(), *size))),
        }
    }
    assert_eq!(level.prefixes.into_iter().collect::<BTreeSet<_>>(), folders, "folders at {prefix}");
    let found: BTreeSet<Object> = level.objects.into_iter().map(|object| (object.key, object.size)).collect();
    assert_eq!(found, objects, "objects at {prefix}");
}
