//! A store with as much of S3 as a listing needs, which refuses what the test wants.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use crate::harness::{Desk, Run};

/// The answer below a prefix instead of a listing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    Denied,
    /// A page of HTML with status 200.
    LoginPage,
}

/// Keys with the times of their last write, and the refusals by prefix.
#[derive(Debug, Default)]
pub(crate) struct FakeS3 {
    pub(crate) objects: Vec<(String, String)>,
    pub(crate) refused: Vec<(&'static str, Refusal)>,
}

impl FakeS3 {
    /// Serves until the test's process ends. Returns the endpoint.
    pub(crate) fn serve(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let store = Arc::new(self);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let store = Arc::clone(&store);
                thread::spawn(move || store.answer(stream));
            }
        });
        endpoint
    }

    fn answer(&self, stream: TcpStream) {
        let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
        while let Some(request) = lines.next() {
            lines.by_ref().take_while(|line| !line.is_empty()).for_each(drop);
            let target = request.split(' ').nth(1).unwrap_or_default();
            let query = target.split_once('?').map_or("", |(_, query)| query);
            let of = |name: &str| {
                let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                pairs.find(|(key, _)| *key == name).map(|(_, value)| decoded(value))
            };
            let prefix = of("prefix").unwrap_or_default();
            let (code, body) = match self.refused.iter().find(|(below, _)| prefix.starts_with(below)) {
                Some((_, Refusal::Denied)) => {
                    (403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".to_owned())
                }
                Some((_, Refusal::LoginPage)) => {
                    (200, "<!DOCTYPE html><html><body>Log in</body></html>".to_owned())
                }
                None => (
                    200,
                    self.list(&prefix, of("delimiter").is_some(), &of("start-after").unwrap_or_default()),
                ),
            };
            let length = body.len();
            if write!(
                &stream,
                "HTTP/1.1 {code} X\r\nContent-Type: application/xml\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .is_err()
            {
                return;
            }
        }
    }

    fn list(&self, prefix: &str, level: bool, after: &str) -> String {
        let (mut contents, mut folders) = (String::new(), Vec::new());
        for (key, written) in
            self.objects.iter().filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after)
        {
            match key[prefix.len()..].find('/').filter(|_| level) {
                Some(at) => folders.push(&key[..=prefix.len() + at]),
                None => contents.push_str(&format!(
                    "<Contents><Key>{key}</Key><LastModified>{written}</LastModified><Size>1000000</Size></Contents>"
                )),
            }
        }
        folders.dedup();
        let folder = |folder: &str| format!("<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>");
        let folders: String = folders.into_iter().map(folder).collect();
        format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}{folders}</ListBucketResult>")
    }
}

/// A value of a query, percent-decoded.
fn decoded(value: &str) -> String {
    let mut parts = value.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push(char::from(u8::from_str_radix(&part[..2], 16).unwrap()));
        out.push_str(&part[2..]);
    }
    out
}

/// Runs the program against such a store.
pub(crate) fn run_against(desk: &Desk, endpoint: &str, args: &[&str]) -> Run {
    let mut command = desk.command(&[args, &["--endpoint-url", endpoint]].concat());
    command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "sesame-open");
    desk.finish(command.env("AWS_REGION", "eu-west-1").output().unwrap())
}
