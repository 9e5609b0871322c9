//! Who a request is from.

use crate::Via;
use http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The addresses that TradingView sends alerts from, as its documentation lists them; a preset for allow-lists.
pub const TRADINGVIEW_ADDRESSES: [Ipv4Addr; 4] = [
    Ipv4Addr::new(52, 89, 214, 238),
    Ipv4Addr::new(34, 212, 75, 30),
    Ipv4Addr::new(54, 218, 53, 128),
    Ipv4Addr::new(52, 32, 178, 7),
];

/// The sender: the peer on the local listener, the rightmost entry of `X-Forwarded-For` on the tunnel's, because that
/// one was written by the tunnel itself and everything to its left may be made up.
pub(crate) fn sender(peer: IpAddr, via: Via, headers: &HeaderMap) -> IpAddr {
    match via {
        Via::Local => peer.to_canonical(),
        Via::Tunnel => forwarded(headers).unwrap_or(peer).to_canonical(),
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let entry = line.rsplit(',').next()?.trim();
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|a| a.ip()))
}

/// Whether an allow-list lets `address` in; an empty one lets everybody in.
pub(crate) fn is_allowed(allow: &[IpNet], address: IpAddr) -> bool {
    allow.is_empty() || allow.iter().any(|net| canonical(*net).contains(&address))
}

/// `::ffff:192.0.2.0/120` is written as `192.0.2.0/24`.
fn canonical(net: IpNet) -> IpNet {
    let length = net.prefix_len().checked_sub(96);
    match (net.addr().to_canonical(), net.addr(), length) {
        (v4 @ IpAddr::V4(_), IpAddr::V6(_), Some(length)) => IpNet::new(v4, length).unwrap_or(net),
        _ => net,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(via: Via, peer: &str, lines: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let sender = sender(peer.parse().unwrap(), via, &headers);
        assert_eq!(sender, expected.parse::<IpAddr>().unwrap(), "{via:?} {peer} {lines:?}");
    }

    #[test]
    fn a_forwarded_address_counts_on_the_tunnel_only_and_there_the_rightmost() {
        check(Via::Local, "192.0.2.1", &["52.89.214.238"], "192.0.2.1");
        check(Via::Local, "::ffff:192.0.2.1", &[], "192.0.2.1");
        check(Via::Tunnel, "127.0.0.1", &["52.89.214.238"], "52.89.214.238");
        check(Via::Tunnel, "127.0.0.1", &["52.89.214.238, 198.51.100.9"], "198.51.100.9");
        check(Via::Tunnel, "127.0.0.1", &["52.89.214.238", "198.51.100.9"], "198.51.100.9");
        check(Via::Tunnel, "127.0.0.1", &["::ffff:198.51.100.9"], "198.51.100.9");
        check(Via::Tunnel, "127.0.0.1", &["198.51.100.9:4711"], "198.51.100.9");
        check(Via::Tunnel, "127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1");
        check(Via::Tunnel, "127.0.0.1", &["[2001:db8::1]"], "2001:db8::1");
        check(Via::Tunnel, "127.0.0.1", &["52.89.214.238, unknown"], "127.0.0.1");
        check(Via::Tunnel, "127.0.0.1", &["52.89.214.238,"], "127.0.0.1");
        check(Via::Tunnel, "127.0.0.1", &[], "127.0.0.1");
    }

    #[test]
    fn allow_lists_know_networks_and_mapped_addresses() {
        let nets = |texts: &[&str]| -> Vec<IpNet> { texts.iter().map(|t| t.parse().unwrap()).collect() };
        let allowed = |texts: &[&str], address: &str| is_allowed(&nets(texts), address.parse().unwrap());
        assert!(allowed(&[], "203.0.113.1"));
        assert!(allowed(&["203.0.113.1/32"], "203.0.113.1"));
        assert!(!allowed(&["203.0.113.1/32"], "203.0.113.2"));
        assert!(allowed(&["203.0.113.1/32", "10.0.0.0/8"], "10.9.8.7"));
        assert!(allowed(&["::ffff:203.0.113.0/120"], "203.0.113.77"));
        assert!(!allowed(&["::/0"], "203.0.113.77"));
        assert!(allowed(&["2001:db8::/32"], "2001:db8::5"));
    }
}
