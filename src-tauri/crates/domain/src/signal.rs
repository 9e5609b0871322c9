//! The canonical signal: what an alert says, in one form whatever its dialect.

use crate::price::Price;
use crate::quantity::NetQuantity;
use crate::side::Side;
use crate::symbol::Symbol;
use crate::timestamp::Timestamp;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in JSON and the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads the word back.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
            }
        }
    };
}

words!(
    /// What the message says is to be done; what that means against the position is the broker's decision.
    Intent {
        /// Open a position.
        Open = "open",
        /// Add to a position.
        Increase = "increase",
        /// Take from a position.
        Reduce = "reduce",
        /// Close a position wholly.
        Close = "close",
        /// Turn a position round; the side is the resulting one.
        Reverse = "reverse",
        /// Bring the position to a stated size.
        Target = "target",
        /// Cancel working orders.
        Cancel = "cancel",
        /// Change a bracket.
        OrderUpdate = "order_update",
        /// Switch the receiving bot off.
        Pause = "pause",
        /// Switch the receiving bot on.
        Resume = "resume",
        /// Name a condition and no trade.
        Trigger = "trigger",
    }
);

words!(
    /// The kind of market, only from explicit evidence.
    Market {
        /// Spot.
        Spot = "spot",
        /// Perpetual swap.
        Perpetual = "perpetual",
        /// Dated or continuous future.
        Future = "future",
        /// Stock.
        Stock = "stock",
        /// Currency pair.
        Forex = "forex",
        /// Option.
        Option = "option",
    }
);

words!(
    /// What the number of a size counts.
    SizeUnit {
        /// Units of the instrument.
        Base = "base",
        /// The quote currency.
        Quote = "quote",
        /// Collateral, to be multiplied by the leverage.
        Margin = "margin",
        /// Contracts.
        Contracts = "contracts",
        /// Lots.
        Lots = "lots",
        /// Percent of equity.
        PercentEquity = "pct_equity",
        /// Percent of the available balance.
        PercentAvailable = "pct_available",
        /// Percent of the open position.
        PercentPosition = "pct_position",
        /// An amount at risk, in the quote currency.
        RiskQuote = "risk_quote",
        /// Percent of equity at risk.
        RiskPercent = "risk_pct",
    }
);

words!(
    /// How an order wants to be filled.
    OrderType {
        /// At once, at the reference price.
        Market = "market",
        /// At its limit or better.
        Limit = "limit",
        /// At the market once the stop is touched.
        Stop = "stop",
        /// As a limit order once the stop is touched.
        StopLimit = "stop_limit",
        /// At the market once the price turns back by the trail.
        TrailingStop = "trailing_stop",
    }
);

words!(
    /// How long an order stays.
    TimeInForce {
        /// Until cancelled.
        Gtc = "gtc",
        /// Until the end of the day.
        Day = "day",
        /// At once or not at all.
        Ioc = "ioc",
    }
);

words!(
    /// What the number of a trail counts.
    TrailUnit {
        /// A price distance.
        Absolute = "abs",
        /// Percent of the price.
        Percent = "pct",
    }
);

/// A size that the message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Above zero.
    pub value: Decimal,
    /// What it counts.
    pub unit: SizeUnit,
}

/// A trailing distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    /// Above zero.
    pub value: Decimal,
    /// What it counts.
    pub unit: TrailUnit,
}

/// The order that the message asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRequest {
    /// Market when the message names none.
    pub kind: OrderType,
    /// The limit price.
    pub limit: Option<Price>,
    /// The stop price.
    pub stop: Option<Price>,
    /// The trailing distance.
    pub trail: Option<Trail>,
    /// The price that a trailing stop waits for before it begins to trail; nothing means at once.
    pub activation: Option<Price>,
    /// How long it stays.
    pub time_in_force: Option<TimeInForce>,
}

impl OrderRequest {
    /// A plain market order.
    pub const MARKET: Self = Self {
        kind: OrderType::Market,
        limit: None,
        stop: None,
        trail: None,
        activation: None,
        time_in_force: None,
    };
}

/// Where a bracket leg stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BracketLevel {
    /// At a price.
    Price(Price),
    /// Percent away from the entry.
    Percent(Decimal),
    /// A price distance away from the entry.
    Absolute(Decimal),
    /// Pips away from the entry.
    Pips(Decimal),
}

/// One take-profit step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeProfit {
    /// Where.
    pub level: BracketLevel,
    /// How much of the position, in percent; those with nothing share what the others leave.
    pub portion_pct: Option<Decimal>,
}

/// The stop loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopLoss {
    /// Where; nothing when only a trail is named.
    pub level: Option<BracketLevel>,
    /// The limit price of a stop-limit.
    pub limit: Option<Price>,
    /// A trailing stop's distance.
    pub trail: Option<Trail>,
}

/// What one alert says, in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// What is to be done.
    pub intent: Intent,
    /// The direction meant; nothing where the message leaves it open.
    pub side: Option<Side>,
    /// The word that the message used for its action, lower case (`buy`, `cover`, `entrylong`); what lists show.
    pub action: String,
    /// The normalised symbol; where the signal is about none ([`Signal::about`]), the word of its command.
    pub symbol: Symbol,
    /// The symbol field as sent; empty when the webhook supplied the symbol.
    pub symbol_raw: String,
    /// The exchange, upper case, from its own field or the prefix.
    pub exchange: Option<String>,
    /// The kind of market, from explicit evidence only.
    pub market: Option<Market>,
    /// The size that the message names.
    pub size: Option<Size>,
    /// Leverage, as a factor.
    pub leverage: Option<Decimal>,
    /// The strategy's position after the order.
    pub target_position: Option<NetQuantity>,
    /// The strategy's position before the order.
    pub previous_position: Option<NetQuantity>,
    /// The order asked for.
    pub order: OrderRequest,
    /// Take-profit steps.
    pub take_profit: Vec<TakeProfit>,
    /// The stop loss.
    pub stop_loss: Option<StopLoss>,
    /// Whether the order may only take from a position.
    pub reduce_only: bool,
    /// The price that the message names.
    pub price: Option<Price>,
    /// When the alert fired.
    pub alert_time: Option<Timestamp>,
    /// The open time of the bar it fired on.
    pub bar_time: Option<Timestamp>,
    /// The greatest age, in seconds, at which it may still be executed.
    pub max_lag_s: Option<u32>,
    /// How many seconds to wait before executing it.
    pub delay_s: Option<u32>,
    /// The sender's own id of this message; unique per webhook for ever.
    pub id: Option<String>,
    /// The strategy's name.
    pub strategy: Option<String>,
    /// The comment.
    pub comment: Option<String>,
    /// Whether the sender marked it as a test.
    pub test: bool,
    /// Fields without a place of their own, as text.
    pub extras: BTreeMap<String, String>,
}

impl Signal {
    /// The symbol that the signal is about; nothing for a switch that names none.
    #[must_use]
    pub fn about(&self) -> Option<&Symbol> {
        let switches = matches!(self.intent, Intent::Pause | Intent::Resume);
        (!switches || !self.symbol_raw.is_empty()).then_some(&self.symbol)
    }

    /// A signal that says nothing but its intent, side and symbol, as a market order.
    #[must_use]
    pub fn new(intent: Intent, side: Option<Side>, action: &str, symbol: Symbol) -> Self {
        Self {
            intent,
            side,
            action: action.to_owned(),
            symbol_raw: symbol.as_str().to_owned(),
            symbol,
            exchange: None,
            market: None,
            size: None,
            leverage: None,
            target_position: None,
            previous_position: None,
            order: OrderRequest::MARKET,
            take_profit: Vec::new(),
            stop_loss: None,
            reduce_only: false,
            price: None,
            alert_time: None,
            bar_time: None,
            max_lag_s: None,
            delay_s: None,
            id: None,
            strategy: None,
            comment: None,
            test: false,
            extras: BTreeMap::new(),
        }
    }
}
