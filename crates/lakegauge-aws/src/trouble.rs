//! Why there are no credentials, and what to do.

use std::fmt;

use crate::profile::{Kind, Profiles};

/// A place that may have credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Profile,
    WebIdentity,
    Container,
    Instance,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Profile => "profile",
            Place::WebIdentity => "web identity (AWS_WEB_IDENTITY_TOKEN_FILE)",
            Place::Container => "container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI)",
            Place::Instance => "instance's role",
        })
    }
}

/// How to give credentials.
pub(crate) const HOW: &str = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (`aws sso login`, \
     `aws login`); for a public bucket set AWS_SKIP_SIGNATURE=true";

/// The message for a place that should have credentials but failed; `why` is the SDK's error.
pub(crate) fn failed(place: Place, why: &str, profiles: &Profiles) -> String {
    if place != Place::Profile {
        return format!("no AWS credentials from the {place}: {why}");
    }
    let (name, kind) = profiles.source();
    let option = if name == "default" { String::new() } else { format!(" --profile {name}") };
    match kind {
        Kind::Sso => format!(
            "log in again with `aws sso login{option}`: the profile `{name}` has no valid login ({why})"
        ),
        Kind::Login => {
            format!("log in again with `aws login{option}`: the profile `{name}` has no valid login ({why})")
        }
        Kind::Process => format!("the credential_process of the profile `{name}` failed: {why}"),
        Kind::Role => format!("the role of the profile `{name}` cannot be assumed: {why}"),
        Kind::Plain => format!("the AWS profile `{}` cannot be used: {why}", profiles.chosen),
    }
}

/// The message if no place has any.
pub(crate) fn none(profiles: &Profiles) -> String {
    let (chosen, files) = (&profiles.chosen, profiles.files.join(" and "));
    if profiles.named && !profiles.is_there() {
        let names: Vec<&str> = profiles.names().take(8).collect();
        let there = match names.as_slice() {
            [] => "there is no profile".to_owned(),
            names => format!("there are {}", names.join(", ")),
        };
        return format!("AWS_PROFILE names the profile `{chosen}`, which is not in {files}: {there}");
    }
    if profiles.named {
        return format!(
            "the AWS profile `{chosen}` has no credentials in {files}: no key, `sso_session`, `login_session`, \
             `credential_process` or `role_arn`"
        );
    }
    format!("no AWS credentials were found: {HOW}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(chosen: &str, config: &str) -> Profiles {
        let folder = std::env::temp_dir().join(format!("lakegauge-trouble-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        // One file per case: the tests of a process may run in parallel.
        let file = folder.join(chosen);
        std::fs::write(&file, config).unwrap();
        let read = Profiles::read(|name| match name {
            "AWS_CONFIG_FILE" => Some(file.display().to_string()),
            "AWS_PROFILE" => Some(chosen.to_owned()).filter(|chosen| chosen != "default"),
            _ => None,
        });
        Profiles { files: vec!["~/.aws/config".to_owned()], ..read }
    }

    #[test]
    fn each_trouble_names_its_profile_and_what_to_do() {
        let config = "[default]\nsso_session = s\n[profile people]\nsso_session = s\n[profile me]\nlogin_session = l\n\
                      [profile vault]\ncredential_process = /opt/vault\n[profile role]\nrole_arn = r\n[profile bare]\nregion = r\n";
        let check = |place, chosen: &str, expect: &str| {
            let told = failed(place, "it has expired", &profiles(chosen, config));
            assert_eq!(told, expect);
        };
        check(
            Place::Profile,
            "people",
            "log in again with `aws sso login --profile people`: the profile `people` has no valid login (it has expired)",
        );
        check(
            Place::Profile,
            "default",
            "log in again with `aws sso login`: the profile `default` has no valid login (it has expired)",
        );
        check(
            Place::Profile,
            "me",
            "log in again with `aws login --profile me`: the profile `me` has no valid login (it has expired)",
        );
        check(
            Place::Profile,
            "vault",
            "the credential_process of the profile `vault` failed: it has expired",
        );
        check(Place::Profile, "role", "the role of the profile `role` cannot be assumed: it has expired");
        check(Place::Profile, "bare", "the AWS profile `bare` cannot be used: it has expired");
        check(Place::Instance, "people", "no AWS credentials from the instance's role: it has expired");
        let none = |chosen: &str, config: &str| none(&profiles(chosen, config));
        assert_eq!(none("default", ""), format!("no AWS credentials were found: {HOW}"));
        assert_eq!(
            none("prod", "[profile production]\n[profile test]\n"),
            "AWS_PROFILE names the profile `prod`, which is not in ~/.aws/config: there are production, test"
        );
        assert_eq!(
            none("lone", ""),
            "AWS_PROFILE names the profile `lone`, which is not in ~/.aws/config: there is no profile"
        );
        assert!(
            none("empty", "[profile empty]\nregion = r\n")
                .starts_with("the AWS profile `empty` has no credentials in")
        );
    }
}
