//! Texts to copy: URLs, curl commands, alert messages.

use super::webhooks::{row_of, url_path};
use super::{Runtime, store_error};
use crate::context::Context;
use crate::tunnel::now;
use crate::wire::{CopyKind, CopyRequest, CopyText, RpcError, Template, TemplateRequest};
use dialect::{AUTH_KEY_PLACEHOLDER, TemplateKind};
use domain::DialectName;

/// What stands where a token would be that is not sealed.
const TOKEN_GAP: &str = "<token>";

pub(crate) fn template(context: &Context, request: &TemplateRequest) -> Result<Template, RpcError> {
    let webhook = row_of(context, &request.id)?.webhook;
    let named = match request.dialect.as_deref() {
        None | Some("") => webhook.dialect,
        Some(text) => Some(
            DialectName::parse(text)
                .ok_or_else(|| RpcError::invalid("dialect", format!("There is no dialect {text:?}.")))?,
        ),
    };
    let kind = match request.kind.as_deref() {
        None | Some("strategy") => TemplateKind::Strategy,
        Some("indicator") => TemplateKind::Indicator,
        Some(_) => return Err(RpcError::invalid("kind", "The kind must be strategy or indicator.")),
    };
    let dialect = named.unwrap_or(DialectName::Vantixs).as_str().to_owned();
    Ok(Template { dialect, message: dialect::template(named, kind) })
}

/// The text for the clipboard; it goes there without passing the page.
pub(crate) fn copy_text(
    context: &Context,
    runtime: &Runtime,
    request: &CopyRequest,
) -> Result<CopyText, RpcError> {
    let webhook = row_of(context, &request.id)?.webhook;
    let sealed = context.vault.sealed_token(&webhook.id).unwrap_or_else(|error| {
        tracing::warn!(%error, "the keychain did not give the token");
        None
    });
    let token = sealed.as_ref().map_or(TOKEN_GAP, |t| t.expose());
    let public = now::public_url(context, &runtime.tunnel).map_err(|e| store_error(&e))?;
    let local = context.local_url().map_err(|e| store_error(&e))?;
    let base = public.or(local).unwrap_or_else(|| "http://127.0.0.1:8787".to_owned());
    let url = format!("{base}{}", url_path(&webhook.id, token));
    let message = |kind| dialect::template(webhook.dialect, kind).replace(AUTH_KEY_PLACEHOLDER, token);
    let needs_token = |text: &str| !text.contains(TOKEN_GAP);
    let (text, label) = match request.kind {
        CopyKind::Url => (url, format!("URL of {}", webhook.name)),
        CopyKind::Curl => {
            let body = r#"{"action":"buy","symbol":"BTCUSDT","price":"67000"}"#;
            (format!("curl -X POST '{url}' -d '{body}'"), format!("curl command for {}", webhook.name))
        }
        CopyKind::MessageStrategy => (message(TemplateKind::Strategy), "strategy alert message".to_owned()),
        CopyKind::MessageIndicator => {
            (message(TemplateKind::Indicator), "indicator alert message".to_owned())
        }
    };
    let complete = needs_token(&text);
    Ok(CopyText { text, label, complete })
}
