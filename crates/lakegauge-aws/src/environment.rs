//! The environment variables that AWS tools share.

/// The settings of a service in the environment, by default S3 (AWS SDKs and Tools Reference Guide, "Environment
/// variables support").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `AWS_REGION`, or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
    /// Which of the two the region is from.
    pub region_from: &'static str,
    /// `AWS_ENDPOINT_URL_SERVICE`, or `AWS_ENDPOINT_URL`; nothing with `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`.
    pub endpoint: Option<String>,
    /// Which of the two the endpoint is from.
    pub endpoint_from: String,
    /// `AWS_SKIP_SIGNATURE`: requests to public buckets are sent unsigned.
    pub unsigned: bool,
}

impl Environment {
    /// Reads the variables of S3 with `get`.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Environment {
        Environment::of_service("S3", get)
    }

    /// Reads the variables of a service.
    pub(crate) fn of_service(service: &str, get: impl Fn(&str) -> Option<String>) -> Environment {
        let set = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let yes =
            |name: &str| set(name).is_some_and(|v| matches!(v.to_ascii_lowercase().as_str(), "true" | "1"));
        let of_service = format!("AWS_ENDPOINT_URL_{service}");
        let (endpoint_from, region_from) = (
            if set(&of_service).is_some() { of_service } else { "AWS_ENDPOINT_URL".to_owned() },
            if set("AWS_REGION").is_some() { "AWS_REGION" } else { "AWS_DEFAULT_REGION" },
        );
        Environment {
            region: set(region_from),
            region_from,
            endpoint: set(&endpoint_from).filter(|_| !yes("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")),
            endpoint_from,
            unsigned: yes("AWS_SKIP_SIGNATURE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_have_their_usual_order() {
        let check = |set: &[(&str, &str)], region: Option<&str>, endpoint: Option<&str>, unsigned: bool| {
            let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let read = Environment::read(get);
            let found = (read.region.as_deref(), read.endpoint.as_deref(), read.unsigned);
            assert_eq!(found, (region, endpoint, unsigned), "{set:?}");
            let named = |name: &str, value: Option<String>| value.is_none_or(|v| get(name) == Some(v));
            assert!(
                named(read.region_from, read.region) && named(&read.endpoint_from, read.endpoint),
                "{set:?}"
            );
        };
        check(&[], None, None, false);
        check(&[("AWS_REGION", "a"), ("AWS_DEFAULT_REGION", "b")], Some("a"), None, false);
        check(&[("AWS_REGION", " "), ("AWS_DEFAULT_REGION", "b")], Some("b"), None, false);
        let both = [("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_S3", "http://b")];
        check(&both, None, Some("http://b"), false);
        let ignored = [("AWS_ENDPOINT_URL", "http://a"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")];
        check(&ignored, None, None, false);
        check(&[("AWS_SKIP_SIGNATURE", "TRUE")], None, None, true);
        check(&[("AWS_SKIP_SIGNATURE", "false")], None, None, false);
    }
}
