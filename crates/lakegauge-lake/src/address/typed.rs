//! The address of a lake.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::meant::{self, shown};

/// A lake's address, as people write it. It never contains credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A folder.
    Local(PathBuf),
    /// `s3://bucket/prefix`: AWS, or an S3-compatible store.
    S3 {
        /// The bucket.
        bucket: String,
        /// The prefix of every key: empty, or with a trailing `/`.
        prefix: String,
    },
    /// `gs://bucket/prefix`: Google Cloud Storage.
    Gcs {
        /// The bucket.
        bucket: String,
        /// As in [`Address::S3`].
        prefix: String,
    },
    /// `az://container/prefix` or `abfss://container@account.dfs.core.windows.net/prefix`: Azure Blob Storage.
    Azure {
        /// The storage account, if the address names it.
        account: Option<String>,
        /// The container.
        container: String,
        /// As in [`Address::S3`].
        prefix: String,
    },
}

/// A text that is not a lake's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {hint}")]
pub struct AddressError {
    /// What is wrong. It repeats no part of the text that may be secret.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

const FORMS: &str = "write s3://bucket/prefix, gs://bucket/prefix, az://container/prefix or a folder";

fn wrong<T>(message: impl Into<String>, hint: &str) -> Result<T, AddressError> {
    Err(AddressError { message: message.into(), hint: hint.to_owned() })
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        if text.trim().is_empty() {
            return wrong("the lake's address is empty", FORMS);
        }
        if text.starts_with("arn:") {
            return wrong("an ARN is not an address", &meant::of_arn(text));
        }
        let unfinished = text.contains(['{', '}', '*']) || text.starts_with("$");
        if unfinished || text == "~" || text.starts_with("~/") {
            return wrong(
                format!("`{}` is not the address of a lake", shown(text)),
                "write it out: `~` and variables are not replaced, and the date is part of a dataset's path",
            );
        }
        let Some((scheme, rest)) = text.split_once("://") else { return without_slashes(text) };
        let cloud = !matches!(scheme.to_ascii_lowercase().as_str(), "file" | "http" | "https");
        if cloud && rest.split_once('?').is_some_and(|(_, query)| query.contains('=')) {
            return wrong(
                "a lake's address has no `?` with parameters",
                "leave them out: credentials, such as a SAS token, come from the environment",
            );
        }
        match scheme.to_ascii_lowercase().as_str() {
            "s3" | "s3a" | "s3n" => bucket(rest).map(|(bucket, prefix)| Address::S3 { bucket, prefix }),
            "gs" | "gcs" => bucket(rest).map(|(bucket, prefix)| Address::Gcs { bucket, prefix }),
            "az" | "azure" | "abfs" | "abfss" | "wasb" | "wasbs" => azure(rest),
            "file" => file(rest),
            "http" | "https" => {
                let form = "write s3://bucket/prefix, and give the server as --endpoint-url";
                wrong("a web address is not a lake's", meant::of_web(rest).as_deref().unwrap_or(form))
            }
            other => wrong(format!("`{}://` is not a store that lakegauge knows", shown(other)), FORMS),
        }
    }
}

impl Address {
    /// The address of the parent folder, and the name of the folder in it; `None` above a bucket.
    pub fn above(&self) -> Option<(Address, String)> {
        let split = |prefix: &str| {
            let whole = prefix.strip_suffix('/')?;
            let at = whole.rfind('/').map_or(0, |at| at + 1);
            Some((whole.get(..at)?.to_owned(), whole.get(at..)?.to_owned()))
        };
        let mut above = self.clone();
        let name = match &mut above {
            Address::Local(_) => return None,
            Address::S3 { prefix, .. } | Address::Gcs { prefix, .. } | Address::Azure { prefix, .. } => {
                let (folder, name) = split(prefix)?;
                *prefix = folder;
                name
            }
        };
        Some((above, name))
    }
}

/// A folder, unless it is an address that lacks a slash.
fn without_slashes(text: &str) -> Result<Address, AddressError> {
    let (scheme, rest) = match text.split_once(':') {
        Some(parts) => parts,
        // `s3//bucket`, without its colon.
        None => match text.split_once("//") {
            Some((scheme, rest)) if !scheme.is_empty() => (scheme, rest),
            _ => return Ok(Address::Local(text.into())),
        },
    };
    let known = ["file", "s3", "s3a", "s3n", "gs", "gcs", "az", "azure", "abfs", "abfss", "wasb", "wasbs"];
    let lower = scheme.to_ascii_lowercase();
    if !known.contains(&lower.as_str()) {
        return Ok(Address::Local(text.into()));
    }
    let rest = rest.trim_start_matches('/');
    let hint = match rest.contains('@') || rest.is_empty() {
        true => FORMS.to_owned(),
        false if lower == "file" => format!("write file:///{}", shown(rest)),
        false => format!("write {lower}://{}", shown(rest)),
    };
    let what = if text.contains(':') { "two slashes" } else { "a colon" };
    let colon = if text.contains(':') { ":" } else { "" };
    wrong(format!("`{lower}{colon}` needs {what}"), &hint)
}

/// Splits `bucket/prefix`.
fn bucket(rest: &str) -> Result<(String, String), AddressError> {
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if name.contains('@') {
        return wrong(
            "credentials do not belong into an address",
            "leave out what stands before the `@`, and set AWS_PROFILE or the environment's credentials",
        );
    }
    if name.is_empty() {
        return wrong("the bucket's name is missing", FORMS);
    }
    if rest.starts_with("arn:") {
        return wrong("an ARN is not the name of a bucket", &meant::of_arn(rest));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if !name.chars().all(fits) || name.chars().all(|c| c == '.') {
        let message = format!("`{}` is not the name of a bucket", shown(name));
        return wrong(message, "a name has letters, digits, `-`, `.` and `_` only");
    }
    Ok((name.to_owned(), folder(prefix)))
}

fn azure(rest: &str) -> Result<Address, AddressError> {
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let Some((container, host)) = name.split_once('@') else {
        let (container, prefix) = bucket(rest)?;
        return Ok(Address::Azure { account: None, container, prefix });
    };
    let account = host.split('.').next().unwrap_or_default();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !plain(account) || !plain(container.trim_start_matches('$')) {
        return wrong(
            "this is not a container of a storage account",
            "write az://container/prefix or abfss://container@account.dfs.core.windows.net/prefix",
        );
    }
    let (account, container) = (Some(account.to_owned()), container.to_owned());
    Ok(Address::Azure { account, container, prefix: folder(prefix) })
}

fn file(rest: &str) -> Result<Address, AddressError> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return wrong(
            "a file:// address needs a whole path",
            "write file:///path/to/lake, or the folder alone",
        );
    }
    match percent_encoding::percent_decode_str(path).decode_utf8() {
        Ok(path) => Ok(Address::Local(path.into_owned().into())),
        Err(_) => wrong("the file:// address does not decode to UTF-8", "write the folder alone"),
    }
}

/// Makes a key prefix end at a folder boundary.
fn folder(prefix: &str) -> String {
    if prefix.is_empty() || prefix.ends_with('/') { prefix.to_owned() } else { format!("{prefix}/") }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Local(path) => write!(f, "{}", path.display()),
            Address::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
            Address::Gcs { bucket, prefix } => write!(f, "gs://{bucket}/{prefix}"),
            Address::Azure { account: None, container, prefix } => write!(f, "az://{container}/{prefix}"),
            Address::Azure { account: Some(account), container, prefix } => {
                write!(f, "abfss://{container}@{account}.dfs.core.windows.net/{prefix}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_read_and_written() {
        let check = |text: &str, expect: Result<&str, &str>| {
            let got = text.parse::<Address>().map(|a| a.to_string()).map_err(|e| e.message);
            assert_eq!(got, expect.map(str::to_owned).map_err(str::to_owned), "{text}");
        };
        check("s3://acme-lake/refined", Ok("s3://acme-lake/refined/"));
        check("S3A://b", Ok("s3://b/"));
        check("s3://b//odd +%/", Ok("s3://b//odd +%/"));
        check("gs://b/p/", Ok("gs://b/p/"));
        check("az://c/p", Ok("az://c/p/"));
        check("abfss://c@acc.dfs.core.windows.net/p", Ok("abfss://c@acc.dfs.core.windows.net/p/"));
        check("/data/lake", Ok("/data/lake"));
        check("./lake", Ok("./lake"));
        check("file:///data/my%20lake", Ok("/data/my lake"));
        check("file://localhost/data", Ok("/data"));
        check("C:\\lake", Ok("C:\\lake"));
        check(" ", Err("the lake's address is empty"));
        check("s3:///x", Err("the bucket's name is missing"));
        check("s3://AKIA:secret@b/x", Err("credentials do not belong into an address"));
        check("s3://b?x/", Err("`b?x` is not the name of a bucket"));
        check("https://b.s3.amazonaws.com/", Err("a web address is not a lake's"));
        check("s3:/acme/x", Err("`s3:` needs two slashes"));
        check("S3:acme", Err("`s3:` needs two slashes"));
        check("gs:/acme", Err("`gs:` needs two slashes"));
        check("s3n://b/p", Ok("s3://b/p/"));
        check("arn:aws:s3:::acme", Err("an ARN is not an address"));
        check("s3://arn:aws:s3:eu-west-2:1:accesspoint/x", Err("an ARN is not the name of a bucket"));
        check("s3://../x", Err("`..` is not the name of a bucket"));
        check("s3://a\u{1b}[2Kb/x", Err("`a\\u{1b}[2Kb` is not the name of a bucket"));
        check("s3//acme/x", Err("`s3` needs a colon"));
        check("file:/data", Err("`file:` needs two slashes"));
        check("az://c/x?sv=1&sig=SECRET", Err("a lake's address has no `?` with parameters"));
        check("s3://b/x?X-Amz-Signature=SECRET", Err("a lake's address has no `?` with parameters"));
        check("s3://b/why?/", Ok("s3://b/why?/"));
        check("s3://b/x/date={date}", Err("`s3://b/x/date={date}` is not the address of a lake"));
        check("~/lake", Err("`~/lake` is not the address of a lake"));
        check("${LAKE}", Err("`${LAKE}` is not the address of a lake"));
        check("hdfs://x", Err("`hdfs://` is not a store that lakegauge knows"));
        check("file://data", Err("a file:// address needs a whole path"));
        check("abfss://c@/p", Err("this is not a container of a storage account"));
    }

    #[test]
    fn above_an_address_is_its_parent() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let above =
                text.parse::<Address>().unwrap().above().map(|(above, name)| (above.to_string(), name));
            assert_eq!(above, expect.map(|(above, name)| (above.to_owned(), name.to_owned())), "{text}");
        };
        check("s3://b/refined/kpi", Some(("s3://b/refined/", "kpi")));
        check("gs://b/refined/", Some(("gs://b/", "refined")));
        check("abfss://c@acc.dfs.core.windows.net/p", Some(("abfss://c@acc.dfs.core.windows.net/", "p")));
        check("s3://b/a//", Some(("s3://b/a/", "")));
        check("az://c", None);
        check("/data", None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in "(s3|gs|az|abfss|file)://[a-z@./ -]{0,20}") {
            if let Ok(address) = text.parse::<Address>() {
                prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
            }
        }
    }
}
