//! The local listener: binding, and words for when that does not work.

use crate::wire::ListenerState;
use std::net::{IpAddr, SocketAddr};
use thiserror::Error;
use tokio::net::TcpListener;

/// How many ports above a taken one are tried for the suggestion.
const SUGGESTIONS: u16 = 20;

/// Why the listener cannot start.
#[derive(Debug, Error)]
pub enum ListenError {
    /// The port is taken.
    #[error(
        "port {port} is used by another program; port {free} is free: use --port {free}, or pitwire config set listen.port {free}"
    )]
    Taken {
        /// The port wanted.
        port: u16,
        /// The next one that is free.
        free: u16,
    },
    /// Anything else.
    #[error("{address} cannot be listened at: {source}")]
    Bind {
        /// The address wanted.
        address: SocketAddr,
        /// The system's own words.
        source: std::io::Error,
    },
}

impl ListenError {
    /// The state to show: where there is a window, it offers the free port itself.
    pub(crate) fn state(&self) -> ListenerState {
        match self {
            Self::Taken { port, free } => ListenerState::Failed {
                error: format!("Port {port} is used by another program."),
                port_free: Some(*free),
            },
            Self::Bind { .. } => ListenerState::Failed { error: format!("{self}."), port_free: None },
        }
    }
}

/// Binds, or says what to do instead.
pub(crate) async fn bind(ip: IpAddr, port: u16) -> Result<TcpListener, ListenError> {
    let address = SocketAddr::new(ip, port);
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(source) if source.kind() == std::io::ErrorKind::AddrInUse => match free_above(ip, port).await {
            Some(free) => Err(ListenError::Taken { port, free }),
            None => Err(ListenError::Bind { address, source }),
        },
        Err(source) => Err(ListenError::Bind { address, source }),
    }
}

async fn free_above(ip: IpAddr, port: u16) -> Option<u16> {
    for offset in 1..=SUGGESTIONS {
        let candidate = port.checked_add(offset)?;
        if TcpListener::bind(SocketAddr::new(ip, candidate)).await.is_ok() {
            return Some(candidate);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_a_free_one() {
        let ip = IpAddr::from([127, 0, 0, 1]);
        let taken = bind(ip, 0).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let Err(ListenError::Taken { port: named, free }) = bind(ip, port).await else {
            panic!("taken twice")
        };
        assert_eq!(named, port);
        assert!(bind(ip, free).await.is_ok());
    }
}
