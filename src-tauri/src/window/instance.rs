//! One window per data directory.

use std::path::Path;

/// The application's identifier with the data directory in it, so that `pitwire --data-dir` elsewhere is another
/// application to the system: it opens a window of its own instead of focusing this one.
pub(super) fn identifier(application: &str, data_dir: &Path) -> String {
    let digest = fnv1a(data_dir.as_os_str().as_encoded_bytes());
    // A part of a D-Bus name must not begin with a digit.
    format!("{application}.d{digest:016x}")
}

/// FNV-1a, 64 bits: the same in every version of Pitwire, unlike the standard library's.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_published_algorithm() {
        // Test vectors of draft-eastlake-fnv, appendix C.
        let check = |text: &str, expected: u64| assert_eq!(fnv1a(text.as_bytes()), expected, "{text}");
        check("", 0xcbf2_9ce4_8422_2325);
        check("a", 0xaf63_dc4c_8601_ec8c);
        check("foobar", 0x8594_4171_f739_67e8);
    }

    #[test]
    fn two_directories_are_two_applications() {
        let at = |path: &str| identifier("app.pitwire.desktop", Path::new(path));
        assert_ne!(at("/a"), at("/b"));
        assert_eq!(at("/a"), at("/a"));
        assert!(at("/a").starts_with("app.pitwire.desktop.d"));
    }
}
