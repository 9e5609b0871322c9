//! Where the documents have a reason, as errors carry it: one byte in memory, a path with an anchor in JSON.

use domain::ReasonCode;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The page of a reason: `docs/WEBHOOKS.md#malformed_json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page(ReasonCode);

impl Page {
    /// The page of a code, if the catalogue has it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        ReasonCode::parse(code).ok().map(Self)
    }
}

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.page())
    }
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let code = text.split_once('#').and_then(|(_, anchor)| Self::of(&anchor.to_ascii_uppercase()));
        code.filter(|page| page.0.page() == text).ok_or_else(|| D::Error::custom("no page of a reason"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_back_from_its_path() {
        let page = Page::of("NO_POSITION");
        let json = serde_json::to_string(&page).unwrap();
        assert_eq!(json, r#""docs/WEBHOOKS.md#no_position""#);
        assert_eq!(serde_json::from_str::<Option<Page>>(&json).unwrap(), page);
        assert!(serde_json::from_str::<Page>(r#""docs/TUNNEL.md#no_position""#).is_err());
        assert_eq!(Page::of("NOT_FOUND"), None);
    }
}
