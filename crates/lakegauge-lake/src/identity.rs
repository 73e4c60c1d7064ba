//! Identifies a lake, however its address is spelled.

use std::path::{Component, Path, PathBuf};

use crate::address::Address;

/// Identifies one lake: the same for all spellings of one address, and different for each store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The address with a trailing `/`. A folder's path starts with `/` and has no symbolic links.
    root: String,
    /// The server, if it is not the cloud's own.
    server: Option<String>,
}

impl Identity {
    /// The identity of the lake at `address` on the server at `endpoint`. `account` is the storage account for an Azure
    /// address that does not name one. The symbolic links of a folder are resolved, as far as it exists.
    pub fn of(address: &Address, endpoint: Option<&str>, account: Option<&str>) -> Identity {
        let server = endpoint.and_then(server);
        let (root, server) = match address {
            Address::Local(folder) => (closed(&whole(folder).to_string_lossy()), None),
            Address::Azure { account: None, container, prefix } => {
                let (account, container) = (account.map(str::to_owned), container.clone());
                (Address::Azure { account, container, prefix: prefix.clone() }.to_string(), server)
            }
            address => (address.to_string(), server),
        };
        Identity { root, server }
    }

    /// A path in the lake as a place that is unique among all lakes.
    pub fn place(&self, path: &str) -> String {
        let path = path.trim_start_matches('/');
        match &self.server {
            Some(server) => format!("{}{path} at {server}", self.root),
            None => format!("{}{path}", self.root),
        }
    }
}

fn closed(root: &str) -> String {
    if root.ends_with('/') { root.to_owned() } else { format!("{root}/") }
}

/// A server by its name and port. All AWS servers count as one, because bucket names are unique across them.
fn server(endpoint: &str) -> Option<String> {
    let Ok(url) = url::Url::parse(endpoint) else { return Some(endpoint.to_owned()) };
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let aws = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
    (!aws).then(|| url.origin().ascii_serialization() + url.path().trim_end_matches('/'))
}

/// The full path of a folder with symbolic links resolved; the part that does not exist is kept as written.
fn whole(folder: &Path) -> PathBuf {
    let from_root = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut there = from_root.as_path();
    loop {
        if let Ok(found) = there.canonicalize() {
            let rest = from_root.strip_prefix(there).unwrap_or(Path::new(""));
            return tidied(&found.join(rest));
        }
        let Some(above) = there.parent() else { return tidied(&from_root) };
        there = above;
    }
}

/// A path without `.` and `..`.
fn tidied(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(tidy.pop()),
            other => tidy.push(other),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: &str, endpoint: Option<&str>, account: Option<&str>) -> String {
        Identity::of(&address.parse().unwrap(), endpoint, account).place("t/{date}/")
    }

    #[test]
    fn one_lake_has_one_identity_however_it_is_spelled() {
        let check = |address: &str, endpoint: Option<&str>, expect: &str| {
            assert_eq!(place(address, endpoint, None), expect, "{address} {endpoint:?}");
        };
        check("s3://b/p", None, "s3://b/p/t/{date}/");
        check("S3A://b/p/", None, "s3://b/p/t/{date}/");
        for own in ["https://s3.eu-west-2.amazonaws.com", "https://b.vpce-1.s3.cn-north-1.amazonaws.com.cn/"]
        {
            check("s3://b/p", Some(own), "s3://b/p/t/{date}/");
        }
        check("s3://b", Some("http://LOCALHOST:9000/"), "s3://b/t/{date}/ at http://localhost:9000");
        check("s3://b", Some("https://minio:443/a/"), "s3://b/t/{date}/ at https://minio/a");
        check(
            "s3://b",
            Some("http://amazonaws.com.acme.example"),
            "s3://b/t/{date}/ at http://amazonaws.com.acme.example",
        );
        check("gs://b/p", None, "gs://b/p/t/{date}/");
        check("az://c/p", None, "az://c/p/t/{date}/");
        let named = "abfss://c@acc.dfs.core.windows.net/p/t/{date}/";
        assert_eq!(place("az://c/p", None, Some("acc")), named);
        assert_eq!(place("abfss://c@acc.dfs.core.windows.net/p", None, Some("other")), named);
    }

    #[test]
    fn a_folder_is_known_by_its_whole_path() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("real/lake")).unwrap();
        let expect = root.join("real/lake/t/{date}").display().to_string() + "/";
        let check = |path: PathBuf| assert_eq!(place(&path.display().to_string(), None, None), expect);
        check(root.join("real/lake"));
        check(root.join("real/./lake/"));
        check(root.join("real/../real/lake"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("real"), root.join("link")).unwrap();
            check(root.join("link/lake"));
            std::fs::remove_dir(root.join("real/lake")).unwrap();
            check(root.join("link/lake"));
        }
        assert_eq!(place("file:///nowhere/../else", None, None), "/else/t/{date}/");
    }
}
