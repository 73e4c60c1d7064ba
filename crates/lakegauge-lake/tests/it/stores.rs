//! The suite against each store.

use std::sync::Arc;

use lakegauge_core::observation::{GapKind, Listed};
use lakegauge_engine::{Credential, Fixed};
use lakegauge_lake::{Backoff, Options, Store, open};
use lakegauge_testbed::{ACCESS_KEY, AZURITE_ACCOUNT, AZURITE_KEY, Azurite, FakeGcs, S3Server, SECRET_KEY};

use crate::conformance::{check, list};
use crate::keys::{ROOT, seeded};

/// Options for an S3 server of the testbed.
pub(crate) fn s3_options(endpoint: &str) -> Options {
    let credential = Credential { key_id: ACCESS_KEY.to_owned(), secret: SECRET_KEY.to_owned(), token: None };
    let endpoint = Some(endpoint.to_owned());
    Options { endpoint, credentials: Arc::new(Fixed(credential)), ..Options::default() }
}

/// The store at an address.
pub(crate) fn store(address: &str, options: &Options) -> Arc<dyn Store> {
    open(&address.parse().unwrap(), options).unwrap()
}

async fn refused(address: &str, options: &Options, kind: GapKind) {
    let error = store(address, options).list("", None, &mut |_| {}).await.unwrap_err();
    assert_eq!(error.kind, kind, "{address}: {error}");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(SECRET_KEY) && !shown.contains(AZURITE_KEY), "{shown}");
}

#[tokio::test]
async fn local_folder() {
    let folder = tempfile::tempdir().unwrap();
    let seeded = seeded(false, 2_500);
    for (key, size) in &seeded.all {
        // A file and a folder cannot share a name.
        let key = if key == "refined" { "refined.file" } else { key };
        let path = folder.path().join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, vec![b'x'; *size as usize]).unwrap();
    }
    let root = folder.path().join(ROOT);
    check(store(root.to_str().unwrap(), &Options::default()).as_ref(), &seeded).await;
}

#[tokio::test]
async fn s3_seaweedfs() {
    let server = S3Server::seaweedfs().await.unwrap();
    let mut seeded = seeded(false, 2_500);
    // SeaweedFS keeps keys as files: a file and a folder cannot share a name.
    seeded.all.retain(|(key, _)| key != "refined");
    server.seed("lake", &seeded.all).unwrap();
    let options = s3_options(&server.endpoint);
    let lake = store(&format!("s3://lake/{ROOT}"), &options);
    check(lake.as_ref(), &seeded).await;
    agrees_with_boto3(&server, "lake").await;

    refused("s3://nowhere/", &options, GapKind::NotFound).await;
    refused(
        "s3://lake/",
        &Options { credentials: Options::default().credentials, ..options.clone() },
        GapKind::Denied,
    )
    .await;
    let wrong = Credential { key_id: ACCESS_KEY.to_owned(), secret: "wrong".to_owned(), token: None };
    refused("s3://lake/", &Options { credentials: Arc::new(Fixed(wrong)), ..options }, GapKind::Denied).await;
}

#[tokio::test]
async fn s3_ministack_with_odd_keys() {
    let server = S3Server::ministack().await.unwrap();
    let seeded = seeded(true, 1_200);
    server.seed("lake", &seeded.all).unwrap();
    let options = s3_options(&server.endpoint);
    check(store(&format!("s3://lake/{ROOT}"), &options).as_ref(), &seeded).await;
    agrees_with_boto3(&server, "lake").await;
    refused("s3://nowhere/", &options, GapKind::NotFound).await;
}

/// Compares keys, sizes and times with boto3's paginator.
async fn agrees_with_boto3(server: &S3Server, bucket: &str) {
    let lake = store(&format!("s3://{bucket}/"), &s3_options(&server.endpoint));
    for prefix in ["", ROOT, "refined zone+/kpi/date=2026-11-2"] {
        let mut ours = Vec::new();
        let mut each = |object: Listed<'_>| {
            ours.push((object.key.to_owned(), object.size, object.last_modified.as_millisecond()));
        };
        lake.list(prefix, None, &mut each).await.unwrap();
        let theirs = server.boto3_list(bucket, prefix).unwrap();
        let mut theirs: Vec<_> =
            theirs.into_iter().map(|(k, s, t)| (k, s, (t * 1e3).round() as i64)).collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "below {prefix}");
    }
}

#[tokio::test]
async fn gcs_fake_gcs_server() {
    let server = FakeGcs::start().await.unwrap();
    let seeded = seeded(false, 1_200);
    server.seed("lake", &seeded.all).unwrap();
    let cloud = vec![("google_skip_signature".to_owned(), "true".to_owned())];
    let options = Options { endpoint: Some(server.endpoint.clone()), cloud, ..Options::default() };
    check(store(&format!("gs://lake/{ROOT}"), &options).as_ref(), &seeded).await;
    // Google answers 404 for a missing bucket; fake-gcs-server answers 500.
    let hasty = Options { backoff: Backoff { tries: 1, ..Backoff::default() }, ..options };
    refused("gs://nowhere/", &hasty, GapKind::Unreachable).await;
}

#[tokio::test]
async fn azure_azurite() {
    let server = Azurite::start().await.unwrap();
    let seeded = seeded(false, 1_200);
    server.seed("lake", &seeded.all).unwrap();
    let setting = |key: &str, value: &str| ("azure_storage_".to_owned() + key, value.to_owned());
    let cloud = vec![setting("account_name", AZURITE_ACCOUNT), setting("account_key", AZURITE_KEY)];
    let options = Options { endpoint: Some(server.endpoint.clone()), cloud, ..Options::default() };
    check(store(&format!("az://lake/{ROOT}"), &options).as_ref(), &seeded).await;
    refused("az://nowhere/", &options, GapKind::NotFound).await;
    let empty = list(store("az://lake/no/such/", &options).as_ref(), "", None).await;
    assert_eq!(empty, []);
}
