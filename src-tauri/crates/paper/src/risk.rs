//! What an account risks at most, and what has to be remembered to know.

use crate::hours::{TradingHours, Zone};
use domain::{Money, Side, Symbol, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::fmt;

/// The limits of an account on entries; an unset limit is no limit. Exits are never held up by them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskLimits {
    /// Whether only exits are allowed.
    pub reduce_only: bool,
    /// The directions that are traded.
    pub direction: Directions,
    /// The symbols that are traded; unset: all.
    pub symbols: Option<BTreeSet<Symbol>>,
    /// Where days and trading hours are counted.
    pub zone: Zone,
    /// When entries are allowed; unset: always.
    pub hours: Option<TradingHours>,
    /// How far an alert's price may be from a fresh market price, in basis points; more is refused.
    pub max_price_deviation_bps: Option<Decimal>,
    /// The most that an order may be worth.
    pub max_order_notional: Option<Decimal>,
    /// The most that a position may be worth after an order.
    pub max_position_notional: Option<Decimal>,
    /// The most units that a position may have after an order.
    pub max_position_qty: Option<Decimal>,
    /// The most positions that may be open at once.
    pub max_open_positions: Option<u32>,
    /// The most that all positions together may be worth after an order, long or short, in percent of equity.
    pub max_gross_exposure_pct: Option<Decimal>,
    /// The loss of a day, open positions included, at which entries end for the day.
    pub max_daily_loss: Option<Amount>,
    /// The loss from the peak, in percent of it, at which entries end.
    pub max_drawdown_pct: Option<Decimal>,
    /// What the drawdown is measured from.
    pub drawdown: DrawdownFrom,
    /// The most entry orders in a day, filled or not.
    pub max_orders_per_day: Option<u32>,
    /// The losing round trips in a row at which entries end for the day.
    pub max_consecutive_losses: Option<u32>,
    /// How long no entry is allowed after a losing round trip, in milliseconds.
    pub cooldown_after_loss_ms: Option<u64>,
    /// The same for the symbol of the loss alone.
    pub symbol_cooldown_ms: Option<u64>,
    /// Whether every entry must have a stop loss.
    pub require_stop: bool,
}

impl Default for RiskLimits {
    fn default() -> Self {
        Self {
            reduce_only: false,
            direction: Directions::default(),
            symbols: None,
            zone: Zone::utc(),
            hours: None,
            max_price_deviation_bps: Some(Decimal::from(500)),
            max_order_notional: None,
            max_position_notional: None,
            max_position_qty: None,
            max_open_positions: None,
            max_gross_exposure_pct: None,
            max_daily_loss: None,
            max_drawdown_pct: None,
            drawdown: DrawdownFrom::default(),
            max_orders_per_day: None,
            max_consecutive_losses: None,
            cooldown_after_loss_ms: None,
            symbol_cooldown_ms: None,
            require_stop: false,
        }
    }
}

/// An amount of the account's currency, or a share of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// In the account's currency.
    Money(Decimal),
    /// In percent.
    Percent(Decimal),
}

impl fmt::Display for Amount {
    /// `200`, or `2%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(amount) => amount.fmt(f),
            Self::Percent(share) => write!(f, "{share}%"),
        }
    }
}

/// The directions that an account trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Directions {
    /// Long and short.
    #[default]
    Both,
    /// Long only.
    LongOnly,
    /// Short only.
    ShortOnly,
}

impl Directions {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Both, Self::LongOnly, Self::ShortOnly];

    /// The word used in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::LongOnly => "long_only",
            Self::ShortOnly => "short_only",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == text)
    }

    /// Whether `side` is among them.
    #[must_use]
    pub fn allow(self, side: Side) -> bool {
        match self {
            Self::Both => true,
            Self::LongOnly => side == Side::Long,
            Self::ShortOnly => side == Side::Short,
        }
    }
}

/// What a drawdown is measured from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DrawdownFrom {
    /// The highest equity so far; deposits and withdrawals move it.
    #[default]
    Trailing,
    /// The capital put in.
    Static,
}

impl DrawdownFrom {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Trailing, Self::Static];

    /// The word used in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trailing => "trailing",
            Self::Static => "static",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == text)
    }
}

/// What the limits look back on. It changes only together with something else of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RiskState {
    /// The day that the figures of the day are of: days since 1970-01-01 in the account's time zone; nothing before
    /// the first event.
    pub day: Option<i64>,
    /// The equity just before the first event of the day; deposits and withdrawals move it.
    pub equity_day_start: Money,
    /// Entry orders placed on the day.
    pub orders_today: u32,
    /// Losing round trips in a row, up to the last one that ended on the day.
    pub losses_in_a_row: u32,
    /// The highest equity so far.
    pub equity_peak: Money,
    /// When the last losing round trip was closed.
    pub last_loss_at: Option<Timestamp>,
}

impl RiskState {
    /// The state of a new account.
    pub(crate) fn opened(opening: Money) -> Self {
        Self { equity_day_start: opening, equity_peak: opening, ..Self::default() }
    }

    /// The state on `day`: a new day begins with the present `equity`. Days do not go backwards.
    pub(crate) fn on(self, day: i64, equity: Money) -> Self {
        if self.day.is_some_and(|known| day <= known) {
            return self;
        }
        Self { day: Some(day), equity_day_start: equity, orders_today: 0, losses_in_a_row: 0, ..self }
    }

    /// The state after a round trip that was closed at `at`.
    pub(crate) fn closed(self, net: Money, at: Timestamp) -> Self {
        if net < Money::ZERO {
            Self { losses_in_a_row: self.losses_in_a_row.saturating_add(1), last_loss_at: Some(at), ..self }
        } else {
            Self { losses_in_a_row: 0, ..self }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::d;

    #[test]
    fn a_new_account_has_lost_nothing_yet() {
        let opening = Money::new(d("1000"));
        let risk = RiskState::opened(opening);
        assert_eq!((risk.day, risk.equity_day_start, risk.equity_peak), (None, opening, opening));
        assert_eq!((risk.orders_today, risk.losses_in_a_row, risk.last_loss_at), (0, 0, None));
    }
}
