//! A session with ngrok's edge: connected, signed in, bound to its domain; its own way of reconnecting taken away.

use crate::connector::{Held, Incoming};
use crate::cuttable::{Cuttable, Knife};
use crate::{Beat, Cause, Connector, Fault, Link, NgrokPlan, OwnUrlPort, Plan, Visitor, policy, trust};
use futures_util::StreamExt;
use ngrok::Session;
use ngrok::config::TunnelBuilder;
use ngrok::prelude::{ConnInfo, EndpointInfo, Error as _, TunnelInfo};
use ngrok::session::{ConnectError, IoStream, Restart, Stop, Update};
use ngrok::tunnel::{AcceptError, HttpTunnel};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_rustls::TlsConnector;

/// Visitors that wait to be served; more wait in the edge.
const VISITORS_WAITING_MAX: usize = 64;
/// Heartbeats that the supervisor has not looked at.
const BEATS_WAITING_MAX: usize = 8;

/// Connects to ngrok's edge, or opens the port for a URL of one's own, as the plan says.
#[derive(Debug, Default)]
pub struct NgrokConnector;

impl Connector for NgrokConnector {
    async fn connect(&mut self, plan: &Plan) -> Result<Link, Fault> {
        match plan {
            Plan::Ngrok(plan) => connect(plan).await,
            Plan::OwnUrl(plan) => OwnUrlPort.open(plan).await,
            Plan::Off(fault) => Err(fault.clone()),
        }
    }
}

/// What ends a session from inside, once.
#[derive(Clone)]
struct End(Arc<Mutex<Option<oneshot::Sender<Fault>>>>);

impl End {
    fn say(&self, fault: Fault) {
        if let Some(end) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // Nobody listens any more when the link was let go meanwhile.
            let _unheard = end.send(fault);
        }
    }
}

async fn connect(plan: &NgrokPlan) -> Result<Link, Fault> {
    trust::settle_cryptography();
    let (end, ended) = oneshot::channel();
    let end = End(Arc::new(Mutex::new(Some(end))));
    let (beat, beats) = mpsc::channel(BEATS_WAITING_MAX);
    let (knife_in, mut knife_out) = mpsc::channel(1);
    let mut builder = Session::builder();
    builder.authtoken(plan.authtoken.as_str()).client_info("pitwire", &plan.version, None::<String>);
    dial(&mut builder, plan, knife_in)?;
    beats_into(&mut builder, plan, beat)?;
    commands_into(&mut builder, &end);
    let session = builder.connect().await.map_err(|error| refused(&error))?;
    let Ok(knife) = knife_out.try_recv() else { return Err(Fault::of(Cause::Cut)) };
    let (visitor, visitors) = mpsc::channel(VISITORS_WAITING_MAX);
    let tunnel = match bind(&session, plan).await {
        Ok(tunnel) => tunnel,
        Err(fault) => {
            Box::new(Hold { session, tunnel_id: None, knife }).close().await;
            return Err(fault);
        }
    };
    let url = tunnel.url().trim_end_matches('/').to_owned();
    let tunnel_id = Some(tunnel.id().to_owned());
    tokio::spawn(usher(tunnel, visitor, end));
    Ok(Link {
        url,
        incoming: Incoming::Session(visitors),
        beats,
        ended,
        hold: Box::new(Hold { session, tunnel_id, knife }),
    })
}

/// The way to the edge: once. A second call is the crate's own reconnecting, which is declined.
fn dial(
    builder: &mut ngrok::session::SessionBuilder,
    plan: &NgrokPlan,
    knives: mpsc::Sender<Knife>,
) -> Result<(), Fault> {
    if let Some(address) = &plan.server_addr {
        builder.server_addr(address).map_err(|e| Fault::with(Cause::Unreachable, &e.to_string()))?;
    }
    if let Some(pem) = &plan.root_cas {
        trust::roots(pem).map_err(|e| Fault::with(Cause::RootCas, &e.to_string()))?;
        builder.ca_cert(pem.clone());
    }
    builder.connector(move |host: String, port: u16, tls: Arc<ClientConfig>, lost: Option<AcceptError>| {
        let knives = knives.clone();
        async move {
            if lost.is_some() {
                return Err(ConnectError::Canceled);
            }
            let (stream, knife) = reach(host, port, tls).await?;
            // The receiver lives as long as this attempt.
            let _given_up = knives.try_send(knife);
            Ok(stream)
        }
    });
    Ok(())
}

async fn reach(
    host: String,
    port: u16,
    tls: Arc<ClientConfig>,
) -> Result<(Box<dyn IoStream>, Knife), ConnectError> {
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(ConnectError::Tcp)?;
    stream.set_nodelay(true).map_err(ConnectError::Tcp)?;
    let name = ServerName::try_from(host)
        .map_err(|error| ConnectError::Tls(std::io::Error::new(std::io::ErrorKind::InvalidInput, error)))?;
    let stream = TlsConnector::from(tls).connect(name, stream).await.map_err(ConnectError::Tls)?;
    let (stream, knife) = Cuttable::new(stream);
    let stream: Box<dyn IoStream> = Box::new(stream);
    Ok((stream, knife))
}

fn beats_into(
    builder: &mut ngrok::session::SessionBuilder,
    plan: &NgrokPlan,
    beats: mpsc::Sender<Beat>,
) -> Result<(), Fault> {
    let broken = |error: &dyn std::fmt::Display| Fault::with(Cause::ServiceRefused, &error.to_string());
    builder.heartbeat_interval(plan.timing.heartbeat).map_err(|e| broken(&e))?;
    builder.heartbeat_tolerance(plan.timing.heartbeat * 3 / 2).map_err(|e| broken(&e))?;
    builder.handle_heartbeat(move |latency: Option<std::time::Duration>| {
        let beats = beats.clone();
        async move {
            let beat = if latency.is_some() { Beat::Answered } else { Beat::Missed };
            // One that does not fit is one of many that say the same.
            let _full = beats.try_send(beat);
            Ok::<(), Box<dyn std::error::Error>>(())
        }
    });
    Ok(())
}

/// What the dashboard may ask for.
fn commands_into(builder: &mut ngrok::session::SessionBuilder, end: &End) {
    let (stop, restart) = (end.clone(), end.clone());
    builder.handle_stop_command(move |_: Stop| {
        stop.say(Fault::of(Cause::StoppedInDashboard));
        async { Ok::<(), String>(()) }
    });
    builder.handle_restart_command(move |_: Restart| {
        restart.say(Fault::of(Cause::RestartAsked));
        async { Ok::<(), String>(()) }
    });
    builder.handle_update_command(|_: Update| async {
        Err::<(), String>("Pitwire is updated on its own machine, not from the ngrok dashboard.".to_owned())
    });
}

async fn bind(session: &Session, plan: &NgrokPlan) -> Result<HttpTunnel, Fault> {
    let mut endpoint = session.http_endpoint();
    endpoint.forwards_to("pitwire");
    if let Some(domain) = &plan.domain {
        endpoint.domain(domain);
    }
    if !plan.allow.is_empty() {
        endpoint.traffic_policy(policy::only(&plan.allow));
    }
    endpoint.listen().await.map_err(|error| {
        if error.error_code().is_none() && !matches!(error, ngrok::session::RpcError::Response(_)) {
            return Fault::with(Cause::Cut, &error.to_string());
        }
        Fault::of_service(error.error_code(), &error.msg())
    })
}

fn refused(error: &ConnectError) -> Fault {
    let words = |source: &dyn std::error::Error| {
        source.source().map_or_else(|| source.to_string(), ToString::to_string)
    };
    match error {
        ConnectError::Tcp(_) | ConnectError::ProxyConnect(_) => {
            Fault::with(Cause::Unreachable, &words(error))
        }
        ConnectError::Tls(_) => Fault::with(Cause::NotTrusted, &words(error)),
        ConnectError::Auth(ngrok::session::RpcError::Response(_)) | ConnectError::Rebind(_) => {
            Fault::of_service(error.error_code(), &error.msg())
        }
        ConnectError::Start(_) | ConnectError::Auth(_) | ConnectError::Canceled => {
            Fault::with(Cause::Cut, &error.to_string())
        }
        other => Fault::with(Cause::ServiceRefused, &other.to_string()),
    }
}

/// Shows visitors in until the session ends, and says why it did.
async fn usher(mut tunnel: HttpTunnel, visitors: mpsc::Sender<Visitor>, end: End) {
    loop {
        let next = tokio::select! {
            next = tunnel.next() => next,
            () = visitors.closed() => return,
        };
        match next {
            Some(Ok(connection)) => {
                let peer = connection.remote_addr();
                let visitor = Visitor { stream: Box::new(connection), peer };
                if visitors.send(visitor).await.is_err() {
                    return;
                }
            }
            Some(Err(AcceptError::ListenerClosed { message, error_code })) => {
                let mut fault = Fault::of_service(error_code.as_deref(), &message);
                if fault.cause == Cause::ServiceRefused {
                    fault.cause = Cause::ClosedByService;
                }
                end.say(fault);
                return;
            }
            Some(Err(_)) | None => {
                end.say(Fault::of(Cause::Cut));
                return;
            }
        }
    }
}

/// Keeps a session.
struct Hold {
    session: Session,
    tunnel_id: Option<String>,
    knife: Knife,
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hold").field("tunnel_id", &self.tunnel_id).finish_non_exhaustive()
    }
}

impl Held for Hold {
    fn close(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let Self { mut session, tunnel_id, knife } = *self;
        Box::pin(async move {
            if let Some(id) = tunnel_id
                && let Err(error) = session.close_tunnel(id).await
            {
                tracing::debug!(%error, "tunnel.unbind_failed");
            }
            if let Err(error) = session.close().await {
                tracing::debug!(%error, "tunnel.close_failed");
            }
            drop(knife);
        })
    }
}
