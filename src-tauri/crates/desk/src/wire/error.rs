//! The one shape of every error that leaves the desk.

use super::page::Page;
use domain::ReasonCode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command or a call was refused or failed. Readers branch on `code`, never on the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{error}")]
pub struct RpcError {
    /// A sentence: what, where, how to fix it.
    pub error: String,
    /// A stable code in capitals.
    pub code: String,
    /// The field or argument that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
    /// The place in a nested document, such as `scenarios[2].steps[0].qty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "string", optional)]
    pub path: Option<Box<str>>,
    /// The line of a text, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub line: Option<u32>,
    /// The column of a text in characters, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub column: Option<u32>,
    /// Where the documents have the code, if the catalogue of reasons has it: `docs/WEBHOOKS.md#malformed_json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "string", optional)]
    pub docs: Option<Page>,
}

impl RpcError {
    /// An error with a code of its own.
    #[must_use]
    pub fn new(code: &str, error: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            code: code.to_owned(),
            field: None,
            path: None,
            line: None,
            column: None,
            docs: Page::of(code),
        }
    }

    /// An error of the catalogue, with its sentence and fix.
    #[must_use]
    pub fn reason(code: ReasonCode) -> Self {
        Self::new(code.as_str(), format!("{} {}", code.sentence(), code.fix()))
    }

    /// Something that was named does not exist.
    #[must_use]
    pub fn not_found(kind: &str, id: &str) -> Self {
        Self::new("NOT_FOUND", format!("There is no {kind} {id:?}."))
    }

    /// A parameter cannot be used.
    #[must_use]
    pub fn invalid(field: &str, error: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new("INVALID_FIELD", error) }
    }

    /// Something broke that should not; the log has the cause.
    #[must_use]
    pub fn internal() -> Self {
        Self::new("INTERNAL_ERROR", "Something broke inside Pitwire; the log says what.")
    }
}
