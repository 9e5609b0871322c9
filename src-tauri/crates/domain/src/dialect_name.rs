//! Names of the alert formats.

use std::fmt;

macro_rules! dialects {
    ($($variant:ident = $text:literal, $title:literal;)+) => {
        /// The format of an alert body.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DialectName {
            $(#[doc = $title] $variant,)+
        }

        impl DialectName {
            /// Every dialect.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name used in JSON, the database and on the command line.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The name shown to people.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

dialects! {
    Vantixs = "vantixs", "Vantixs";
    AlgoTradeAnalytics = "algo-trade-analytics", "Algo Trade Analytics";
    StratOne = "stratone", "StratOne";
    Atomik = "atomik", "Atomik";
    TradersPost = "traderspost", "TradersPost";
    TrendSpider = "trendspider", "TrendSpider";
    ThreeCommasStrategy = "3commas-strategy", "3Commas signal bot, strategy type";
    ThreeCommasCustom = "3commas-custom", "3Commas signal bot, custom type";
    ThreeCommasDca = "3commas-dca", "3Commas DCA bot";
    PineConnector = "pineconnector", "PineConnector";
    OpenAlgo = "openalgo", "OpenAlgo";
    Chartink = "chartink", "Chartink";
    OctoBot = "octobot", "OctoBot";
    Alertatron = "alertatron", "Alertatron";
    AlertatronLite = "alertatron-lite", "Alertatron Signals Lite";
    WunderTrading = "wundertrading", "WunderTrading";
    Okx = "okx", "OKX signal bot";
    BloFin = "blofin", "BloFin signal bot";
    Finandy = "finandy", "Finandy";
    PickMyTrade = "pickmytrade", "PickMyTrade";
    TvHub = "tv-hub", "TV-Hub";
    Altrady = "altrady", "Altrady";
    Jackrabbit = "jackrabbit", "Jackrabbit Relay";
    Tickerly = "tickerly", "Tickerly";
    Thibaultyou = "thibaultyou", "tradingview-alerts-processor";
    Junta = "junta", "dYdX bot of junta";
    MetaApi = "metaapi", "MetaApi";
    CrossTrade = "crosstrade", "CrossTrade";
    Whook = "whook", "whook";
    Autoview = "autoview", "Autoview";
    Frostybot = "frostybot", "Frostybot";
    Bva = "bva", "Bitcoin vs Altcoins";
    Password = "password", "password line";
    Generic = "generic", "any JSON with an action and a symbol";
}

impl DialectName {
    /// Reads the name back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|d| d.as_str() == text)
    }
}

impl fmt::Display for DialectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
