//! The environment variables that AWS tools share.

/// The settings of a service in the environment, by default S3 (AWS SDKs and Tools Reference Guide, "Environment
/// variables support").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `AWS_REGION`, or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
    /// `AWS_ENDPOINT_URL_SERVICE`, or `AWS_ENDPOINT_URL`; nothing with `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`.
    pub endpoint: Option<String>,
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
        let endpoint = set(&format!("AWS_ENDPOINT_URL_{service}")).or_else(|| set("AWS_ENDPOINT_URL"));
        Environment {
            region: set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")),
            endpoint: endpoint.filter(|_| !yes("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")),
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
            let (region, endpoint) = (region.map(str::to_owned), endpoint.map(str::to_owned));
            assert_eq!(Environment::read(get), Environment { region, endpoint, unsigned }, "{set:?}");
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
