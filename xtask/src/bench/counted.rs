//! Counts the requests that a program sends, with a loopback proxy.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Result;

/// A proxy in front of a server. Its threads end with their connections; the listener ends with the process.
pub(super) struct Counter {
    port: u16,
    requests: Arc<AtomicUsize>,
}

impl Counter {
    /// Forwards everything to `upstream`, a port on loopback.
    pub(super) fn before(upstream: u16) -> Result<Counter> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream)) else { continue };
                // A side that disconnects ends only its own connection.
                let _ = pass(client, server, &counted);
            }
        });
        Ok(Counter { port, requests })
    }

    /// `http://127.0.0.1:PORT` of the proxy.
    pub(super) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The number of requests since the last call.
    pub(super) fn take(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

fn pass(client: TcpStream, server: TcpStream, requests: &Arc<AtomicUsize>) -> Result<()> {
    let (from_server, to_client) = (server.try_clone()?, client.try_clone()?);
    let requests = Arc::clone(requests);
    thread::spawn(move || {
        let mut heads = Heads::default();
        copy(client, server, |bytes| {
            requests.fetch_add(heads.ended_in(bytes), Ordering::SeqCst);
        })
    });
    thread::spawn(move || copy(from_server, to_client, |_| {}));
    Ok(())
}

fn copy(mut from: TcpStream, mut to: TcpStream, mut look: impl FnMut(&[u8])) {
    let mut buffer = [0u8; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..n).unwrap_or_default();
        look(bytes);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Counts the heads of HTTP/1 requests in a stream: each ends with an empty line. A listing's requests have no body.
#[derive(Default)]
struct Heads {
    /// How much of `\r\n\r\n` the stream has ended with so far.
    matched: usize,
}

impl Heads {
    fn ended_in(&mut self, bytes: &[u8]) -> usize {
        let mut ended = 0;
        for byte in bytes {
            self.matched = match (self.matched, byte) {
                (0 | 2, b'\r') | (1 | 3, b'\n') => self.matched + 1,
                (_, b'\r') => 1,
                _ => 0,
            };
            if self.matched == 4 {
                (ended, self.matched) = (ended + 1, 0);
            }
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_counted_however_the_stream_is_cut() {
        let stream = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n";
        for cut in 1..stream.len() {
            let mut heads = Heads::default();
            let counted: usize = stream.chunks(cut).map(|chunk| heads.ended_in(chunk)).sum();
            assert_eq!(counted, 2, "cut at {cut}");
        }
        assert_eq!(Heads::default().ended_in(b"GET / HTTP/1.1\r\nHost"), 0);
    }
}
