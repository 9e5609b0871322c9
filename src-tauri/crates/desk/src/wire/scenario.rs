//! Scenarios: an account's settings and what happens to it step by step, as JSON.
//!
//! Read strictly: a key that nobody knows, a key that stands twice and a number that is none are errors with their
//! place. Numbers are read from their own text, never through floating point. `title`, `arith` and `expect` are for
//! people and are not looked at. What the steps come to is computed by `simulate`, the only caller.

mod object;
mod pairs;
mod settings;
mod step;

pub(crate) use object::{Document, Place};
pub(crate) use step::{Alert, OrderName, Step, Timed};

use super::RpcError;
use domain::{Money, ReasonCode, Symbol};
use object::Object;
use paper::Config;

/// What a file of several scenarios says of itself.
const SCHEMA: &str = "pitwire-paper-scenarios/1";

/// An account before anything happens to it.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// The scenario's id.
    pub(crate) id: Option<String>,
    /// The settings.
    pub(crate) config: Config,
    /// The instrument that `last`, `quote` and `bar` are about.
    pub(crate) symbol: Symbol,
    /// The capital.
    pub(crate) cash: Money,
    /// The window of duplicates, in milliseconds.
    pub(crate) dedupe_ms: u32,
}

/// A scenario whose steps are yet to be read.
#[derive(Debug)]
pub(crate) struct Scenario<'a> {
    pub(crate) account: Account,
    pub(crate) steps: Vec<Place<'a>>,
}

/// What a document holds.
#[derive(Debug)]
pub(crate) enum Scenarios<'a> {
    /// One scenario.
    One(Box<Scenario<'a>>),
    /// A file of them; each is still to be read with [`scenario`].
    File(Vec<Place<'a>>),
}

/// Reads a scenario, or a file of them.
pub(crate) fn scenarios<'a>(document: &'a Document<'a>) -> Result<Scenarios<'a>, RpcError> {
    let mut object = document.root().object()?;
    if !object.has("scenarios") {
        return read(object).map(|scenario| Scenarios::One(Box::new(scenario)));
    }
    if let Some(schema) = object.text("schema")?
        && schema != SCHEMA
    {
        let sentence = format!("The schema {schema:?} is not known; {SCHEMA} is.");
        return Err(object.error("schema", ReasonCode::InvalidField, sentence));
    }
    object.ignore(&["notes"]);
    let all = object.array("scenarios")?;
    object.finish(&["schema", "notes", "scenarios"])?;
    Ok(Scenarios::File(all))
}

/// Reads one scenario.
pub(crate) fn scenario<'a>(place: &Place<'a>) -> Result<Scenario<'a>, RpcError> {
    read(place.object()?)
}

/// Reads the first line of a stream of steps: a scenario, whose steps may be left out, or its settings alone.
pub(crate) fn head<'a>(document: &'a Document<'a>) -> Result<Scenario<'a>, RpcError> {
    let mut object = document.root().object()?;
    if object.has("type") || object.has("t") {
        let sentence = "The first line must be the settings, {\"config\":{…}}; steps come after it.";
        return Err(object.error("config", ReasonCode::MissingField, sentence.to_owned()));
    }
    if !object.has("config") {
        let account = settings::read(None, document.root().object()?)?;
        return Ok(Scenario { account, steps: Vec::new() });
    }
    let steps = if object.has("steps") { object.array("steps")? } else { Vec::new() };
    with_steps(object, steps)
}

fn read(mut object: Object<'_>) -> Result<Scenario<'_>, RpcError> {
    let steps = object.array("steps")?;
    with_steps(object, steps)
}

fn with_steps<'a>(mut object: Object<'a>, steps: Vec<Place<'a>>) -> Result<Scenario<'a>, RpcError> {
    object.ignore(&["title", "arith", "expect"]);
    let id = object.text("id")?.map(|id| id.into_owned());
    let config = object.object("config")?;
    object.finish(&["id", "title", "config", "steps", "expect", "arith"])?;
    Ok(Scenario { account: settings::read(id, config)?, steps })
}
