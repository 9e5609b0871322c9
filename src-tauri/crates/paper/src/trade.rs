//! Round trips: a position from flat to flat, as one record.

use domain::{Money, OrderId, Price, Quantity, Side, Symbol, Timestamp};
use rust_decimal::Decimal;
use std::fmt;

/// A round trip that is over. Money is in the account's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// What was traded.
    pub symbol: Symbol,
    /// Long or short.
    pub direction: Side,
    /// The order whose fill opened it; an order opens one round trip at most.
    pub opened_by: OrderId,
    /// The order whose fill closed it; an order closes one round trip at most.
    pub closed_by: OrderId,
    /// The most that was held.
    pub quantity_max: Quantity,
    /// The quantity-weighted average of the entries' prices, to 28 digits.
    pub price_entry: Decimal,
    /// The quantity-weighted average of the exits' prices, to 28 digits.
    pub price_exit: Decimal,
    /// Profit without fees.
    pub gross: Money,
    /// Its fees; of a fill that closed it and opened the next, the share of the closed quantity.
    pub fees: Money,
    /// `gross - fees`.
    pub net: Money,
    /// What its stop losses put at risk when it was entered; nothing where the first entry had none.
    pub risk: Option<Money>,
    /// `net / risk`, to 28 digits.
    pub r: Option<Decimal>,
    /// The least unrealised profit while it was open, fees not included.
    pub mae: Money,
    /// The greatest unrealised profit while it was open, fees not included.
    pub mfe: Money,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// Closed bars that were walked while it was open.
    pub bars: u32,
    /// What closed it, every way of it.
    pub exits: ExitReasons,
}

/// The round trip that a position is in, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTrade {
    /// The order whose fill opened it.
    pub opened_by: OrderId,
    /// When.
    pub opened_at: Timestamp,
    /// The most that was held.
    pub quantity_max: Quantity,
    /// How much was bought into it (for a short: sold).
    pub entry_quantity: Quantity,
    /// What that was worth: the sum of quantity times price times multiplier.
    pub entry_notional: Money,
    /// How much of it was closed.
    pub exit_quantity: Quantity,
    /// What that was worth.
    pub exit_notional: Money,
    /// Profit realised so far, fees not included.
    pub gross: Money,
    /// Fees so far.
    pub fees: Money,
    /// What stop losses put at risk; nothing where the first entry had none.
    pub risk: Option<Money>,
    /// The least unrealised profit so far.
    pub mae: Money,
    /// The greatest unrealised profit so far.
    pub mfe: Money,
    /// Closed bars walked so far.
    pub bars: u32,
    /// What closed parts of it so far.
    pub exits: ExitReasons,
}

/// What closes a position, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitReason {
    /// A signal's own exit.
    Signal,
    /// A take profit.
    TakeProfit,
    /// A stop loss.
    StopLoss,
    /// A stop loss that trails.
    TrailingStop,
    /// An entry of the other direction.
    Reversal,
    /// The user.
    User,
    /// The ruin of the account.
    Liquidation,
}

impl ExitReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Signal,
        Self::TakeProfit,
        Self::StopLoss,
        Self::TrailingStop,
        Self::Reversal,
        Self::User,
        Self::Liquidation,
    ];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::TakeProfit => "take_profit",
            Self::StopLoss => "stop_loss",
            Self::TrailingStop => "trailing_stop",
            Self::Reversal => "reversal",
            Self::User => "user",
            Self::Liquidation => "liquidation",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }

    fn bit(self) -> u8 {
        match self {
            Self::Signal => 1,
            Self::TakeProfit => 1 << 1,
            Self::StopLoss => 1 << 2,
            Self::TrailingStop => 1 << 3,
            Self::Reversal => 1 << 4,
            Self::User => 1 << 5,
            Self::Liquidation => 1 << 6,
        }
    }
}

/// A set of exit reasons; its text is their words with commas between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ExitReasons(u8);

impl ExitReasons {
    /// This set with `reason` in it.
    #[must_use]
    pub fn with(self, reason: ExitReason) -> Self {
        Self(self.0 | reason.bit())
    }

    /// The reasons, each once.
    pub fn iter(self) -> impl Iterator<Item = ExitReason> {
        ExitReason::ALL.into_iter().filter(move |reason| self.0 & reason.bit() != 0)
    }

    /// Reads the text back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',')
            .filter(|word| !word.is_empty())
            .try_fold(Self::default(), |all, word| Some(all.with(ExitReason::parse(word)?)))
    }
}

impl fmt::Display for ExitReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, reason) in self.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { "," })?;
            f.write_str(reason.as_str())?;
        }
        Ok(())
    }
}

/// The average price of `quantity` that was worth `notional`, for display.
pub(crate) fn price_average(notional: Money, quantity: Quantity, multiplier: Decimal) -> Decimal {
    let per_unit = notional.get().checked_div(quantity.get()).and_then(|p| p.checked_div(multiplier));
    per_unit.unwrap_or(Decimal::ZERO)
}

/// What a stop loss at `stop` puts at risk.
pub(crate) fn distance(price: Price, stop: Price) -> Decimal {
    price.get().checked_sub(stop.get()).unwrap_or(Decimal::ZERO).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_reasons_are_a_set_and_are_read_back() {
        let both = ExitReasons::default()
            .with(ExitReason::StopLoss)
            .with(ExitReason::Signal)
            .with(ExitReason::StopLoss);
        assert_eq!(both.to_string(), "signal,stop_loss");
        assert_eq!(ExitReasons::parse("stop_loss,signal"), Some(both));
        assert_eq!(ExitReasons::parse(""), Some(ExitReasons::default()));
        assert_eq!(ExitReasons::parse("boredom"), None);
        let all = ExitReason::ALL.into_iter().fold(ExitReasons::default(), ExitReasons::with);
        assert_eq!(all.iter().collect::<Vec<_>>(), ExitReason::ALL);
        assert_eq!(ExitReasons::parse(&all.to_string()), Some(all));
    }
}
