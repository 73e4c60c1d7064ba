//! Recognises what people write instead of a lake's address: one slash, an ARN, a web address.

use lakegauge_core::foreign::visible;

/// The lake's address for the ARN of a bucket or an access point (AWS, "Service Authorization Reference", resource
/// types of S3), or what to do if there is none.
pub(super) fn of_arn(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let (service, resource) = match parts.as_slice() {
        [_, _, service, _, _, resource] => (*service, *resource),
        _ => ("", ""),
    };
    match (service, resource) {
        (s, access) if s.starts_with("s3") && (access.starts_with("accesspoint") || s != "s3") => {
            "write the access point's alias as the bucket: s3://NAME-…-s3alias/prefix; \
             `aws s3control list-access-points` shows it"
                .to_owned()
        }
        ("s3", resource) if !resource.is_empty() => {
            format!("write s3://{}", shown(resource.trim_end_matches('*')))
        }
        _ => "write s3://bucket/prefix".to_owned(),
    }
}

/// The same for a bucket's web address, without its scheme.
pub(super) fn of_web(rest: &str) -> Option<String> {
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.contains('@') {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let lake = if let Some(of_aws) = host.strip_suffix(".amazonaws.com") {
        match of_aws.split_once(".s3").filter(|(_, rest)| rest.is_empty() || rest.starts_with(['.', '-'])) {
            Some((bucket, _)) => format!("s3://{bucket}/{path}"),
            None if of_aws.starts_with("s3") && !path.is_empty() => format!("s3://{path}"),
            None => return None,
        }
    } else if host == "storage.googleapis.com" || host == "storage.cloud.google.com" {
        format!("gs://{path}")
    } else if let Some(account) = host.strip_suffix(".blob.core.windows.net") {
        let (container, prefix) = path.split_once('/').unwrap_or((path, ""));
        format!("abfss://{container}@{account}.dfs.core.windows.net/{prefix}")
    } else {
        return None;
    };
    Some(format!("write {}", shown(&lake)))
}

/// An excerpt of what was typed, on one short line.
pub(super) fn shown(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    visible(&short).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_lead_to_addresses() {
        let check =
            |arn: &str, expect: &str| assert!(of_arn(arn).starts_with(expect), "{arn}: {}", of_arn(arn));
        check("arn:aws:s3:::lake", "write s3://lake");
        check("arn:aws-cn:s3:::lake/refined/*", "write s3://lake/refined/");
        check("arn:aws:s3:eu-west-2:123456789012:accesspoint/lake", "write the access point's alias");
        check("arn:aws:s3::123456789012:accesspoint/x.mrap", "write the access point's alias");
        check("arn:aws:s3-object-lambda:eu-west-2:1:accesspoint/x", "write the access point's alias");
        check("arn:aws:iam::1:role/x", "write s3://bucket/prefix");
        check("arn:", "write s3://bucket/prefix");
    }

    #[test]
    fn addresses_of_the_web_lead_to_addresses() {
        let check = |rest: &str, expect: Option<&str>| assert_eq!(of_web(rest).as_deref(), expect, "{rest}");
        check("lake.s3.eu-west-2.amazonaws.com/refined/?x=SECRET", Some("write s3://lake/refined/"));
        check("a.b.s3.amazonaws.com/", Some("write s3://a.b/"));
        check("s3.eu-west-2.amazonaws.com/lake/refined", Some("write s3://lake/refined"));
        check("s3-eu-west-1.amazonaws.com/lake", Some("write s3://lake"));
        check("storage.googleapis.com/lake/p", Some("write gs://lake/p"));
        check("acc.blob.core.windows.net/lake/p", Some("write abfss://lake@acc.dfs.core.windows.net/p"));
        check("me:SECRET@lake.s3.amazonaws.com/", None);
        check("example.com/lake", None);
        check("s3.amazonaws.com", None);
    }
}
