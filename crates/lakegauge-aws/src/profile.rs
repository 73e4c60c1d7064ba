//! The user's AWS profiles, as far as error messages need them: their names, and the kind of each.
//!
//! The SDK reads the same files for the credentials themselves. Its errors do not say which profile was used, nor what
//! to do.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The profile files, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profiles {
    /// The profile in use: `AWS_PROFILE`, or `default`.
    pub(crate) chosen: String,
    /// Whether the user named it.
    pub(crate) named: bool,
    /// The files that were searched.
    pub(crate) files: Vec<String>,
    pub(crate) profiles: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where a profile gets its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// IAM Identity Center (`aws sso login`).
    Sso,
    /// The console's login (`aws login`).
    Login,
    /// A program that prints them.
    Process,
    /// A role that is assumed.
    Role,
    /// Keys, or nothing.
    Plain,
}

impl Profiles {
    /// Reads the files that the environment names, or those of the home folder.
    pub(crate) fn read(get: impl Fn(&str) -> Option<String>) -> Profiles {
        let set = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let home = set("HOME").or_else(|| set("USERPROFILE"));
        let file = |variable: &str, name: &str| match set(variable) {
            Some(path) => Some(PathBuf::from(path)),
            None => home.as_ref().map(|home| PathBuf::from(home).join(".aws").join(name)),
        };
        let (config, keys) =
            (file("AWS_CONFIG_FILE", "config"), file("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
        let text = |path: &Option<PathBuf>| {
            path.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default()
        };
        let mut read = Profiles::of_texts(&text(&config), &text(&keys));
        read.files = [config, keys].into_iter().flatten().map(|path| path.display().to_string()).collect();
        read.named = set("AWS_PROFILE").is_some();
        read.chosen = set("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
        read
    }

    /// Parses the two files: in the first, all profiles but `default` are called `profile NAME`.
    fn of_texts(config: &str, keys: &str) -> Profiles {
        let mut profiles: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (text, prefixed) in [(config, true), (keys, false)] {
            let mut open = None;
            for line in text.lines() {
                let line = line.split(" #").next().unwrap_or(line).trim_end();
                if let Some(name) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    let name = name.trim();
                    let of_profile = match (prefixed, name.split_once(char::is_whitespace)) {
                        (true, Some(("profile", name))) => Some(name.trim()),
                        (true, _) => Some(name).filter(|name| *name == "default"),
                        (false, _) => Some(name),
                    };
                    open = of_profile.map(|name| name.trim_matches('"').to_owned());
                    profiles.extend(
                        open.clone().filter(|n| !profiles.contains_key(n)).map(|n| (n, BTreeMap::new())),
                    );
                } else if let (Some(name), Some((key, value))) = (&open, line.split_once('='))
                    && let Some(keys) = profiles.get_mut(name)
                    && !line.starts_with(char::is_whitespace)
                {
                    keys.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
                }
            }
        }
        Profiles { profiles, ..Profiles::default() }
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// Whether the chosen profile exists.
    pub(crate) fn is_there(&self) -> bool {
        self.profiles.contains_key(&self.chosen)
    }

    /// The profile in which a user logs in, or whose program fails: the chosen one, or the one from which it takes its
    /// credentials (`source_profile`).
    pub(crate) fn source(&self) -> (&str, Kind) {
        let mut name = self.chosen.as_str();
        let mut kind = Kind::Plain;
        // A longer chain is a cycle.
        for _ in 0..8 {
            let Some(keys) = self.profiles.get(name) else { break };
            kind = Profiles::kind(keys);
            match keys.get("source_profile") {
                Some(source)
                    if kind == Kind::Role && source != name && self.profiles.contains_key(source) =>
                {
                    name = source;
                }
                _ => break,
            }
        }
        (name, kind)
    }

    fn kind(keys: &BTreeMap<String, String>) -> Kind {
        let has = |key: &str| keys.contains_key(key);
        if has("role_arn") {
            Kind::Role
        } else if has("sso_session") || has("sso_start_url") {
            Kind::Sso
        } else if has("login_session") {
            Kind::Login
        } else if has("credential_process") {
            Kind::Process
        } else {
            Kind::Plain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "\
[default]
region = eu-west-2
[profile people] # those who log in
sso_session = acme
sso_account_id = 1
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
[profile \"old\"]
sso_start_url=https://acme.awsapps.com/start
[profile console]
login_session = arn:aws:iam::1:user/me
[profile vault]
credential_process = /opt/vault --for me
[profile job]
role_arn = arn:aws:iam::1:role/job
source_profile = people
s3 =
  endpoint_url = http://h
[profile circle]
role_arn = arn:aws:iam::1:role/job
source_profile = circle
[profile round]
role_arn = r
source_profile = about
[profile about]
role_arn = r
source_profile = round
";

    #[test]
    fn profiles_are_of_a_kind() {
        let check = |chosen: &str, expect: (&str, Kind)| {
            let read = Profiles::of_texts(CONFIG, "[keys]\naws_access_key_id = AK\n");
            let read = Profiles { chosen: chosen.to_owned(), ..read };
            assert_eq!(read.source(), expect, "{chosen}");
        };
        check("default", ("default", Kind::Plain));
        check("people", ("people", Kind::Sso));
        check("old", ("old", Kind::Sso));
        check("console", ("console", Kind::Login));
        check("vault", ("vault", Kind::Process));
        check("job", ("people", Kind::Sso));
        check("keys", ("keys", Kind::Plain));
        check("circle", ("circle", Kind::Role));
        check("nowhere", ("nowhere", Kind::Plain));
        let names = Profiles::of_texts(CONFIG, "[keys]\n");
        assert!(!names.is_there());
        assert_eq!(names.names().count(), 10);
        let round = Profiles { chosen: "round".to_owned(), ..names };
        assert_eq!(round.source().1, Kind::Role);
    }

    #[test]
    fn the_files_are_those_of_the_environment_or_of_home() {
        let folder = std::env::temp_dir().join(format!("lakegauge-profiles-{}", std::process::id()));
        std::fs::create_dir_all(folder.join(".aws")).unwrap();
        std::fs::write(folder.join(".aws/config"), "[profile a]\n").unwrap();
        std::fs::write(folder.join("other"), "[profile b]\n").unwrap();
        let home = folder.display().to_string();
        let other = folder.join("other").display().to_string();
        let check = |set: &[(&str, &str)], chosen: &str, names: &[&str]| {
            let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let read = Profiles::read(get);
            assert_eq!((read.chosen.as_str(), read.names().collect::<Vec<_>>().as_slice()), (chosen, names));
        };
        check(&[], "default", &[]);
        check(&[("HOME", &home)], "default", &["a"]);
        check(&[("HOME", &home), ("AWS_PROFILE", "x")], "x", &["a"]);
        check(&[("HOME", &home), ("AWS_CONFIG_FILE", &other)], "default", &["b"]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
