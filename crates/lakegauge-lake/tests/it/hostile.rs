//! Malicious servers, and servers that are no store: each answer is parsed correctly or is a gap, within limits, on
//! every store.

use std::sync::Arc;
use std::time::Duration;

use lakegauge_core::observation::{Gap, GapKind, Listed};
use lakegauge_lake::{Backoff, Options, Store, StoreError, sweep};
use lakegauge_testbed::{AZURITE_ACCOUNT, AZURITE_KEY, Asked, Reply, Scripted};

use crate::stores::{s3_options, store};

/// One of the three stores on a server.
fn on(scheme: &str, endpoint: &str) -> Arc<dyn Store> {
    let cloud = match scheme {
        "gs" => vec![("google_skip_signature".to_owned(), "true".to_owned())],
        "az" => vec![
            ("azure_storage_account_name".to_owned(), AZURITE_ACCOUNT.to_owned()),
            ("azure_storage_account_key".to_owned(), AZURITE_KEY.to_owned()),
        ],
        _ => Vec::new(),
    };
    let backoff = Backoff { tries: 2, base: Duration::from_millis(2), ..Backoff::default() };
    let options = Options { cloud, backoff, timeout: Duration::from_secs(20), ..s3_options(endpoint) };
    store(&format!("{scheme}://lake/"), &options)
}

const STORES: [&str; 3] = ["s3", "gs", "az"];

/// The result of a listing on each store.
async fn listed(scheme: &str, server: &Scripted) -> Result<Vec<(String, u64)>, StoreError> {
    let mut seen = Vec::new();
    let store = on(scheme, &server.endpoint);
    store.list("", None, &mut |object| seen.push((object.key.to_owned(), object.size))).await?;
    Ok(seen)
}

/// A page in the store's format: keys with one byte each, folders, and the token of the next page.
fn page(scheme: &str, keys: &[&str], folders: &[&str], next: Option<&str>) -> String {
    let escape = |key: &str| key.replace('&', "&amp;").replace('<', "&lt;");
    let names = |keys: &[&str], form: fn(&str) -> String| {
        keys.iter().map(|key| form(&escape(key))).collect::<Vec<_>>().concat()
    };
    if scheme == "az" {
        let blobs = names(keys, |key| {
            let at = "<Last-Modified>Sun, 22 Nov 2026 04:12:09 GMT</Last-Modified>";
            let properties = format!("<Properties>{at}<Content-Length>1</Content-Length></Properties>");
            format!("<Blob><Name>{key}</Name>{properties}</Blob>")
        });
        let folders = names(folders, |key| format!("<BlobPrefix><Name>{key}</Name></BlobPrefix>"));
        let next = next.unwrap_or_default();
        return format!(
            "<EnumerationResults><Blobs>{blobs}{folders}</Blobs><NextMarker>{next}</NextMarker></EnumerationResults>"
        );
    }
    let contents = names(keys, |key| {
        let rest = "<LastModified>2026-11-22T04:12:09Z</LastModified><Size>1</Size>";
        format!("<Contents><Key>{key}</Key>{rest}</Contents>")
    });
    let folders = names(folders, |key| format!("<CommonPrefixes><Prefix>{key}</Prefix></CommonPrefixes>"));
    let token = next.map(|next| format!("<NextContinuationToken>{next}</NextContinuationToken>"));
    let more = format!("<IsTruncated>{}</IsTruncated>{}", next.is_some(), token.unwrap_or_default());
    format!("<ListBucketResult>{contents}{folders}{more}</ListBucketResult>")
}

/// The continuation token in a request.
fn token(asked: &Asked) -> Option<u64> {
    let (_, rest) = asked.target.split_once("continuation-token=").or(asked.target.split_once("marker="))?;
    rest.split('&').next()?.parse().ok()
}

async fn refused(scheme: &str, reply: Reply, kind: GapKind, detail: &str) {
    let answer = reply.clone();
    let server = Scripted::start(move |_, _| answer.clone()).await.unwrap();
    let error = listed(scheme, &server).await.unwrap_err();
    assert_eq!(error.kind, kind, "{scheme} {reply:?}: {error}");
    assert!(error.detail.contains(detail), "{scheme}: {error}");
    let gap = Gap::from(error).to_string();
    assert!(!gap.contains(|c: char| c.is_control() || c == '\u{202e}'), "{scheme}: {gap:?}");
}

#[tokio::test]
async fn what_is_no_listing_is_never_an_empty_one() {
    let html = "<!doctype html><html><body>Sign in</body></html>";
    for scheme in STORES {
        refused(scheme, Reply::page(html), GapKind::Malformed, "an answer that begins with `<!doctype html>")
            .await;
        refused(scheme, Reply::page(""), GapKind::Malformed, "an empty answer").await;
        refused(scheme, Reply::page("{\"items\": []}"), GapKind::Malformed, "begins with `{").await;
        refused(
            scheme,
            Reply::page("\u{1b}[2K\u{9b}1A\u{202e}✓ healthy\n"),
            GapKind::Malformed,
            "\\u{1b}[2K",
        )
        .await;
        let away = "Location: https://login.example/sso?token=SECRET\r\n";
        let redirect = Reply::status(302, away, html);
        refused(scheme, redirect, GapKind::Malformed, "HTTP 302, a redirect to login.example").await;
        let denied =
            "<Error><Code>AccessDenied</Code><Message>\u{1b}]0;x\u{7}\n✓ all healthy</Message></Error>";
        refused(
            scheme,
            Reply::status(403, "", denied),
            GapKind::Denied,
            "HTTP 403 AccessDenied: \\u{1b}]0;x",
        )
        .await;
        refused(scheme, Reply::page(denied), GapKind::Denied, "HTTP 200 AccessDenied").await;
    }
}

#[tokio::test]
async fn a_redirect_to_a_listing_is_not_followed() {
    for scheme in STORES {
        let there = Scripted::start(move |_, _| Reply::page(&page(scheme, &["a"], &[], None))).await.unwrap();
        let away = format!("Location: {}/lake\r\n", there.endpoint);
        let here = Scripted::start(move |_, _| Reply::status(307, &away, "")).await.unwrap();
        let error = listed(scheme, &here).await.unwrap_err();
        assert_eq!((error.kind, there.asked().len()), (GapKind::Malformed, 0), "{scheme}: {error}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_given_up() {
    for scheme in STORES {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<ListBucketResult><!--";
        let endless = Reply::Endless(head.into(), vec![b'x'; 1 << 20]);
        let server = Scripted::start(move |_, _| endless.clone()).await.unwrap();
        let error = listed(scheme, &server).await.unwrap_err();
        assert_eq!(error.kind, GapKind::Malformed, "{scheme}: {error}");
        assert!(error.detail.contains("longer than 32 MiB"), "{scheme}: {error}");
        assert!(server.sent() < 64 << 20, "{scheme}: {} bytes", server.sent());
    }
}

#[tokio::test]
async fn pages_lead_from_key_to_key_or_to_a_gap() {
    let check =
        async |scheme: &'static str, pages: &'static [(&[&str], bool)], expect: Result<&[&str], GapKind>| {
            let script = move |_, asked: &Asked| {
                let at = token(asked).unwrap_or(0);
                let (keys, more) = pages[(at as usize).min(pages.len() - 1)];
                let next = more.then(|| (at + 1).to_string());
                Reply::page(&page(scheme, keys, &[], next.as_deref()))
            };
            let server = Scripted::start(script).await.unwrap();
            let found = listed(scheme, &server).await;
            let found = found.map(|keys| keys.into_iter().map(|(key, _)| key).collect::<Vec<_>>());
            let expect = expect.map(|keys| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
            assert_eq!(found.map_err(|error| error.kind), expect, "{scheme} {pages:?}");
        };
    for scheme in STORES {
        check(scheme, &[(&["a", "b"], true), (&["c"], false)], Ok(&["a", "b", "c"])).await;
        check(scheme, &[(&["a", "b"], true), (&["b", "c"], false)], Ok(&["a", "b", "c"])).await;
        check(scheme, &[(&["a", "a", "b"], false)], Ok(&["a", "b"])).await;
        // The same page, with a new token each time, forever.
        check(scheme, &[(&["a", "b"], true)], Err(GapKind::Truncated)).await;
        check(scheme, &[(&["a", "b"], true), (&["a", "b"], false)], Err(GapKind::Truncated)).await;
        check(scheme, &[(&["b", "a"], false)], Err(GapKind::Truncated)).await;
        check(scheme, &[(&[], true), (&[], true), (&["a"], false)], Ok(&["a"])).await;
        check(scheme, &[(&[], true)], Err(GapKind::Truncated)).await;
        // Keys for which object_store alone would reject the whole page.
        check(
            scheme,
            &[(&["/x", "a/../b", "a/./b", "a//b", "a/\u{7f}b"], false)],
            Ok(&["/x", "a/../b", "a/./b", "a//b", "a/\u{7f}b"]),
        )
        .await;
    }
}

#[tokio::test]
async fn a_sweep_ends_whatever_its_folders_are_called() {
    for scheme in STORES {
        let script = move |_, asked: &Asked| {
            let folders: &[&str] = match asked.target.contains("prefix=") {
                _ if !asked.target.contains("delimiter=") => &[],
                true => &[],
                false => &["a/", "a/", "b/"],
            };
            let deep = ["a/1", "b/1"];
            let keys: Vec<&str> = deep.iter().filter(|_| folders.is_empty()).copied().collect();
            let below: Vec<&str> = match asked.target.split_once("prefix=") {
                Some((_, rest)) if rest.starts_with('a') => vec!["a/1"],
                Some((_, rest)) if rest.starts_with('b') => vec!["b/1"],
                _ => keys,
            };
            // The first page says that more follows, so that the folders are requested.
            let first = folders.is_empty() && !asked.target.contains("prefix=");
            Reply::page(&page(scheme, &below, folders, first.then_some("1")))
        };
        let server = Scripted::start(script).await.unwrap();
        let store = on(scheme, &server.endpoint);
        let mut seen = Vec::new();
        let mut each = |object: Listed<'_>| seen.push(object.key.to_owned());
        let swept =
            tokio::time::timeout(Duration::from_secs(20), sweep(store.as_ref(), "", None, &mut each)).await;
        assert_eq!(swept, Ok(Ok(Vec::new())), "{scheme}");
        seen.sort();
        assert_eq!(seen, ["a/1", "b/1"], "{scheme}");
    }
}

#[tokio::test]
async fn a_region_that_is_none_is_a_gap() {
    for region in ["root:../../x", "eu west", "a.b", "x@evil.example/"] {
        let header = format!("x-amz-bucket-region: {region}\r\n");
        let moved = Reply::status(301, &header, "<Error><Code>PermanentRedirect</Code></Error>");
        refused("s3", moved, GapKind::Malformed, "is not the name of a region").await;
        let code = "<Code>AuthorizationHeaderMalformed</Code>";
        let body = format!("<Error>{code}<Region>{region}\u{1}</Region></Error>");
        refused(
            "s3",
            Reply::status(400, "", &body),
            GapKind::Malformed,
            "\\u{1}` is not the name of a region",
        )
        .await;
    }
    // Otherwise a new region with each answer would be followed forever.
    let script = |n, _: &Asked| Reply::status(301, &format!("x-amz-bucket-region: r-{n}\r\n"), "");
    let server = Scripted::start(script).await.unwrap();
    let error = listed("s3", &server).await.unwrap_err();
    assert_eq!((error.kind, server.asked().len()), (GapKind::Unreachable, 2), "{error}");
}

#[tokio::test]
async fn the_other_scheme_is_named() {
    let plain = Scripted::start(|_, _| Reply::page("")).await.unwrap();
    let record = Reply::Raw(vec![0x15, 3, 1, 0, 2, 2, 0x28]);
    let tls = Scripted::start(move |_, _| record.clone()).await.unwrap();
    let refusing = Reply::status(400, "", "Client sent an HTTP request to an HTTPS server.\n");
    let refusing = Scripted::start(move |_, _| refusing.clone()).await.unwrap();
    for scheme in STORES {
        let check = async |endpoint: &str, detail: &str| {
            let error = on(scheme, endpoint).level("").await.unwrap_err();
            assert_eq!((error.kind, error.retry), (GapKind::Unreachable, false), "{scheme}: {error}");
            assert!(error.detail.contains(detail), "{scheme}: {error}");
        };
        check(&plain.endpoint.replace("http://", "https://"), "the server does not speak TLS there").await;
        check(&tls.endpoint, "the server does not speak plain HTTP there").await;
        check(&refusing.endpoint, "write https:// in the endpoint").await;
    }
}
