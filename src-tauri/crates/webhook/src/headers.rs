//! Headers as they may be stored.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// The most headers that are stored.
const HEADERS_MAX: usize = 32;
/// The longest value that is stored, in bytes; the rest is cut off.
const VALUE_BYTES_MAX: usize = 256;

/// Parts of names of headers that may hold secrets; such headers are left out whole.
const SECRET_NAMES: [&str; 8] =
    ["auth", "cookie", "credential", "key", "password", "secret", "signature", "token"];

/// The headers without Content-Type and without those that may hold secrets; what looks like a token is masked.
pub(crate) fn storable(headers: &HeaderMap) -> Vec<(HeaderName, Box<str>)> {
    let harmless = headers.iter().filter(|(name, _)| **name != header::CONTENT_TYPE && !is_secret(name));
    harmless.take(HEADERS_MAX).map(|(name, value)| (name.clone(), shown(value))).collect()
}

/// Content-Type as it may be stored.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<Box<str>> {
    headers.get(header::CONTENT_TYPE).map(shown)
}

/// Whether the value of a header of this name may be a secret.
fn is_secret(name: &HeaderName) -> bool {
    // Every request has these; to look for parts of names costs more than all else here.
    let usual = [header::HOST, header::USER_AGENT, header::CONTENT_LENGTH, header::ACCEPT_ENCODING];
    !usual.contains(name) && (SECRET_NAMES.iter().any(|s| name.as_str().contains(s)) || is_token(name))
}

/// Whether somebody has put a token where a name belongs.
fn is_token(name: &HeaderName) -> bool {
    let bytes = name.as_str().as_bytes();
    bytes.contains(&b'_') && dialect::mask(bytes, None, None) != bytes
}

fn shown(value: &HeaderValue) -> Box<str> {
    let bytes = value.as_bytes();
    // A token has an underscore, plain or encoded; most values have none and are copied as they are.
    if bytes.iter().any(|b| matches!(b, b'_' | b'%' | b'\\' | b'=')) {
        cut(&String::from_utf8_lossy(&dialect::mask(bytes, None, None)))
    } else {
        cut(&String::from_utf8_lossy(bytes))
    }
}

fn cut(text: &str) -> Box<str> {
    text.get(..text.floor_char_boundary(VALUE_BYTES_MAX)).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_or_masked_and_everything_is_bounded() {
        let token = format!("pw_abcdefghij23_{}", "a".repeat(32));
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: &str| headers.append(name, value.parse().unwrap());
        put("content-type", "text/plain");
        put("user-agent", "Go-http-client/1.1");
        put("authorization", "Bearer x");
        put("cookie", "a=b");
        put("webhook-signature", "v1,x");
        put("x-api-key", "x");
        put("referer", &format!("https://h/webhooks/tradingview/wh_abcdefghij23/{token}"));
        put("x-long", &"é".repeat(200));
        put("pw_abcdefghij23_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x");
        let stored = storable(&headers);
        let names: Vec<&str> = stored.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["user-agent", "referer", "x-long"]);
        assert_eq!(&*stored[0].1, "Go-http-client/1.1");
        assert!(!stored[1].1.contains(&token) && stored[1].1.starts_with("https://h/webhooks/"));
        assert_eq!(stored[2].1.len(), 256);
        assert_eq!(content_type(&headers).as_deref(), Some("text/plain"));
        for n in 0..200_u32 {
            headers.append("x-many", n.into());
        }
        assert_eq!(storable(&headers).len(), HEADERS_MAX);
    }
}
