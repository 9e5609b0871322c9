//! What the supervisor connects through, and what it gets.

use crate::{Cause, Fault, OwnUrlPlan, Plan};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// Makes links. The real ones are [`crate::NgrokConnector`] and [`OwnUrlPort`]; tests have scripted ones.
pub trait Connector: Send + 'static {
    /// One attempt. The supervisor drops the future when it takes longer than [`crate::Timing::CONNECT_MAX`].
    fn connect(&mut self, plan: &Plan) -> impl Future<Output = Result<Link, Fault>> + Send;
}

/// A way in that is open.
#[derive(Debug)]
pub struct Link {
    /// The public address, such as `https://name.ngrok-free.app`.
    pub url: String,
    /// Who comes in.
    pub incoming: Incoming,
    /// Heartbeats, as they are answered.
    pub beats: mpsc::Receiver<Beat>,
    /// Says why the link ended, once it did; a sender that is dropped says that it was cut.
    pub ended: oneshot::Receiver<Fault>,
    /// Keeps the link open.
    pub hold: Hold,
}

/// What keeps a link open, until it is dropped or closed.
pub type Hold = Box<dyn Held>;

/// Something that is held open. Dropping it ends it at once, whatever the other side does.
pub trait Held: Send + std::fmt::Debug + 'static {
    /// Ends it in order, so that the other side knows: the address is free again then.
    fn close(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// Answered.
    Answered,
    /// Not answered in time.
    Missed,
}

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for T {}

/// A connection that came in.
pub struct Visitor {
    /// Its bytes.
    pub stream: Box<dyn Stream>,
    /// Where it came from, as the edge or the system says.
    pub peer: SocketAddr,
}

impl std::fmt::Debug for Visitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visitor").field("peer", &self.peer).finish_non_exhaustive()
    }
}

/// Who comes in through a link.
#[derive(Debug)]
pub enum Incoming {
    /// Through a session: no port of this machine is open for it, so nobody here can pretend to be the edge.
    Session(mpsc::Receiver<Visitor>),
    /// At a port that a reverse proxy points at.
    Port(OpenPort),
}

/// A port that is listened at until its link is let go.
#[derive(Debug)]
pub struct OpenPort {
    listener: TcpListener,
    closing: oneshot::Receiver<()>,
    /// Tells that the port is free when this is dropped.
    _closed: oneshot::Sender<()>,
}

impl Incoming {
    /// The next visitor; nothing at the end.
    ///
    /// # Errors
    /// The system's own, after which it may be tried again.
    pub async fn next(&mut self) -> Option<io::Result<Visitor>> {
        match self {
            Self::Session(visitors) => visitors.recv().await.map(Ok),
            Self::Port(port) => {
                let accepted = tokio::select! {
                    biased;
                    _let_go = &mut port.closing => return None,
                    accepted = port.listener.accept() => accepted,
                };
                Some(accepted.map(|(stream, peer)| {
                    // Answers are written at once; without it they are only later.
                    let _slower = stream.set_nodelay(true);
                    Visitor { stream: Box::new(stream), peer }
                }))
            }
        }
    }
}

/// Opens the port for a reverse proxy.
#[derive(Debug, Default, Clone, Copy)]
pub struct OwnUrlPort;

impl OwnUrlPort {
    /// Listens on 127.0.0.1. Nothing is known of the proxy before the first request.
    ///
    /// # Errors
    /// [`Cause::PortTaken`].
    pub async fn open(self, plan: &OwnUrlPlan) -> Result<Link, Fault> {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), plan.port);
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| Fault::with(Cause::PortTaken, &format!("{address}: {error}")))?;
        let (_beat, beats) = mpsc::channel(1);
        let (end, ended) = oneshot::channel();
        let (close, closing) = oneshot::channel();
        let (told, closed) = oneshot::channel();
        Ok(Link {
            url: plan.url.clone(),
            incoming: Incoming::Port(OpenPort { listener, closing, _closed: told }),
            beats,
            ended,
            hold: Box::new(Open { close, closed, _end: end }),
        })
    }
}

/// Keeps a port open.
#[derive(Debug)]
struct Open {
    close: oneshot::Sender<()>,
    closed: oneshot::Receiver<()>,
    _end: oneshot::Sender<Fault>,
}

impl Held for Open {
    fn close(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let Self { close, closed, _end } = *self;
        Box::pin(async move {
            drop(close);
            let _dropped = closed.await.is_err();
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timing;

    #[tokio::test]
    async fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let url = "https://alerts.example.com".to_owned();
        let plan = OwnUrlPlan { url, port, timing: Timing::default() };
        let fault = OwnUrlPort.open(&plan).await.unwrap_err();
        assert_eq!(fault.cause, Cause::PortTaken);
        assert!(fault.sentence().contains(&format!("127.0.0.1:{port}")), "{fault}");
        drop(taken);
        let mut link = OwnUrlPort.open(&plan).await.unwrap();
        let client = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let visitor = link.incoming.next().await.unwrap().unwrap();
        assert_eq!(visitor.peer, client.local_addr().unwrap());
        // Let go, the port is free for the next one.
        let Link { hold, mut incoming, .. } = link;
        let serving = tokio::spawn(async move { incoming.next().await.is_none() });
        hold.close().await;
        assert!(serving.await.unwrap());
        assert!(OwnUrlPort.open(&plan).await.is_ok());
    }
}
