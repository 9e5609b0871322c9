//! What the edge is told to do, who is online, and what was seen.

use super::Command;
use super::agent::Agent;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// A refusal, as the service words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Such as `ERR_NGROK_107`; empty for none.
    pub code: String,
    /// A sentence.
    pub message: String,
}

impl Refusal {
    /// A refusal with a code.
    #[must_use]
    pub fn of(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned() }
    }

    pub(super) fn text(&self) -> String {
        format!("{}\n\n{}", self.message, self.code)
    }
}

/// A sign-in that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The token.
    pub token: String,
    /// The code of the refusal; nothing when it was let in.
    pub refused: Option<String>,
}

/// What can be ordered.
pub(super) struct Order {
    pub(super) token: Option<String>,
    pub(super) refused_sign_ins: Option<Refusal>,
    pub(super) held_bindings: usize,
    pub(super) hangs: bool,
}

/// Shared by both sides.
pub(super) struct Orders {
    order: Mutex<Order>,
    pub(super) open: watch::Sender<bool>,
    /// Counts the silences; a session is silent for good when it grows.
    pub(super) silences: watch::Sender<u64>,
    /// Counts the cuts; a session ends when it grows.
    pub(super) cuts: watch::Sender<u64>,
    domains: Vec<String>,
    tls_port: u16,
    bound: Mutex<HashMap<String, Bound>>,
    sign_ins: Mutex<Vec<SignIn>>,
    answers: Mutex<Vec<String>>,
}

/// A domain that is online.
#[derive(Clone)]
pub(super) struct Bound {
    pub(super) agent: Arc<Agent>,
    pub(super) tunnel_id: String,
    /// The addresses that a traffic policy lets through; nothing for all.
    pub(super) allow: Option<Vec<String>>,
}

impl Orders {
    pub(super) fn new(domains: Vec<String>, tls_port: u16) -> Self {
        let order = Order {
            token: Some(super::AUTHTOKEN.to_owned()),
            refused_sign_ins: None,
            held_bindings: 0,
            hangs: false,
        };
        Self {
            order: Mutex::new(order),
            open: watch::Sender::new(true),
            silences: watch::Sender::new(0),
            cuts: watch::Sender::new(0),
            domains,
            tls_port,
            bound: Mutex::default(),
            sign_ins: Mutex::default(),
            answers: Mutex::default(),
        }
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Order) -> T) -> T {
        change(&mut locked(&self.order))
    }

    pub(super) fn cut(&self) {
        locked(&self.bound).clear();
        self.cuts.send_modify(|n| *n += 1);
    }

    pub(super) fn silence(&self) {
        self.silences.send_modify(|n| *n += 1);
        locked(&self.bound).clear();
    }

    pub(super) fn online(&self) -> usize {
        locked(&self.bound).len()
    }

    pub(super) fn sign_ins(&self) -> Vec<SignIn> {
        locked(&self.sign_ins).clone()
    }

    pub(super) fn answers(&self) -> Vec<String> {
        locked(&self.answers).clone()
    }

    pub(super) fn answered(&self, answer: String) {
        locked(&self.answers).push(answer);
    }

    pub(super) fn command(&self, command: &Command) {
        for bound in locked(&self.bound).values() {
            bound.agent.command(command.clone(), bound.tunnel_id.clone());
        }
    }

    /// Judges a sign-in.
    pub(super) fn sign_in(&self, token: &str) -> Result<(), Refusal> {
        let judged = self.change(|o| {
            if let Some(refusal) = &o.refused_sign_ins {
                return Err(refusal.clone());
            }
            match &o.token {
                Some(right) if right != token => {
                    Err(Refusal::of("ERR_NGROK_107", "The authtoken you specified is invalid."))
                }
                Some(_) | None => Ok(()),
            }
        });
        let refused = judged.as_ref().err().map(|r| r.code.clone());
        locked(&self.sign_ins).push(SignIn { token: token.to_owned(), refused });
        judged
    }

    /// Brings a domain online and says its public address.
    pub(super) fn bind(
        &self,
        wanted: &str,
        agent: &Arc<Agent>,
        tunnel_id: &str,
        allow: Option<Vec<String>>,
    ) -> Result<String, Refusal> {
        let domain = match wanted {
            "" => self.domains.first().cloned().unwrap_or_default(),
            named => named.to_owned(),
        };
        if !self.domains.contains(&domain) {
            let message = format!("The domain '{domain}' is not reserved for this account.");
            return Err(Refusal::of("ERR_NGROK_319", &message));
        }
        let is_held = self.change(|o| {
            let is_held = o.held_bindings > 0;
            o.held_bindings = o.held_bindings.saturating_sub(1);
            is_held
        });
        let mut bound = locked(&self.bound);
        if is_held || bound.contains_key(&domain) {
            let message = format!("The endpoint 'https://{domain}' is already online.");
            return Err(Refusal::of("ERR_NGROK_334", &message));
        }
        let agent = Arc::clone(agent);
        bound.insert(domain.clone(), Bound { agent, tunnel_id: tunnel_id.to_owned(), allow });
        Ok(if domain == "localhost" {
            format!("https://localhost:{}", self.tls_port)
        } else {
            format!("https://{domain}")
        })
    }

    /// Takes what an agent has bound offline; all of it without an id.
    pub(super) fn unbind(&self, agent: &Arc<Agent>, tunnel_id: Option<&str>) {
        locked(&self.bound).retain(|_, bound| {
            let is_meant = tunnel_id.is_none_or(|id| id == bound.tunnel_id);
            !(Arc::ptr_eq(&bound.agent, agent) && is_meant)
        });
    }

    /// Who serves a host.
    pub(super) fn serving(&self, host: &str) -> Option<Bound> {
        let name = host.split(':').next().unwrap_or_default();
        locked(&self.bound).get(name).cloned()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
