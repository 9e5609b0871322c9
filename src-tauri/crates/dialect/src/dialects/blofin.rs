//! BloFin signal bot: OKX's fields. Nothing tells the two apart, so a message is read as BloFin's only where the
//! webhook says so; what it means is the same.

use super::{Dialect, JsonForm, okx};
use domain::DialectName;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::BloFin, json: Some(JsonForm::Chosen), text: None, read: okx::read };
