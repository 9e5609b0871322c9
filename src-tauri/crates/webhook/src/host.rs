//! Which host a request is for, and whether a web page sent it.
//!
//! A page in the user's browser can reach this machine, under a name of its own that it has pointed here. Such
//! requests name the wrong host or carry a foreign origin; both are refused before anything is looked at.

use http::request::Parts;
use http::{HeaderMap, header};
use std::net::{IpAddr, Ipv6Addr};

/// Whether the request may be for this listener: a localhost form, the address that it was received on, or one of
/// `hosts`; and not from a foreign page.
pub(crate) fn is_at_home(head: &Parts, local: IpAddr, hosts: &[Box<str>]) -> bool {
    let Some(host) = host_named(head) else { return false };
    is_own(host, local, hosts) && !is_from_a_foreign_page(&head.headers, host)
}

/// The host of the request; nothing when none or two are named.
fn host_named(head: &Parts) -> Option<&str> {
    let mut lines = head.headers.get_all(header::HOST).iter();
    let host = lines.next()?.to_str().ok()?;
    let alone = lines.next().is_none();
    let agrees = head.uri.authority().is_none_or(|a| a.as_str().eq_ignore_ascii_case(host));
    (alone && agrees).then_some(host)
}

fn is_own(host: &str, local: IpAddr, hosts: &[Box<str>]) -> bool {
    let Some(name) = without_port(host) else { return false };
    let literal = match name.strip_prefix('[') {
        Some(v6) => v6.strip_suffix(']').and_then(|n| n.parse::<Ipv6Addr>().ok()).map(IpAddr::from),
        None => name.parse().ok().filter(IpAddr::is_ipv4),
    };
    match literal.map(|l| l.to_canonical()) {
        Some(address) => address.is_loopback() || address == local.to_canonical(),
        None => name.eq_ignore_ascii_case("localhost") || hosts.iter().any(|h| h.eq_ignore_ascii_case(name)),
    }
}

/// `name:port` or `name`, where an IPv6 name is in brackets.
fn without_port(host: &str) -> Option<&str> {
    let name_end =
        if host.starts_with('[') { host.find(']')? + 1 } else { host.find(':').unwrap_or(host.len()) };
    let (name, port) = host.split_at_checked(name_end)?;
    let port_ok = match port.strip_prefix(':') {
        Some(digits) => digits.parse::<u16>().is_ok() && digits.bytes().all(|b| b.is_ascii_digit()),
        None => port.is_empty(),
    };
    port_ok.then_some(name)
}

fn is_from_a_foreign_page(headers: &HeaderMap, host: &str) -> bool {
    let cross_site = headers.get("sec-fetch-site").is_some_and(|v| v.as_bytes() == b"cross-site");
    let foreign = headers.get_all(header::ORIGIN).iter().any(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        !named.is_some_and(|n| n.eq_ignore_ascii_case(host))
    });
    cross_site || foreign
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, expected: bool) {
        let hosts = ["alerts.example.com".into()];
        let local = "192.168.1.5".parse().unwrap();
        assert_eq!(is_own(host, local, &hosts), expected, "{host:?}");
    }

    #[test]
    fn only_localhost_forms_the_own_address_and_the_public_host_are_at_home() {
        for own in [
            "localhost",
            "LOCALHOST:8787",
            "127.0.0.1",
            "127.0.0.1:8787",
            "127.9.9.9:1",
            "[::1]",
            "[::1]:8787",
            "[::ffff:127.0.0.1]:8787",
            "192.168.1.5:8787",
            "alerts.example.com",
            "Alerts.Example.com:443",
        ] {
            check(own, true);
        }
        for foreign in [
            "",
            ":8787",
            "127.evil.com",
            "127.0.0.1.evil.com",
            "localhost.",
            "localhost.evil.com",
            "evil.com",
            "0.0.0.0:8787",
            "192.168.1.6",
            "[::]",
            "[::1",
            "[::1]x",
            "[127.0.0.1]",
            "::1",
            "localhost:",
            "localhost:+80",
            "localhost:99999",
            "localhost:80:80",
            "localhost@evil.com",
            "127.1",
            "2130706433",
            "0177.0.0.1",
        ] {
            check(foreign, false);
        }
    }
}
