//! The edge of a tunnel service: agents sign in on one side, the public comes in on the other.
//!
//! The agents' side is TLS with muxado inside and one JSON object per stream, as ngrok's crate 0.19 speaks it. The
//! public side is an HTTP proxy, plain and over TLS, that writes the sender's address into `X-Forwarded-For`. A header
//! `standin-client` says for a test where a request comes from; it is not passed on.
//!
//! The edge has a thread and a runtime of its own, so that tests with and without a runtime can use it. It ends when it
//! is dropped.

mod agent;
mod line;
mod orders;
mod public;

pub use orders::{Refusal, SignIn};

use crate::authority::{Authority, AuthorityError};
use orders::Orders;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc as std_mpsc;
use std::thread::JoinHandle;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Why the edge could not be started.
#[derive(Debug, Error)]
pub enum EdgeError {
    /// Certificates.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// Ports, threads.
    #[error("the edge could not be started: {0}")]
    Io(#[from] io::Error),
}

/// The token that the edge accepts unless it is told otherwise.
pub const AUTHTOKEN: &str = "2standinAuthtoken_ForTestsOnly1234";

/// A running edge.
pub struct Edge {
    addresses: Addresses,
    ca: String,
    orders: Arc<Orders>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Clone, Copy)]
struct Addresses {
    agents: SocketAddr,
    plain: SocketAddr,
    tls: SocketAddr,
}

impl Edge {
    /// An edge that owns the given domains; the first one is given to agents that ask for none. The public address of
    /// `localhost` names its port, others are `https://` and the domain.
    ///
    /// # Errors
    /// [`EdgeError`].
    pub fn start(domains: &[&str]) -> Result<Self, EdgeError> {
        let authority = Authority::new()?;
        let mut names: Vec<String> = domains.iter().map(|d| (*d).to_owned()).collect();
        names.push("localhost".to_owned());
        names.dedup();
        let tls = authority.server(&names)?;
        let (ready, started) = std_mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let domains: Vec<String> = domains.iter().map(|d| (*d).to_owned()).collect();
        let thread = std::thread::Builder::new().name("standin-edge".into()).spawn(move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error))),
            };
            runtime.block_on(async {
                let sockets = match Sockets::bind().await {
                    Ok(sockets) => sockets,
                    Err(error) => return drop(ready.send(Err(error))),
                };
                let orders = Arc::new(Orders::new(domains, sockets.addresses.tls.port()));
                let told = ready.send(Ok((sockets.addresses, Arc::clone(&orders))));
                if told.is_err() {
                    return;
                }
                let Sockets { agents, plain, secure, .. } = sockets;
                tokio::select! {
                    () = agent::serve(agents, Arc::clone(&tls), Arc::clone(&orders)) => {}
                    () = public::serve(plain, None, Arc::clone(&orders)) => {}
                    () = public::serve(secure, Some(tls), Arc::clone(&orders)) => {}
                    _ = stopped => {}
                }
            });
        })?;
        let gone = || io::Error::other("the edge's thread has ended");
        let (addresses, orders) = started.recv().map_err(|_| gone())??;
        Ok(Self { addresses, ca: authority.pem(), orders, stop: Some(stop), thread: Some(thread) })
    }

    /// Where agents sign in: the setting `tunnel.server_addr`.
    #[must_use]
    pub fn server_addr(&self) -> String {
        format!("localhost:{}", self.addresses.agents.port())
    }

    /// The certificate that agents and public clients must trust, PEM: the file of `tunnel.root_cas`.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca
    }

    /// Where the public comes in without TLS.
    #[must_use]
    pub fn public_addr(&self) -> SocketAddr {
        self.addresses.plain
    }

    /// Where the public comes in with TLS.
    #[must_use]
    pub fn public_tls_addr(&self) -> SocketAddr {
        self.addresses.tls
    }

    /// Accepts this token and no other; nothing for any.
    pub fn accept_token(&self, token: Option<&str>) {
        self.orders.change(|o| o.token = token.map(str::to_owned));
    }

    /// Refuses every sign-in from now on; nothing ends that.
    pub fn refuse_sign_ins(&self, refusal: Option<Refusal>) {
        self.orders.change(|o| o.refused_sign_ins = refusal);
    }

    /// Refuses the next `times` bindings as if another session held the domain.
    pub fn hold_domain(&self, times: usize) {
        self.orders.change(|o| o.held_bindings = times);
    }

    /// Opens or closes the port for agents; who is connected stays so.
    pub fn open(&self, open: bool) {
        self.orders.open.send_replace(open);
    }

    /// Neither reads from nor writes to the agents that are connected any more, and gives their domains up; agents that
    /// come later are served.
    pub fn silence(&self) {
        self.orders.silence();
    }

    /// Takes connections of agents and says nothing, not even in TLS; or goes on. Who is connected stays so.
    pub fn hang(&self, hang: bool) {
        self.orders.change(|o| o.hangs = hang);
    }

    /// Cuts every connection of an agent.
    pub fn cut(&self) {
        self.orders.cut();
    }

    /// Sends a command of the dashboard to every agent.
    pub fn command(&self, command: Command) {
        self.orders.command(&command);
    }

    /// How many agents are online with a domain.
    #[must_use]
    pub fn online(&self) -> usize {
        self.orders.online()
    }

    /// Every sign-in so far, refused ones too.
    #[must_use]
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.orders.sign_ins()
    }

    /// What agents answered to commands of the dashboard; an empty text where they agreed.
    #[must_use]
    pub fn command_answers(&self) -> Vec<String> {
        self.orders.answers()
    }
}

/// A command of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Stop.
    Stop,
    /// Restart.
    Restart,
    /// Update to another version.
    Update,
    /// Close the tunnel, with a message and a code.
    StopTunnel {
        /// Why.
        message: String,
        /// Such as `ERR_NGROK_300`.
        code: Option<String>,
    },
}

struct Sockets {
    agents: TcpListener,
    plain: TcpListener,
    secure: TcpListener,
    addresses: Addresses,
}

impl Sockets {
    async fn bind() -> io::Result<Self> {
        let any = ("127.0.0.1", 0);
        let agents = TcpListener::bind(any).await?;
        let (plain, secure) = (TcpListener::bind(any).await?, TcpListener::bind(any).await?);
        let addresses =
            Addresses { agents: agents.local_addr()?, plain: plain.local_addr()?, tls: secure.local_addr()? };
        Ok(Self { agents, plain, secure, addresses })
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.orders.cut();
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the edge ended by a panic");
        }
    }
}
