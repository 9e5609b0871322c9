//! The functions of the expression language: what they take and what they give.

use std::fmt;

/// What a function takes in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// A series: a field of the bar or a nested expression.
    Source(&'static str),
    /// A whole number of bars.
    Length(&'static str),
    /// A number above zero.
    Factor(&'static str),
}

impl Parameter {
    /// Its name in the signature.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Source(name) | Self::Length(name) | Self::Factor(name) => name,
        }
    }
}

/// A function's name, what it takes and what it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The name.
    pub name: &'static str,
    /// What it takes, in this order.
    pub parameters: &'static [Parameter],
    /// The names of its outputs, of which one is chosen by `.name`; none where there is only one.
    pub outputs: &'static [&'static str],
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (index, parameter) in self.parameters.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}", parameter.name())?;
        }
        f.write_str(")")
    }
}

macro_rules! functions {
    ($($variant:ident $name:literal ($($kind:ident $parameter:literal),*) [$($output:literal),*];)+) => {
        /// A function of the expression language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Function {
            $(#[doc = concat!("`", $name, "`.")] $variant,)+
        }

        impl Function {
            /// Every function.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// What it is called, takes and gives.
            #[must_use]
            pub fn signature(self) -> Signature {
                match self {
                    $(Self::$variant => Signature {
                        name: $name,
                        parameters: &[$(Parameter::$kind($parameter)),*],
                        outputs: &[$($output),*],
                    },)+
                }
            }
        }
    };
}

functions! {
    Sma "sma" (Source "src", Length "n") [];
    Ema "ema" (Source "src", Length "n") [];
    Rma "rma" (Source "src", Length "n") [];
    Wma "wma" (Source "src", Length "n") [];
    Stdev "stdev" (Source "src", Length "n") [];
    Highest "highest" (Source "src", Length "n") [];
    Lowest "lowest" (Source "src", Length "n") [];
    Roc "roc" (Source "src", Length "n") [];
    Rsi "rsi" (Source "src", Length "n") [];
    Cci "cci" (Source "src", Length "n") [];
    Mfi "mfi" (Source "src", Length "n") [];
    Macd "macd" (Source "src", Length "fast", Length "slow", Length "signal") ["macd", "signal", "hist"];
    Bb "bb" (Source "src", Length "n", Factor "mult") ["upper", "basis", "lower"];
    Stoch "stoch" (Source "src", Source "high", Source "low", Length "n") [];
    Atr "atr" (Length "n") [];
    Dmi "dmi" (Length "di_len", Length "adx_len") ["plus", "minus", "adx"];
    Supertrend "supertrend" (Factor "factor", Length "n") ["value", "direction"];
    Vwap "vwap" () [];
    Obv "obv" () [];
    Wpr "wpr" (Length "n") [];
}

impl Function {
    /// The function of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.signature().name == name)
    }
}
