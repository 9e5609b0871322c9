//! What makes an order unique for ever: who asked for it, and which of his orders it is.

use domain::{FillId, OrderId, SignalId};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

/// Who asked for an order: the only source of its identity, so the same input always makes the same ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A signal.
    Signal(SignalId),
    /// A command of the user, by the caller's unique id of it.
    Command(Box<str>),
    /// The ruin of the account, by the id of the order that opened the position that is closed: no order opens two
    /// positions, so none is closed like this twice.
    Liquidation(Box<str>),
}

impl Origin {
    /// The signal behind it, if there is one.
    #[must_use]
    pub fn signal(&self) -> Option<&SignalId> {
        match self {
            Self::Signal(id) => Some(id),
            Self::Command(_) | Self::Liquidation(_) => None,
        }
    }

    /// Reads the text form back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(id) = text.strip_prefix("command ") {
            return Some(Self::Command(id.into()));
        }
        if let Some(id) = text.strip_prefix("liquidation of ") {
            return Some(Self::Liquidation(id.into()));
        }
        SignalId::parse(text).ok().map(Self::Signal)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(id) => write!(f, "{id}"),
            Self::Command(id) => write!(f, "command {id}"),
            Self::Liquidation(id) => write!(f, "liquidation of {id}"),
        }
    }
}

/// What an order is within its bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Role {
    /// An order of its own.
    #[default]
    Main,
    /// A take profit of the order with the same leg: 1 is the first.
    TakeProfit(u8),
    /// The stop loss of the order with the same leg.
    StopLoss,
}

impl Role {
    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("tp") {
            Some("") => Some(Self::TakeProfit(1)),
            Some(number) => number.parse().ok().filter(|n| *n > 1).map(Self::TakeProfit),
            None if text == "sl" => Some(Self::StopLoss),
            None if text.is_empty() => Some(Self::Main),
            None => None,
        }
    }
}

impl fmt::Display for Role {
    /// `tp`, `tp2`, …, `sl`; nothing for an order of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => Ok(()),
            Self::TakeProfit(1) => f.write_str("tp"),
            Self::TakeProfit(number) => write!(f, "tp{number}"),
            Self::StopLoss => f.write_str("sl"),
        }
    }
}

/// What makes an order unique for ever: who asked for it, which leg it is (1 for the first), and what it is within
/// its bracket. The database keeps its text under a UNIQUE index, so that an input applied twice cannot trade twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientOrderId {
    /// Who asked.
    pub origin: Origin,
    /// 1, 2, …: a reversal closes with leg 1 and opens with leg 2.
    pub leg: u16,
    /// Whether it is the order itself or a child of its bracket.
    pub role: Role,
}

impl ClientOrderId {
    /// The public id of the order: the same for the same client order id.
    #[must_use]
    pub fn order_id(&self) -> OrderId {
        OrderId::parse(self.tailed("ord_", "").as_str()).expect("BUG: a tail is plain and short")
    }

    /// The public id of its fill. An order is filled at once or not at all.
    pub(crate) fn fill_id(&self) -> FillId {
        FillId::parse(self.tailed("fil_", "-1").as_str()).expect("BUG: a tail is plain and short")
    }

    /// Reads the text form back (`sig_…#1`, `sig_…#1.sl`, `command …#2`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (origin, rest) = text.rsplit_once('#')?;
        let (leg, role) = rest.split_once('.').map_or((rest, Some(Role::Main)), |(leg, role)| {
            (leg, Role::parse(role).filter(|role| *role != Role::Main))
        });
        Some(Self { origin: Origin::parse(origin)?, leg: leg.parse().ok()?, role: role? })
    }

    /// What the ids of the order and of its fills are made of. They begin like the signal's id, so that rows that come
    /// together lie together in an index.
    fn tailed(&self, prefix: &str, suffix: &str) -> IdText {
        let plain = match &self.origin {
            Origin::Signal(id) => id.as_str().strip_prefix("sig_"),
            Origin::Command(_) | Origin::Liquidation(_) => None,
        };
        let mut text = IdText::default();
        let written = text.write_str(prefix).and_then(|()| self.write_tail(&mut text, plain));
        written.and_then(|()| text.write_str(suffix)).expect("BUG: an id is at most 64 bytes");
        text
    }

    /// Two of these are made per order, so the usual one is put together without the machinery of formats.
    fn write_tail(&self, text: &mut IdText, plain: Option<&str>) -> fmt::Result {
        let Some(plain) = plain.filter(|text| text.len() <= TAIL_MAX) else {
            return text.write_str(&short_hash(&self.to_string()));
        };
        text.write_str(plain)?;
        match self.leg {
            1 => text.write_str("-1")?,
            leg => write!(text, "-{leg}")?,
        }
        if self.role == Role::Main { Ok(()) } else { write!(text, "-{}", self.role) }
    }
}

/// A short text that needs no allocation: two of them are made per order.
struct IdText {
    bytes: [u8; 64],
    length: usize,
}

impl Default for IdText {
    fn default() -> Self {
        Self { bytes: [0; 64], length: 0 }
    }
}

impl IdText {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for IdText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl fmt::Display for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.origin, self.leg)?;
        if self.role == Role::Main { Ok(()) } else { write!(f, ".{}", self.role) }
    }
}

/// The longest signal id that is taken over into other ids as it is, in bytes without its prefix.
const TAIL_MAX: usize = 40;

/// 96 bits of the text's SHA-256 in lower hexadecimal.
fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_origin_the_leg_and_the_role_alone() {
        let id =
            |origin: &str, leg, role| ClientOrderId { origin: Origin::parse(origin).unwrap(), leg, role };
        let check = |id: &ClientOrderId, text: &str, order: &str, fill: &str| {
            assert_eq!(id.to_string(), text);
            assert_eq!(ClientOrderId::parse(text).as_ref(), Some(id));
            assert_eq!((id.order_id().as_str(), id.fill_id().as_str()), (order, fill));
        };
        check(&id("sig_a", 1, Role::Main), "sig_a#1", "ord_a-1", "fil_a-1-1");
        check(&id("sig_a", 2, Role::StopLoss), "sig_a#2.sl", "ord_a-2-sl", "fil_a-2-sl-1");
        check(&id("sig_a", 2, Role::TakeProfit(1)), "sig_a#2.tp", "ord_a-2-tp", "fil_a-2-tp-1");
        check(&id("sig_a", 2, Role::TakeProfit(3)), "sig_a#2.tp3", "ord_a-2-tp3", "fil_a-2-tp3-1");
        // printf 'replayed-a#1' | sha256sum, and so on: the first 24 digits.
        let hashed = [
            id("replayed-a", 1, Role::Main),
            id("command x#1", 1, Role::Main),
            id("liquidation of ord_a-1", 1, Role::Main),
        ];
        for id in &hashed {
            assert_eq!(ClientOrderId::parse(&id.to_string()).as_ref(), Some(id));
            assert_eq!(id.order_id().as_str().len(), "ord_".len() + 24);
        }
        assert_ne!(hashed[0].order_id(), hashed[1].order_id());
        for wrong in [
            "",
            "sig_a",
            "sig_a#",
            "sig_a#x",
            "sig_a#1.",
            "sig_a#1.tp0",
            "sig_a#1.tp1",
            "wh_a#1",
            "sig_a#70000",
        ] {
            assert_eq!(ClientOrderId::parse(wrong), None, "{wrong}");
        }
    }
}
