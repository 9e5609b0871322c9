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
