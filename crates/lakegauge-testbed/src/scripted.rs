//! A server that returns whatever a test wants, byte for byte: what no real server would.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::faulty::{Asked, request};
use crate::tools::TestbedError;

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// These bytes, then the connection is closed.
    Raw(Vec<u8>),
    /// The first bytes, then the second ones again and again for as long as the client reads.
    Endless(Vec<u8>, Vec<u8>),
    /// No answer, ever.
    Silence,
}

impl Reply {
    /// Status 200 with a body and its length.
    pub fn page(body: &str) -> Reply {
        Reply::status(200, "", body)
    }

    /// A status, further headers (each with its line end) and a body.
    pub fn status(status: u16, headers: &str, body: &str) -> Reply {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n");
        Reply::Raw([head.as_bytes(), body.as_bytes()].concat())
    }
}

/// A server whose answers are scripted.
#[derive(Debug)]
pub struct Scripted {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    sent: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Scripted {
    /// `script` gives the answer to request number n, from 0.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(
        script: impl Fn(u64, &Asked) -> Reply + Send + Sync + 'static,
    ) -> Result<Scripted, TestbedError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (asked, sent) = (Arc::<Mutex<Vec<Asked>>>::default(), Arc::<AtomicU64>::default());
        let (script, log, bytes) = (Arc::new(script), asked.clone(), sent.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (script, log, bytes) = (script.clone(), log.clone(), bytes.clone());
                tokio::spawn(async move {
                    let Some((_, asked)) = request(&mut client).await else { return };
                    let n = {
                        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                        log.push(asked.clone());
                        log.len() as u64 - 1
                    };
                    answer(&mut client, script(n, &asked), &bytes).await;
                });
            }
        });
        Ok(Scripted { endpoint, asked, sent, accepting })
    }

    /// The requests received so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bytes sent to clients so far.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn answer(client: &mut TcpStream, reply: Reply, sent: &AtomicU64) {
    let (first, more) = match reply {
        Reply::Raw(bytes) => (bytes, Vec::new()),
        Reply::Endless(first, more) => (first, more),
        Reply::Silence => return std::future::pending().await,
    };
    let mut next = &first;
    while client.write_all(next).await.is_ok() {
        sent.fetch_add(next.len() as u64, Ordering::SeqCst);
        if more.is_empty() {
            client.shutdown().await.ok();
            return;
        }
        next = &more;
    }
}
