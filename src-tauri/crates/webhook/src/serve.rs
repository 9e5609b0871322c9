//! Connections: accepted up to a limit, closed when they are slow, let go at the end.
//!
//! `axum::serve` is not used because it sets no timer: a connection that never finishes its head would stay open for
//! ever.

use crate::receive::Peer;
use crate::routes::Routes;
use crate::{Directory, Gate, Limits, SignalSink, Via};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The read buffer of a connection, in bytes. A head that does not fit gets hyper's own 431; it is larger than the
/// documented limit so that heads a little above it get an answer with a code.
const BUFFER_BYTES: usize = 64 * 1024;
/// The most header lines; more get hyper's own 431.
const HEADER_LINES_MAX: usize = 100;
/// How long to wait after the system could not give a connection, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every open request had its answer.
    Whole,
    /// The limit was reached with requests still open; they were cut off.
    Cut,
}

/// Where connections come from.
pub trait Doorway: Send {
    /// The bytes of one.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection; nothing at the end of all.
    fn next(&mut self) -> impl Future<Output = Option<io::Result<Entrant<Self::Stream>>>> + Send;
}

/// A connection.
#[derive(Debug)]
pub struct Entrant<T> {
    /// Its bytes.
    pub stream: T,
    /// The other end.
    pub peer: IpAddr,
    /// This end.
    pub local: IpAddr,
}

impl Doorway for TcpListener {
    type Stream = TcpStream;

    async fn next(&mut self) -> Option<io::Result<Entrant<TcpStream>>> {
        Some(self.accept().await.and_then(|(stream, peer)| {
            // Answers are written at once; waiting for more to send would only delay them.
            stream.set_nodelay(true)?;
            let local = stream.local_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |a| a.ip());
            Ok(Entrant { stream, peer: peer.ip(), local })
        }))
    }
}

/// Serves `doorway` until it ends or `shutdown` is done, then lets open requests finish within [`Limits::drain`].
/// HTTP/1.1 only.
pub async fn serve<D: Directory, S: SignalSink, W: Doorway>(
    mut doorway: W,
    gate: Arc<Gate<D, S>>,
    via: Via,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let limits = gate.limits.clone();
    let door = Door::new(&limits, via, Routes::new(gate));
    let graceful = GracefulShutdown::new();
    let cut = Arc::new(Semaphore::new(0));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = door.next(&mut doorway) => accepted,
        };
        let (stream, peer, places) = match accepted {
            Next::Entered(entered) => *entered,
            Next::TurnedAway => continue,
            Next::Ended => break,
        };
        let connection = graceful.watch(door.connection(stream, peer));
        let cut = Arc::clone(&cut);
        tokio::spawn(async move {
            tokio::select! {
                // Senders that go away, break the framing or are too slow are no event worth a line.
                _ended = connection => {}
                _cut = cut.acquire() => {}
            }
            drop(places);
        });
    }
    drop(doorway);
    match tokio::time::timeout(limits.drain, graceful.shutdown()).await {
        Ok(()) => Drained::Whole,
        Err(_elapsed) => {
            cut.close();
            Drained::Cut
        }
    }
}

/// What a connection holds while it is open.
struct Places {
    _connection: OwnedSemaphorePermit,
    _address: AddressPlace,
}

/// What came to the door.
enum Next<T> {
    Entered(Box<(T, Peer, Places)>),
    TurnedAway,
    Ended,
}

struct Door<D, S> {
    connections: Arc<Semaphore>,
    addresses: Arc<Addresses>,
    http: http1::Builder,
    routes: Arc<Routes<D, S>>,
    via: Via,
}

impl<D: Directory, S: SignalSink> Door<D, S> {
    fn new(limits: &Limits, via: Via, routes: Routes<D, S>) -> Self {
        let mut http = http1::Builder::new();
        // A sender that closes its side after the last byte is still waiting for the answer.
        http.half_close(true)
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(BUFFER_BYTES)
            .max_headers(HEADER_LINES_MAX);
        Self {
            connections: Arc::new(Semaphore::new(limits.connections_max)),
            addresses: Arc::new(Addresses {
                most: limits.connections_per_address_max,
                open: Mutex::default(),
            }),
            http,
            routes: Arc::new(routes),
            via,
        }
    }

    /// The next connection.
    async fn next<W: Doorway>(&self, doorway: &mut W) -> Next<W::Stream> {
        let Ok(permit) = Arc::clone(&self.connections).acquire_owned().await else { return Next::Ended };
        let Entrant { stream, peer, local } = match doorway.next().await {
            None => return Next::Ended,
            Some(Ok(entrant)) => entrant,
            Some(Err(error)) => {
                tracing::warn!(error.text = %error, "webhook.accept_failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                return Next::TurnedAway;
            }
        };
        let address = peer.to_canonical();
        let Some(place) = Addresses::enter(&self.addresses, address) else { return Next::TurnedAway };
        let peer = Peer { address, local, via: self.via };
        Next::Entered(Box::new((stream, peer, Places { _connection: permit, _address: place })))
    }

    fn connection<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: T,
        peer: Peer,
    ) -> impl GracefulConnection<Output = hyper::Result<()>> + Send + use<T, D, S> {
        let routes = Arc::clone(&self.routes);
        let service = service_fn(move |request: http::Request<Incoming>| {
            let routes = Arc::clone(&routes);
            async move { Ok::<_, Infallible>(routes.answer(peer, request).await) }
        });
        self.http.serve_connection(TokioIo::new(stream), service)
    }
}

/// How many connections each address has open; this machine's own are not counted.
struct Addresses {
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

struct AddressPlace {
    addresses: Arc<Addresses>,
    address: IpAddr,
}

impl Addresses {
    fn enter(this: &Arc<Self>, address: IpAddr) -> Option<AddressPlace> {
        let place = || AddressPlace { addresses: Arc::clone(this), address };
        if address.is_loopback() {
            return Some(place());
        }
        let mut open = this.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= this.most {
            return None;
        }
        *count += 1;
        Some(place())
    }
}

impl Drop for AddressPlace {
    fn drop(&mut self) {
        let mut open = self.addresses.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get_mut(&self.address).map(|count| {
            *count -= 1;
            *count
        });
        if left == Some(0) {
            open.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_connections_and_this_machine_any_number() {
        let addresses = Arc::new(Addresses { most: 2, open: Mutex::default() });
        let enter = |text: &str| Addresses::enter(&addresses, text.parse().unwrap());
        let first = enter("192.0.2.1");
        let second = enter("192.0.2.1");
        assert!(first.is_some() && second.is_some() && enter("192.0.2.1").is_none());
        assert!(enter("192.0.2.2").is_some());
        drop(first);
        let third = enter("192.0.2.1");
        assert!(third.is_some() && enter("192.0.2.1").is_none());
        drop((second, third));
        let own: Vec<_> = (0..10).map(|_| enter("127.0.0.1")).collect();
        assert!(own.iter().all(Option::is_some));
        drop(own);
        assert!(addresses.open.lock().unwrap().is_empty());
    }
}
