use std::fs;
use std::path::Path;

use lakegauge_core::observation::GapKind;

use super::Local;
use crate::store::Store;

fn write(root: &Path, key: &str, bytes: usize) {
    let path = root.join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, vec![b'x'; bytes]).unwrap();
}

async fn list(root: &Path, prefix: &str, after: Option<&str>) -> Vec<(String, u64)> {
    let mut seen = Vec::new();
    let store = Local::new(root.to_owned());
    let hidden = store
        .list(prefix, after, &mut |object| seen.push((object.key.to_owned(), object.size)))
        .await
        .unwrap();
    assert_eq!(hidden, []);
    seen.sort();
    seen
}

fn keys(found: &[(String, u64)]) -> Vec<&str> {
    found.iter().map(|(key, _)| key.as_str()).collect()
}

#[tokio::test]
async fn prefixes_need_not_end_at_a_folder() {
    let lake = tempfile::tempdir().unwrap();
    for (key, bytes) in [("a/d=1/x", 1), ("a/d=1/sub/y", 2), ("a/d=10/z", 3), ("a/.h", 4), ("b é+%/ w", 0)] {
        write(lake.path(), key, bytes);
    }
    let check = async |prefix, after, expect: &[&str]| {
        assert_eq!(keys(&list(lake.path(), prefix, after).await), expect, "{prefix} after {after:?}");
    };
    check("", None, &["a/.h", "a/d=1/sub/y", "a/d=1/x", "a/d=10/z", "b é+%/ w"]).await;
    check("a/d=1", None, &["a/d=1/sub/y", "a/d=1/x", "a/d=10/z"]).await;
    check("a/d=1/", None, &["a/d=1/sub/y", "a/d=1/x"]).await;
    check("a/d=1/x", None, &["a/d=1/x"]).await;
    check("a/d", Some("a/d=1/sub/y"), &["a/d=1/x", "a/d=10/z"]).await;
    check("nothing/here/", None, &[]).await;
    check("../", None, &[]).await;
    check("a//", None, &[]).await;
    assert_eq!(list(lake.path(), "a/d=10/", None).await, [("a/d=10/z".to_owned(), 3)]);
}

#[tokio::test]
async fn a_level_holds_folders_and_files() {
    let lake = tempfile::tempdir().unwrap();
    for key in ["a/d=1/x", "a/d=2/x", "a/e/x", "a/file"] {
        write(lake.path(), key, 1);
    }
    let store = Local::new(lake.path().to_owned());
    let mut level = store.level("a/").await.unwrap();
    level.prefixes.sort();
    assert_eq!(level.prefixes, ["a/d=1/", "a/d=2/", "a/e/"]);
    assert_eq!(level.objects.iter().map(|o| o.key.as_str()).collect::<Vec<_>>(), ["a/file"]);
    let mut narrow = store.level("a/d").await.unwrap();
    narrow.prefixes.sort();
    assert_eq!((narrow.prefixes, narrow.objects), (vec!["a/d=1/".to_owned(), "a/d=2/".to_owned()], vec![]));
    assert_eq!(store.requests(), 2);
}

#[tokio::test]
async fn a_missing_lake_is_not_an_empty_one() {
    let lake = tempfile::tempdir().unwrap();
    let missing = Local::new(lake.path().join("no"));
    let error = missing.list("", None, &mut |_| {}).await.unwrap_err();
    assert_eq!(error.kind, GapKind::NotFound);
    write(lake.path(), "file", 1);
    assert_eq!(Local::new(lake.path().join("file")).level("").await.unwrap_err().kind, GapKind::NotFound);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_followed_and_circles_are_not() {
    use std::os::unix::fs::symlink;
    let (lake, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(lake.path(), "a/x", 1);
    write(lake.path(), "b/y", 2);
    write(other.path(), "z", 3);
    symlink(other.path(), lake.path().join("linked")).unwrap();
    symlink(other.path().join("z"), lake.path().join("file")).unwrap();
    symlink(lake.path(), lake.path().join("a/up")).unwrap();
    symlink("self", lake.path().join("self")).unwrap();
    symlink(lake.path().join("nowhere"), lake.path().join("dangling")).unwrap();
    symlink(lake.path().join("b"), other.path().join("b")).unwrap();
    symlink(other.path(), lake.path().join("b/o")).unwrap();
    let found = list(lake.path(), "", None).await;
    assert_eq!(keys(&found), ["a/x", "b/o/z", "b/y", "file", "linked/b/y", "linked/z"]);
    let root = other.path().join("root");
    symlink(lake.path().join("a"), &root).unwrap();
    assert_eq!(keys(&list(&root, "", None).await), ["x"]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn names_that_are_not_utf_8_are_counted() {
    use std::os::unix::ffi::OsStrExt;
    let lake = tempfile::tempdir().unwrap();
    fs::write(lake.path().join(std::ffi::OsStr::from_bytes(b"bad\xff")), b"12").unwrap();
    assert_eq!(list(lake.path(), "", None).await, [("bad\u{fffd}".to_owned(), 2)]);
}

#[tokio::test]
async fn thousands_of_files_come_in_batches() {
    let lake = tempfile::tempdir().unwrap();
    for n in 0..2_500 {
        write(lake.path(), &format!("d={}/f{n}", n % 7), n);
    }
    let found = list(lake.path(), "", None).await;
    assert_eq!(found.len(), 2_500);
    assert_eq!(found.iter().map(|(_, size)| size).sum::<u64>(), 2_499 * 2_500 / 2);
}
