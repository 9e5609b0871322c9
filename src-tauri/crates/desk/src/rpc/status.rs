//! The frame's figures, the kill switch, the settings and the catalogue of reasons.

use super::{Runtime, accounts, store_error};
use crate::context::Context;
use crate::settings::Settings as InForce;
use crate::wire::{
    Counts, KillSwitch, Reason, RpcError, Setting, Settings, Status, StorageDown, TunnelState,
};
use domain::{ReasonCode, Timestamp};
use store::Outage;
use store::counts::SignalCounts;

pub(crate) fn status(context: &Context, runtime: &Runtime) -> Result<Status, RpcError> {
    let reader = context.store.reader();
    let (counts, webhooks, kill_switch) = reader
        .read(|view| {
            Ok((
                store::counts::all(view)?,
                store::webhooks::count(view)?,
                store::settings::kill_switch(view)?,
            ))
        })
        .map_err(|e| store_error(&e))?;
    let accounts = accounts::active(context)?;
    let account = accounts.first().map(|first| accounts::one(context, first)).transpose()?;
    let times = runtime.reply_times().filter(|q| q.count > 0);
    let settings = context.settings();
    let tunnel = match runtime.tunnel.seen() {
        Some(seen) => Some(seen),
        None => crate::tunnel::now::elsewhere(context).map_err(|e| store_error(&e))?,
    };
    Ok(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_dir: context.data_dir.display().to_string(),
        listener: runtime.listener(),
        storage_down: storage_down(context),
        tunnel: tunnel.as_ref().map_or(TunnelState::Off, |seen| seen.state),
        public_url: tunnel.and_then(|seen| seen.public_url),
        demo: context.is_demo.load(std::sync::atomic::Ordering::Acquire).then_some(true),
        kill_switch,
        secrets_home: context.vault.home().as_str().to_owned(),
        counts: counts_of(counts),
        webhooks,
        max_webhooks: u32::try_from(settings.whole("limits.max_webhooks")).unwrap_or(u32::MAX),
        accounts: u32::try_from(accounts.len()).unwrap_or(u32::MAX),
        account: account.as_ref().map_or_else(String::new, |a| a.name.clone()),
        equity: account.as_ref().map_or_else(|| "0".to_owned(), |a| a.equity.clone()),
        currency: account.as_ref().map_or_else(String::new, |a| a.currency.clone()),
        total_return: account.as_ref().and_then(|a| a.total_return),
        positions: account.as_ref().map_or(0, |a| a.positions),
        reply_p50_us: times.and_then(|q| i64::try_from(q.p50_us).ok()),
        reply_p99_us: times.and_then(|q| i64::try_from(q.p99_us).ok()),
        now: context.clock.now().to_string(),
    })
}

/// Why nothing can be written. Whoever asks has it tried: without alerts nobody else would find the way free again.
fn storage_down(context: &Context) -> Option<StorageDown> {
    let writer = context.store.writer();
    let down = writer.down()?;
    // What becomes of it is seen the next time.
    let _tried = writer.submit_repeatable(store::probe, |_| {});
    let lasted = i64::try_from(down.since.elapsed().as_micros()).unwrap_or(i64::MAX);
    let since = Timestamp::from_micros(context.clock.now().as_micros().saturating_sub(lasted));
    Some(StorageDown { since: since.to_string(), sentence: outage_sentence(down.outage).to_owned() })
}

/// What keeps the database from being written, and what to do.
pub(crate) fn outage_sentence(outage: Outage) -> &'static str {
    match outage {
        Outage::DiskFull => {
            "The disk of the data directory is full. Free some space; Pitwire goes on by itself."
        }
        Outage::InputOutput => {
            "The disk of the data directory fails. Save a backup elsewhere and look at the disk."
        }
        Outage::Locked => "Another program keeps the database locked. Close it; Pitwire goes on by itself.",
        Outage::ReadOnly => {
            "The database may not be written. Give your user the right to write the data directory."
        }
        Outage::CannotOpen => "The database cannot be opened. See that the data directory is still there.",
        Outage::Other => "The database cannot be written; the log says why.",
    }
}

pub(crate) fn counts_of(counts: SignalCounts) -> Counts {
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Counts {
        all: whole(counts.total()),
        received: whole(counts.received),
        executed: whole(counts.executed),
        rejected: whole(counts.rejected),
        failed: whole(counts.failed),
        replayed: whole(counts.replayed),
    }
}

pub(crate) fn kill(context: &Context, runtime: &Runtime, switch: KillSwitch) -> Result<Status, RpcError> {
    context
        .store
        .writer()
        .run(move |tx| store::settings::set_kill_switch(tx, switch.on))
        .map_err(|e| store_error(&e))?;
    context.directory.reload().map_err(|e| store_error(&e))?;
    tracing::info!(kill_switch.on = switch.on, "the kill switch was thrown");
    status(context, runtime)
}

pub(crate) fn reasons() -> Vec<Reason> {
    let reason = |code: &ReasonCode| Reason {
        code: code.as_str().to_owned(),
        sentence: code.sentence().to_owned(),
        fix: code.fix().to_owned(),
        docs: code.page(),
    };
    ReasonCode::ALL.iter().map(reason).collect()
}

pub(crate) fn settings(context: &Context) -> Result<Settings, RpcError> {
    let in_force = context.reload_settings().map_err(|e| store_error(&e))?;
    Ok(Settings { values: in_force.values().clone() })
}

pub(crate) fn set(context: &Context, change: &Setting) -> Result<Settings, RpcError> {
    InForce::check(&change.key, &change.value)?;
    let Setting { key, value } = change.clone();
    let write = move |tx: &store::Tx| {
        if value.is_empty() {
            store::settings::unset(tx, &key)
        } else {
            store::settings::set(tx, &key, &value)
        }
    };
    context.store.writer().run(write).map_err(|e| store_error(&e))?;
    settings(context)
}
