//! A proxy that breaks a server's answers and records the requests.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::tools::TestbedError;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is forwarded.
    None,
    /// It is forwarded after a delay.
    Latency(Duration),
    /// The connection is reset without an answer.
    Reset,
    /// The connection is closed in the middle of the answer.
    Cut,
    /// The answer's XML is cut off in the middle, with a matching length.
    TruncatedXml,
    /// The answer claims one key more than it contains.
    WrongCount,
    /// This status, with the matching S3 error code.
    Status(u16, &'static str),
    /// A page of HTML with status 200.
    LoginPage,
}

/// A recorded request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `GET`, `PUT` and so on.
    pub method: String,
    /// `/bucket?list-type=2&prefix=…`, percent-encoded.
    pub target: String,
    /// The headers as they were sent, one per line.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

/// A proxy in front of one server; it chooses the fault of each request by its number and target.
#[derive(Debug)]
pub struct FaultyProxy {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    accepting: JoinHandle<()>,
}

impl FaultyProxy {
    /// Starts in front of `upstream` (`http://host:port`). `plan` gives the fault of request number n, from 0, for a
    /// target (`/bucket?list-type=2&prefix=…`, percent-encoded).
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(
        upstream: &str,
        plan: impl Fn(u64, &str) -> Fault + Send + Sync + 'static,
    ) -> Result<FaultyProxy, TestbedError> {
        FaultyProxy::choosy(upstream, move |n, asked| plan(n, &asked.target)).await
    }

    /// The same, for faults that depend on the whole request.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn choosy(
        upstream: &str,
        plan: impl Fn(u64, &Asked) -> Fault + Send + Sync + 'static,
    ) -> Result<FaultyProxy, TestbedError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let (plan, all) = (Arc::new(plan), Arc::<Mutex<Vec<Asked>>>::default());
        let log = all.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (plan, log, upstream) = (plan.clone(), log.clone(), upstream.clone());
                tokio::spawn(async move {
                    let mut client = client;
                    let fault = |asked: &Asked| {
                        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                        log.push(asked.clone());
                        plan(log.len() as u64 - 1, asked)
                    };
                    if serve(&mut client, &upstream, fault).await.is_none() {
                        client.set_zero_linger().ok();
                    }
                });
            }
        });
        Ok(FaultyProxy { endpoint, asked: all, accepting })
    }

    /// The number of requests so far.
    pub fn requests(&self) -> u64 {
        self.asked().len() as u64
    }

    /// The requests themselves, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for FaultyProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves one request of a connection, then closes it; `None` if it is to be reset.
async fn serve(client: &mut TcpStream, upstream: &str, fault: impl Fn(&Asked) -> Fault) -> Option<()> {
    let (head, asked) = request(client).await?;
    let fault = fault(&asked);
    match fault {
        Fault::Reset => return None,
        Fault::Latency(wait) => tokio::time::sleep(wait).await,
        Fault::Status(status, code) => {
            let body = format!("<Error><Code>{code}</Code><Message>injected</Message></Error>");
            return answer(client, &format!("{status} Injected"), body.as_bytes()).await;
        }
        Fault::LoginPage => return answer(client, "200 OK", b"<html><body>Sign in</body></html>").await,
        _ => {}
    }
    let mut server = TcpStream::connect(upstream).await.ok()?;
    // One request per connection, so that the end of the answer is the end of the stream.
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    server.write_all(head.as_bytes()).await.ok()?;
    server.write_all(&asked.body).await.ok()?;
    let mut reply = Vec::new();
    server.read_to_end(&mut reply).await.ok()?;
    if matches!(fault, Fault::None | Fault::Latency(_)) {
        // Forwarded unchanged, except that the client must know that the connection ends here.
        let first = reply.windows(2).position(|two| two == b"\r\n")?;
        let (first, rest) = reply.split_at_checked(first)?;
        client.write_all(first).await.ok()?;
        client.write_all(b"\r\nConnection: close").await.ok()?;
        client.write_all(rest).await.ok()?;
        return client.shutdown().await.ok();
    }
    let at = reply.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let (start, body) = reply.split_at_checked(at)?;
    let start = String::from_utf8_lossy(start);
    let status = start.lines().next()?.split_once(' ')?.1.to_owned();
    let body = if start.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        dechunk(body)?
    } else {
        body.to_vec()
    };
    let half = body.get(..body.len() / 2)?;
    match fault {
        Fault::Cut => {
            let start = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
            client.write_all(start.as_bytes()).await.ok()?;
            client.write_all(half).await.ok()?;
            client.flush().await.ok()?;
            None
        }
        Fault::TruncatedXml => answer(client, &status, half).await,
        Fault::WrongCount => answer(client, &status, &miscount(&body)).await,
        _ => answer(client, &status, &body).await,
    }
}

/// Splits a request: everything up to its empty line as it was sent, and its parts. Bytes that cannot start a request,
/// such as the record that opens TLS, give an empty request at once.
pub(crate) async fn request(client: &mut TcpStream) -> Option<(String, Asked)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
        if head.first().is_some_and(|byte| !byte.is_ascii_alphabetic()) {
            let nothing = Asked {
                method: String::new(),
                target: String::new(),
                headers: String::new(),
                body: Vec::new(),
            };
            return Some((String::new(), nothing));
        }
    }
    let head = String::from_utf8(head).ok()?;
    let (first, headers) = head.split_once("\r\n")?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let lower = headers.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length:"));
    let mut body = vec![0; length.map_or(Some(0), |length| length.trim().parse().ok())?];
    client.read_exact(&mut body).await.ok()?;
    let asked = Asked { method, target, headers: headers.trim_end().replace("\r\n", "\n"), body };
    Some((head, asked))
}

async fn answer(client: &mut TcpStream, status: &str, body: &[u8]) -> Option<()> {
    let length = body.len();
    let start = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    client.write_all(start.as_bytes()).await.ok()?;
    client.write_all(body).await.ok()?;
    client.shutdown().await.ok()
}

fn dechunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(body.get(..end)?).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(end + 2..end + 2 + size)?);
        body = body.get(end + 2 + size + 2..)?;
    }
}

/// Adds one to `KeyCount`, or adds the element if the server does not send it.
fn miscount(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let count = text.matches("<Contents>").count() + text.matches("<CommonPrefixes>").count() + 1;
    let counted = format!("<KeyCount>{count}</KeyCount>");
    if let Some((before, rest)) = text.split_once("<KeyCount>")
        && let Some((_, after)) = rest.split_once("</KeyCount>")
    {
        return format!("{before}{counted}{after}").into_bytes();
    }
    text.replace("</ListBucketResult>", &format!("{counted}</ListBucketResult>")).into_bytes()
}

/// The `n`th draw of `seed`, by splitmix64: the same faults in every test run.
pub fn draw(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
