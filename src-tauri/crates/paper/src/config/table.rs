//! Every setting: its key, what it takes and does, and how it is set and shown.

use super::forms::{
    AMOUNT, BPS, COUNT, FLAG, LIMIT, MILLIS, PERCENT, POSITIVE, RATE, amount, amount_or_share, bps, count,
    flag, millis, or_off, percent, positive, put, rate, symbols, unset_or,
};
use super::{BarPath, Config, InstrumentSettings, LimitFill};
use crate::currency::Currency;
use crate::hours::{TradingHours, Zone};
use crate::price::{PriceChoice, SlippageKind};
use crate::risk::{Directions, DrawdownFrom};
use domain::{SellMode, Sizing, Symbol, parse_decimal};
use rust_decimal::Decimal;

/// A key of the account.
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) form: &'static str,
    pub(super) description: &'static str,
    pub(super) set: fn(&mut Config, &str) -> Option<()>,
    pub(super) get: fn(&Config) -> String,
}

/// A key of an instrument.
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) field: &'static str,
    pub(super) form: &'static str,
    pub(super) description: &'static str,
    pub(super) set: fn(&mut InstrumentSettings, &str) -> Option<()>,
    pub(super) get: fn(&InstrumentSettings) -> Option<String>,
}

macro_rules! rows {
    ($($key:literal, $form:expr, $description:literal, $set:expr, $get:expr;)+) => {
        /// The keys of the account, in the order in which they are set.
        pub(super) static KEYS: &[Row] =
            &[$(Row { key: $key, form: $form, description: $description, set: $set, get: $get }),+];
    };
}

macro_rules! fields {
    ($($field:ident, $key:literal, $read:expr, $form:expr, $description:literal;)+) => {
        /// The keys of an instrument.
        pub(super) static FIELDS: &[Field] = &[$(Field {
            key: $key,
            field: stringify!($field),
            form: $form,
            description: $description,
            set: |s, v| put(&mut s.$field, unset_or(v, $read)),
            get: |s| s.$field.map(|value| value.to_string()),
        }),+];
    };
}

rows! {
    "currency", "2 to 8 letters or digits, such as USD",
        "The currency in which the account is kept.",
        |c, v| put(&mut c.currency, Currency::parse(v).ok()),
        |c| c.currency.to_string();
    "stablecoins_at_par", FLAG,
        "Whether USD, USDT, USDC, FDUSD and DAI count as the same money.",
        |c, v| put(&mut c.stablecoins_at_par, flag(v)),
        |c| c.stablecoins_at_par.to_string();
    "price_source", "market, alert or market_then_alert",
        "Which price an order starts from: the market's, the alert's, or the alert's where the market's is not fresh.",
        |c, v| put(&mut c.price_source, PriceChoice::parse(v)),
        |c| c.price_source.as_str().to_owned();
    "sell_mode", "directional, flip or target",
        "What a plain sell means: close a long, turn the position round, or follow the position in the message.",
        |c, v| put(&mut c.sell_mode, SellMode::parse(v)),
        |c| c.sell_mode.as_str().to_owned();
    "max_entries", "a whole number from 1 to 1000000000",
        "How many filled entries a position may have.",
        |c, v| put(&mut c.max_entries, count(v)),
        |c| c.max_entries.to_string();
    "sizing", "fixed:QTY, notional:AMT, pct-balance:P, pct-equity:P, risk-pct:P or off",
        "The size of an entry where neither message nor webhook name one.",
        |c, v| put(&mut c.sizing, unset_or(v, |v| Sizing::parse(v).ok())),
        |c| or_off(c.sizing);
    "fees.taker_bps", BPS,
        "The fee of fills that take a price, in basis points (1/10,000) of their worth.",
        |c, v| put(&mut c.fees.taker_bps, bps(v)),
        |c| c.fees.taker_bps.to_string();
    "fees.maker_bps", "a number from -10000 to 10000",
        "The fee of fills that waited at a limit, in basis points; below 0 is a rebate.",
        |c, v| put(&mut c.fees.maker_bps, parse_decimal(v).ok().filter(|v| v.abs() <= Decimal::from(10_000))),
        |c| c.fees.maker_bps.to_string();
    "fees.min_fee", AMOUNT,
        "The least that a fill costs; 0 for none.",
        |c, v| put(&mut c.fees.min_fee, amount(v)),
        |c| c.fees.min_fee.to_string();
    "fees.dp", "a whole number from 0 to 12, or off",
        "The decimals that fees are rounded to; off means 8 for crypto pairs and 2 otherwise.",
        |c, v| put(&mut c.fees.dp, unset_or(v, |v| v.parse().ok().filter(|dp| *dp <= 12))),
        |c| or_off(c.fees.dp);
    "slippage.kind", "ticks or bps",
        "What slippage.value counts: ticks of the instrument, or basis points of the price.",
        |c, v| put(&mut c.slippage.kind, SlippageKind::parse(v)),
        |c| c.slippage.kind.as_str().to_owned();
    "slippage.value", "a number from 0 to 9999",
        "How much worse than the reference market and stop orders fill; a sale never fills below one tick.",
        |c, v| put(&mut c.slippage.value, amount(v).filter(|v| *v < Decimal::from(10_000))),
        |c| c.slippage.value.to_string();
    "spread_bps", BPS,
        "The spread around a price that comes without a quote, in basis points; half of it is paid.",
        |c, v| put(&mut c.spread_bps, bps(v)),
        |c| c.spread_bps.to_string();
    "max_price_age_ms", "a whole number of milliseconds above 0",
        "The greatest usable age of a price, in milliseconds.",
        |c, v| put(&mut c.max_price_age_ms, millis(v)),
        |c| c.max_price_age_ms.to_string();
    "bar_path", "tv or pessimistic",
        "How the inside of a bar is walked: to the nearer extreme first as TradingView does, or to the one against the position first.",
        |c, v| put(&mut c.bar_path, BarPath::parse(v)),
        |c| c.bar_path.as_str().to_owned();
    "limit_fill", "touch or through",
        "Whether a resting limit is filled when the price touches it, or only when the price goes through it.",
        |c, v| put(&mut c.limit_fill, LimitFill::parse(v)),
        |c| c.limit_fill.as_str().to_owned();
    "risk.reduce_only", FLAG,
        "Whether the account takes exits only.",
        |c, v| put(&mut c.risk.reduce_only, flag(v)),
        |c| c.risk.reduce_only.to_string();
    "risk.direction", "both, long_only or short_only",
        "The directions that are traded.",
        |c, v| put(&mut c.risk.direction, Directions::parse(v)),
        |c| c.risk.direction.as_str().to_owned();
    "risk.symbols", "symbols with commas between, or off",
        "The only symbols that are entered.",
        |c, v| put(&mut c.risk.symbols, unset_or(v, symbols)),
        |c| or_off(c.risk.symbols.as_ref().map(|all| all.iter().map(Symbol::as_str).collect::<Vec<_>>().join(",")));
    "risk.timezone", "a time zone such as UTC or America/New_York",
        "Where days and trading hours are counted.",
        |c, v| put(&mut c.risk.zone, Zone::parse(v)),
        |c| c.risk.zone.to_string();
    "risk.trading_hours", "windows such as Mon-Fri 09:30-16:00 with commas between, or off",
        "When entries are allowed; day orders end with the session.",
        |c, v| put(&mut c.risk.hours, unset_or(v, TradingHours::parse)),
        |c| or_off(c.risk.hours.as_ref());
    "risk.max_price_deviation_bps", LIMIT,
        "How far an alert's price may be from the market's, in basis points.",
        |c, v| put(&mut c.risk.max_price_deviation_bps, unset_or(v, amount)),
        |c| or_off(c.risk.max_price_deviation_bps);
    "risk.max_order_notional", LIMIT,
        "The most that an entry may be worth.",
        |c, v| put(&mut c.risk.max_order_notional, unset_or(v, amount)),
        |c| or_off(c.risk.max_order_notional);
    "risk.max_position_notional", LIMIT,
        "The most that a position may be worth after an entry.",
        |c, v| put(&mut c.risk.max_position_notional, unset_or(v, amount)),
        |c| or_off(c.risk.max_position_notional);
    "risk.max_position_qty", LIMIT,
        "The most units that a position may have after an entry.",
        |c, v| put(&mut c.risk.max_position_qty, unset_or(v, amount)),
        |c| or_off(c.risk.max_position_qty);
    "risk.max_open_positions", COUNT,
        "The most positions that may be open at once.",
        |c, v| put(&mut c.risk.max_open_positions, unset_or(v, count)),
        |c| or_off(c.risk.max_open_positions);
    "risk.max_gross_exposure_pct", LIMIT,
        "The most that all positions may be worth together after an entry, in percent of equity.",
        |c, v| put(&mut c.risk.max_gross_exposure_pct, unset_or(v, amount)),
        |c| or_off(c.risk.max_gross_exposure_pct);
    "risk.max_daily_loss", "an amount such as 200, a share such as 2%, or off",
        "The loss of a day, open positions included, at which entries end until the next day.",
        |c, v| put(&mut c.risk.max_daily_loss, unset_or(v, amount_or_share)),
        |c| or_off(c.risk.max_daily_loss);
    "risk.max_drawdown_pct", PERCENT,
        "The drawdown at which entries end, in percent.",
        |c, v| put(&mut c.risk.max_drawdown_pct, unset_or(v, percent)),
        |c| or_off(c.risk.max_drawdown_pct);
    "risk.drawdown_from", "trailing or static",
        "What the drawdown is measured from: the highest equity so far, or the capital put in.",
        |c, v| put(&mut c.risk.drawdown, DrawdownFrom::parse(v)),
        |c| c.risk.drawdown.as_str().to_owned();
    "risk.max_orders_per_day", COUNT,
        "The most entries that may be ordered in a day.",
        |c, v| put(&mut c.risk.max_orders_per_day, unset_or(v, count)),
        |c| or_off(c.risk.max_orders_per_day);
    "risk.max_consecutive_losses", COUNT,
        "The losing round trips in a row at which entries end until the next day.",
        |c, v| put(&mut c.risk.max_consecutive_losses, unset_or(v, count)),
        |c| or_off(c.risk.max_consecutive_losses);
    "risk.cooldown_after_loss_ms", MILLIS,
        "How long no entry is allowed after a losing round trip.",
        |c, v| put(&mut c.risk.cooldown_after_loss_ms, unset_or(v, millis)),
        |c| or_off(c.risk.cooldown_after_loss_ms);
    "risk.symbol_cooldown_ms", MILLIS,
        "How long no entry in the same symbol is allowed after a losing round trip.",
        |c, v| put(&mut c.risk.symbol_cooldown_ms, unset_or(v, millis)),
        |c| or_off(c.risk.symbol_cooldown_ms);
    "risk.require_stop", FLAG,
        "Whether every entry must have a stop loss.",
        |c, v| put(&mut c.risk.require_stop, flag(v)),
        |c| c.risk.require_stop.to_string();
    "instrument.symbol", "a symbol such as BTCUSDT, or off",
        "The only symbol that the other instrument settings are for.",
        |c, v| put(&mut c.instrument.symbol, unset_or(v, |v| Symbol::new(v).ok())),
        |c| or_off(c.instrument.symbol.as_ref());
}

fields! {
    tick, "instrument.tick", positive, POSITIVE,
        "The smallest change of a price; off means the last decimal of the prices seen.";
    step, "instrument.step", positive, POSITIVE,
        "The smallest change of a quantity; off means 1 for stocks and futures and 0.00000001 otherwise.";
    min_qty, "instrument.min_qty", amount, LIMIT,
        "The smallest quantity of an order; off means the step.";
    max_qty, "instrument.max_qty", positive, POSITIVE,
        "The largest quantity of an entry; off means any.";
    min_notional, "instrument.min_notional", amount, LIMIT,
        "The least that an order is worth.";
    multiplier, "instrument.multiplier", positive, POSITIVE,
        "What one unit gains when the price rises by 1; off means 1.";
    init_margin_long, "instrument.init_margin_long", rate, RATE,
        "The share of its worth that a long ties up; off means 1, fully funded.";
    init_margin_short, "instrument.init_margin_short", rate, RATE,
        "The share of its worth that a short ties up; off means 1, fully funded.";
    pip, "instrument.pip", positive, POSITIVE,
        "One pip, for levels in pips; off means 0.0001 (0.01 for yen) for currency pairs and one tick otherwise.";
    shortable, "instrument.shortable", flag, "true, false or off",
        "Whether it can be sold short; off means yes.";
}
