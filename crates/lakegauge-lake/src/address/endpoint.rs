//! The server of a store, if it is not the cloud's own.

use lakegauge_core::foreign::visible;
use url::Url;

use super::{Address, AddressError};

const FORM: &str = "write the scheme, the server and the port, such as http://127.0.0.1:9000";

/// Parses the address of the server that has the lake at `lake`, in the form that requests need: its host in ASCII,
/// without a trailing `/`.
///
/// A path is kept, because some S3-compatible services have one. The bucket's path is not part of the endpoint.
///
/// # Errors
/// If it cannot be the address of a server: no scheme, credentials in it, a query, the bucket's path.
pub fn endpoint(typed: &str, lake: &Address) -> Result<String, AddressError> {
    let wrong = |message: String, hint: String| Err(AddressError { message, hint });
    let typed = typed.trim();
    if !typed.contains("://") {
        let message = format!("`{}` has no http:// or https:// in front", short(typed));
        return wrong(message, FORM.to_owned());
    }
    let Ok(url) = Url::parse(typed) else {
        // A text that cannot be parsed may contain a password anywhere.
        return wrong("this is not the address of a server".to_owned(), FORM.to_owned());
    };
    if !url.username().is_empty() || url.password().is_some() {
        let hint =
            "leave out what stands before the `@`, and set AWS_PROFILE or the environment's credentials";
        return wrong("credentials do not belong into an endpoint".to_owned(), hint.to_owned());
    }
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("`{}://` is not http:// or https://", short(url.scheme()));
        return wrong(message, FORM.to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("an endpoint ends before `?` and `#`".to_owned(), FORM.to_owned());
    }
    let path = url.path().trim_end_matches('/');
    let server = url.as_str().trim_end_matches('/');
    let bucket = match lake {
        Address::S3 { bucket, .. } | Address::Gcs { bucket, .. } => bucket,
        Address::Azure { container, .. } => container,
        Address::Local(_) => "",
    };
    match path.rsplit_once('/') {
        Some((above, last)) if !bucket.is_empty() && last == bucket => {
            let server = server.get(..server.len() - path.len() + above.len()).unwrap_or(server);
            let message = format!("the bucket `{}` does not belong into the endpoint", short(bucket));
            wrong(message, format!("write {server}: the bucket is in the lake's address"))
        }
        _ => Ok(server.to_owned()),
    }
}

fn short(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    visible(&short).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn endpoints_are_read_and_mistakes_are_named() {
        let check = |typed: &str, lake: &str, expect: Result<&str, &str>| {
            let got = endpoint(typed, &lake.parse().unwrap()).map_err(|error| error.to_string());
            match (got, expect) {
                (Ok(got), Ok(expect)) => assert_eq!(got, expect, "{typed}"),
                (Err(got), Err(expect)) => assert!(got.contains(expect), "{typed}: {got}"),
                (got, _) => panic!("{typed}: {got:?}"),
            }
        };
        let lake = "s3://lake/refined";
        check("http://127.0.0.1:9000", lake, Ok("http://127.0.0.1:9000"));
        check(" https://S3.Example.com/ ", lake, Ok("https://s3.example.com"));
        check("https://münchen.example", lake, Ok("https://xn--mnchen-3ya.example"));
        check("http://[::1]:9000/", lake, Ok("http://[::1]:9000"));
        check(
            "http://127.0.0.1:10000/devstoreaccount1",
            "az://lake",
            Ok("http://127.0.0.1:10000/devstoreaccount1"),
        );
        check("https://x.supabase.co/storage/v1/s3", lake, Ok("https://x.supabase.co/storage/v1/s3"));
        check("", lake, Err("no http:// or https://"));
        check("localhost:9000", lake, Err("`localhost:9000` has no http://"));
        check("127.0.0.1:9000\u{1b}[2K", lake, Err("\\u{1b}[2K` has no http://"));
        check("not a url", lake, Err("`not a url` has no http://"));
        check("http://", lake, Err("not the address of a server"));
        check("http://a b/", lake, Err("not the address of a server"));
        check("http://h:99999", lake, Err("not the address of a server"));
        check("ftp://h", lake, Err("`ftp://` is not http://"));
        check("s3://lake", lake, Err("`s3://` is not http://"));
        check("http://AK:SECRET@h", lake, Err("credentials do not belong"));
        check("http://AK@h", lake, Err("credentials do not belong"));
        check("http://h?x=SECRET", lake, Err("ends before `?`"));
        check(
            "https://s3.eu-west-2.amazonaws.com/lake/",
            lake,
            Err("write https://s3.eu-west-2.amazonaws.com:"),
        );
        check("http://h/v1/lake", lake, Err("write http://h/v1:"));
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_be_asked(typed in "(https?://)?[a-z0-9@:/?#. é\\[\\]-]{0,20}") {
            if let Ok(server) = endpoint(&typed, &Address::Local("/".into())) {
                prop_assert!(server.is_ascii() && !server.ends_with('/'), "{}", server);
                let url = format!("{server}/lake?list-type=2");
                prop_assert!(url.parse::<http::Uri>().is_ok(), "{}", url);
                let parsed = url.parse::<Url>();
                prop_assert!(parsed.is_ok_and(|url| url.username().is_empty()), "{}", url);
            }
        }
    }
}
