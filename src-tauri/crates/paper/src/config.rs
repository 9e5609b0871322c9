//! The settings of an account, and their text form: dotted keys with a value each.
//!
//! Deliberately absent: the opening cash and the webhook's own settings (duplicate window, state, size), which come
//! from elsewhere.

mod forms;
mod keys;
mod table;

use crate::currency::Currency;
use crate::fee::FeeSchedule;
use crate::instrument::{Instrument, InstrumentSettings};
use crate::price::{PriceChoice, Slippage};
use crate::risk::RiskLimits;
use domain::{Market, SellMode, Sizing, Symbol};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub use keys::{ConfigError, ConfigErrorKind, ConfigKey};

/// The settings of an account. The default is an account without fees, slippage or spread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The settlement currency.
    pub currency: Currency,
    /// Whether USD, USDT, USDC, FDUSD and DAI settle at par.
    pub stablecoins_at_par: bool,
    /// Which price a market order starts from.
    pub price_source: PriceChoice,
    /// What a plain sell means where the webhook does not say.
    pub sell_mode: SellMode,
    /// How many filled entries a position may have, 1 or more.
    pub max_entries: u32,
    /// The size of an entry where neither message nor webhook name one; unset: 100 in a StratOne message, else 1.
    pub sizing: Option<Sizing>,
    /// Fees.
    pub fees: FeeSchedule,
    /// Slippage of market orders.
    pub slippage: Slippage,
    /// The spread around a last price, in basis points (1/10,000), 0 to 10,000.
    pub spread_bps: Decimal,
    /// The greatest usable age of a price, in milliseconds; exactly that age is usable.
    pub max_price_age_ms: u64,
    /// How the inside of a closed bar is walked.
    pub bar_path: BarPath,
    /// When a resting limit is filled.
    pub limit_fill: LimitFill,
    /// The limits on entries.
    pub risk: RiskLimits,
    /// What is said about instruments in general, or about the one named.
    pub instrument: GeneralInstrument,
    /// What is said about instruments by symbol; wins over `instrument`.
    pub instruments: BTreeMap<Symbol, InstrumentSettings>,
    /// What the account's venue demands of instruments by symbol; counts where nothing else is said. No setting of the
    /// user's, and so not among [`Config::entries`].
    pub of_venue: BTreeMap<Symbol, InstrumentSettings>,
}

/// Settings for every instrument, or for one where `symbol` names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GeneralInstrument {
    /// The only symbol that the settings are for; unset: all.
    pub symbol: Option<Symbol>,
    /// The settings.
    pub settings: InstrumentSettings,
}

/// How the inside of a closed bar is walked, of which only four prices are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BarPath {
    /// From the open to the extreme that is nearer, then to the other, then to the close; as TradingView does.
    #[default]
    TradingView,
    /// The extreme against the open position first.
    Pessimistic,
}

impl BarPath {
    /// Every path.
    pub const ALL: [Self; 2] = [Self::TradingView, Self::Pessimistic];

    /// The word used in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TradingView => "tv",
            Self::Pessimistic => "pessimistic",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

/// When a resting limit is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LimitFill {
    /// When the price touches it.
    #[default]
    Touch,
    /// When the price goes through it.
    Through,
}

impl LimitFill {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Touch, Self::Through];

    /// The word used in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Touch => "touch",
            Self::Through => "through",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            currency: Currency::parse("USD").expect("BUG: USD is a currency code"),
            stablecoins_at_par: true,
            price_source: PriceChoice::default(),
            sell_mode: SellMode::default(),
            max_entries: 1,
            sizing: None,
            fees: FeeSchedule::default(),
            slippage: Slippage::default(),
            spread_bps: Decimal::ZERO,
            max_price_age_ms: 60_000,
            bar_path: BarPath::default(),
            limit_fill: LimitFill::default(),
            risk: RiskLimits::default(),
            instrument: GeneralInstrument::default(),
            instruments: BTreeMap::new(),
            of_venue: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The instrument behind `symbol`, every question answered. `price_scale` is the number of decimals of the finest
    /// price seen.
    #[must_use]
    pub fn instrument(&self, symbol: &Symbol, market: Option<Market>, price_scale: u32) -> Instrument {
        let general = match &self.instrument.symbol {
            Some(only) if only != symbol => InstrumentSettings::default(),
            Some(_) | None => self.instrument.settings,
        };
        let of = |said: &BTreeMap<Symbol, InstrumentSettings>| said.get(symbol).copied().unwrap_or_default();
        let settings = of(&self.instruments).or(general).or(of(&self.of_venue));
        Instrument::resolve(settings, symbol, market, price_scale)
    }
}
