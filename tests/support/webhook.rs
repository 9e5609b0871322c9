//! A webhook as its maker got it: with its secrets.

use serde_json::Value;

/// A webhook with its token.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) signing_secret: String,
}

impl Hook {
    /// Reads the answer of `webhook add` and `webhook rotate`.
    #[track_caller]
    pub(crate) fn of(answer: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let hook = Self {
            id: text(&answer["webhook"]["id"]),
            token: text(&answer["token"]),
            signing_secret: text(&answer["signing_secret"]),
        };
        assert_eq!(text(&answer["url_path"]), hook.path());
        hook
    }

    /// The shape of Pitwire's own and Vantixs's URL.
    pub(crate) fn path(&self) -> String {
        format!("/webhooks/tradingview/{}/{}", self.id, self.token)
    }

    /// The shape of Atomik's URL.
    pub(crate) fn query_path(&self) -> String {
        format!("/api/v1/webhooks/{}?secret={}", self.id, self.token)
    }

    /// The shape of StratOne's URL.
    pub(crate) fn token_path(&self) -> String {
        format!("/api/webhooks/{}", self.token)
    }

    /// The shape of Algo Trade Analytics' URL, whose secret is in the body.
    pub(crate) fn body_path(&self) -> String {
        format!("/webhooks/{}", self.id)
    }
}
