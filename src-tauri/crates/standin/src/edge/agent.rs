//! The agents' side: TLS, muxado, one JSON object per stream.

use super::line::{Line, Pipe};
use super::orders::Orders;
use super::{Command, Refusal};
use muxado::heartbeat::{Heartbeat, HeartbeatConfig};
use muxado::typed::{StreamType, Typed, TypedAccept, TypedOpenClose, TypedSession};
use rustls::ServerConfig;
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio_rustls::TlsAcceptor;

/// The longest request of an agent, in bytes.
const REQUEST_MAX: usize = 64 * 1024;
/// How long an agent may take for its handshake.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// An agent that is signed in.
pub(super) struct Agent {
    open: Mutex<Box<dyn TypedOpenClose + Send>>,
    commands: mpsc::UnboundedSender<(Command, String)>,
}

impl Agent {
    /// Opens a stream for a public connection.
    pub(super) async fn proxy(&self, tunnel_id: &str, client: SocketAddr) -> io::Result<Pipe> {
        let header = json!({
            "Id": tunnel_id, "ClientAddr": client.to_string(), "Proto": "https", "EdgeType": "3",
            "PassthroughTLS": false,
        });
        let header = header.to_string();
        let mut pipe = self.opened(3).await?;
        pipe.write_i64_le(i64::try_from(header.len()).unwrap_or(i64::MAX)).await?;
        pipe.write_all(header.as_bytes()).await?;
        Ok(pipe)
    }

    pub(super) fn command(&self, command: Command, tunnel_id: String) {
        // An agent that is gone takes no commands.
        let _gone = self.commands.send((command, tunnel_id));
    }

    async fn opened(&self, kind: u32) -> io::Result<Pipe> {
        let opened = self.open.lock().await.open_typed(StreamType::clamp(kind)).await;
        opened.map(Pipe).map_err(|error| io::Error::other(error.to_string()))
    }
}

/// Takes agents until dropped.
pub(super) async fn serve(listener: TcpListener, tls: Arc<ServerConfig>, orders: Arc<Orders>) {
    let Ok(address) = listener.local_addr() else { return };
    let mut listener = Some(listener);
    let mut open = orders.open.subscribe();
    loop {
        let Some(listening) = &listener else {
            if open.wait_for(|open| *open).await.is_err() {
                return;
            }
            listener = TcpListener::bind(address).await.ok();
            tokio::task::yield_now().await;
            continue;
        };
        tokio::select! {
            accepted = listening.accept() => {
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(attended(stream, Arc::clone(&tls), Arc::clone(&orders)));
                }
            }
            closed = open.wait_for(|open| !*open) => {
                if closed.is_err() {
                    return;
                }
                drop(closed);
                listener = None;
            }
        }
    }
}

async fn attended(stream: TcpStream, tls: Arc<ServerConfig>, orders: Arc<Orders>) {
    let mut cuts = orders.cuts.subscribe();
    tokio::select! {
        served = session(stream, tls, orders) => {
            if let Err(error) = served {
                tracing::debug!(%error, "an agent has gone");
            }
        }
        _cut = cuts.changed() => {}
    }
}

async fn session(stream: TcpStream, tls: Arc<ServerConfig>, orders: Arc<Orders>) -> io::Result<()> {
    if orders.change(|o| o.hangs) {
        return std::future::pending().await;
    }
    stream.set_nodelay(true)?;
    let shaken = tokio::time::timeout(HANDSHAKE_MAX, TlsAcceptor::from(tls).accept(stream)).await;
    let stream = shaken.map_err(io::Error::other)??;
    let stream = Line::new(stream, orders.silences.subscribe(), orders.cuts.subscribe());
    let muxed = Typed::new(muxado::SessionBuilder::new(stream).server().start());
    let (beating, beats) = Heartbeat::start(muxed, HeartbeatConfig::default()).await?;
    let (open, mut accept) = beating.split_typed();
    let (commands, orders_of_dashboard) = mpsc::unbounded_channel();
    let agent = Arc::new(Agent { open: Mutex::new(Box::new(open)), commands });
    let online = Online { agent: Arc::clone(&agent), orders: Arc::clone(&orders) };
    let mut is_signed_in = false;
    let serving = async {
        while let Ok(stream) = accept.accept_typed().await {
            let kind = *stream.typ();
            answer(kind, Pipe(stream), &agent, &orders, &mut is_signed_in).await?;
        }
        io::Result::Ok(())
    };
    // Nothing of a session lives on when it is cut.
    let served = tokio::select! {
        served = serving => served,
        () = commanded(Arc::clone(&agent), orders_of_dashboard, Arc::clone(&orders)) => Ok(()),
    };
    drop((online, beats));
    served
}

/// Takes an agent's domains offline when its session ends, however it does.
struct Online {
    agent: Arc<Agent>,
    orders: Arc<Orders>,
}

impl Drop for Online {
    fn drop(&mut self) {
        self.orders.unbind(&self.agent, None);
    }
}

async fn answer(
    kind: u32,
    mut pipe: Pipe,
    agent: &Arc<Agent>,
    orders: &Orders,
    is_signed_in: &mut bool,
) -> io::Result<()> {
    let request = read(&mut pipe).await?;
    let answered = match kind {
        0 => orders.sign_in(text(&request["Extra"]["AuthToken"])).map(|()| {
            *is_signed_in = true;
            json!({"Version": "3", "ClientId": "standin", "Extra": {}})
        }),
        1 if *is_signed_in => bind(&request, agent, orders),
        2 if *is_signed_in => {
            orders.unbind(agent, Some(text(&request["Id"])));
            Ok(json!({}))
        }
        _ => Err(Refusal::of("ERR_NGROK_302", "That was not expected here.")),
    };
    let answer = answered.unwrap_or_else(|refusal| json!({"Error": refusal.text()}));
    pipe.write_all(answer.to_string().as_bytes()).await?;
    pipe.shutdown().await
}

fn bind(request: &Value, agent: &Arc<Agent>, orders: &Orders) -> Result<Value, Refusal> {
    static TUNNELS: AtomicU64 = AtomicU64::new(1);
    let id = format!("tn_{}", TUNNELS.fetch_add(1, Ordering::Relaxed));
    let opts = &request["Opts"];
    let wanted = ["Domain", "Hostname"].iter().map(|key| text(&opts[key])).find(|t| !t.is_empty());
    let url = orders.bind(wanted.unwrap_or_default(), agent, &id, allowed(opts))?;
    Ok(json!({"Id": id, "URL": url, "Proto": request["Proto"], "Opts": opts, "Extra": {"Token": ""}}))
}

/// The addresses of a `restrict-ips` in the traffic policy, which is JSON within a string or an object.
fn allowed(opts: &Value) -> Option<Vec<String>> {
    let policy = opts.get("TrafficPolicy").or_else(|| opts.get("Policy")).filter(|p| !p.is_null())?;
    let policy = match policy.as_str() {
        Some("") => return None,
        Some(text) => serde_json::from_str(text).ok()?,
        None => policy.clone(),
    };
    let networks = policy.pointer("/on_http_request/0/actions/0/config/allow")?.as_array()?;
    Some(networks.iter().filter_map(|n| n.as_str()?.split('/').next().map(str::to_owned)).collect())
}

/// One JSON object; the agent does not end the stream after it.
async fn read(pipe: &mut Pipe) -> io::Result<Value> {
    let mut bytes = Vec::new();
    loop {
        if let Ok(value) = serde_json::from_slice(&bytes) {
            return Ok(value);
        }
        let mut piece = [0; 4096];
        let count = pipe.read(&mut piece).await?;
        if count == 0 || bytes.len() > REQUEST_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        bytes.extend(piece.iter().take(count));
    }
}

/// Hands commands of the dashboard to an agent and keeps what it answers.
async fn commanded(
    agent: Arc<Agent>,
    mut commands: mpsc::UnboundedReceiver<(Command, String)>,
    orders: Arc<Orders>,
) {
    while let Some((command, tunnel_id)) = commands.recv().await {
        let (kind, body) = match command {
            Command::Restart => (4, json!({})),
            Command::Stop => (5, json!({})),
            Command::Update => (6, json!({"Version": "9.9.9", "PermitMajorVersion": true})),
            Command::StopTunnel { message, code } => {
                (9, json!({"Id": tunnel_id, "Message": message, "ErrorCode": code}))
            }
        };
        let asked = async {
            let mut pipe = agent.opened(kind).await?;
            pipe.write_all(body.to_string().as_bytes()).await?;
            // The agent may end the stream in any way once it has answered.
            read(&mut pipe).await
        };
        if let Ok(Ok(answer)) = tokio::time::timeout(HANDSHAKE_MAX, asked).await {
            orders.answered(answer["Error"].as_str().unwrap_or_default().to_owned());
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
