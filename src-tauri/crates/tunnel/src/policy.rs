//! The traffic policy that lets certain addresses through and nobody else.

use std::fmt::Write as _;
use std::net::IpAddr;

/// ngrok's policy for `allow`, as JSON. It looks at the address of the connection, never at a header, so it cannot be
/// talked round. Format: ngrok's documentation of the action `restrict-ips`.
pub(crate) fn only(allow: &[IpAddr]) -> String {
    let mut networks = String::new();
    for address in allow {
        let length = if address.is_ipv4() { 32 } else { 128 };
        let comma = if networks.is_empty() { "" } else { "," };
        let _infallible = write!(networks, "{comma}\"{address}/{length}\"");
    }
    format!(
        r#"{{"on_http_request":[{{"actions":[{{"type":"restrict-ips","config":{{"enforce":true,"allow":[{networks}]}}}}]}}]}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_a_network_of_one() {
        let allow = ["52.89.214.238".parse().unwrap(), "2001:db8::1".parse().unwrap()];
        let expected = concat!(
            r#"{"on_http_request":[{"actions":[{"type":"restrict-ips","config":{"enforce":true,"#,
            r#""allow":["52.89.214.238/32","2001:db8::1/128"]}}]}]}"#
        );
        assert_eq!(only(&allow), expected);
    }
}
