//! Expressions: `rsi(close,14)`, `macd(close,12,26,9).signal`, `sma(rsi(close,14),3)[1]`.
//!
//! A source is a field of the bar or an expression; `.name` chooses one output of several; `[k]` is the value k bars
//! ago. Deliberately absent: arithmetic, comparisons (a strategy's conditions compare), names for series.

mod error;
mod parser;
mod spelling;

pub use error::{ExpressionError, Problem};

use crate::bar::Field;
use crate::function::Function;
use crate::study::Study;
use crate::warm_up::{WarmUp, ema_weight, rma_weight};
use std::fmt;

/// The longest text of an expression, in characters.
pub(crate) const CHARACTERS_MAX: usize = 500;
/// How deep expressions may be nested in one another.
pub(crate) const DEPTH_MAX: usize = 8;
/// The longest length, in bars.
pub(crate) const LENGTH_MAX: usize = 1_000;
/// The greatest k of `[k]`, in bars.
pub(crate) const AGO_MAX: usize = 500;
/// The greatest multiplier of bands.
pub(crate) const FACTOR_MAX: f64 = 100.0;

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    node: Node,
}

/// A series, which output of it, and how many bars ago.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) series: Series,
    /// Which of the outputs, where one was chosen.
    pub(crate) output: Option<usize>,
    pub(crate) ago: usize,
}

/// What is computed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Series {
    Field(Field),
    Call { function: Function, sources: Vec<Node>, lengths: Vec<usize>, factor: f64 },
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`ExpressionError`] with the column at which the text cannot be used and what may stand there.
    ///
    /// ```
    /// use indicators::Expression;
    /// let expression = Expression::parse("bb(close,20,2)").unwrap();
    /// assert_eq!(expression.outputs(), ["upper", "basis", "lower"]);
    /// let error = Expression::parse("rsi(close,0)").unwrap_err();
    /// assert_eq!(error.column, 11);
    /// ```
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        let node = parser::parse(text)?;
        Ok(Self { text: text.trim().to_owned(), node })
    }

    /// Reads an expression that gives one number for every bar.
    ///
    /// # Errors
    /// As [`Expression::parse`], and [`Problem::OutputMissing`] where there are several outputs and none is chosen.
    pub fn parse_single(text: &str) -> Result<Self, ExpressionError> {
        let expression = Self::parse(text)?;
        match expression.node.unchosen() {
            Some(function) => {
                let column = text.trim_end().chars().count() + 1;
                Err(ExpressionError { column, problem: Problem::OutputMissing(function.signature()) })
            }
            None => Ok(expression),
        }
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of what it gives for every bar, in order: the outputs of a function with several, else the one
    /// chosen, else the function or field.
    #[must_use]
    pub fn outputs(&self) -> Vec<&'static str> {
        match &self.node.series {
            Series::Field(field) => vec![field.as_str()],
            Series::Call { function, .. } => {
                let signature = function.signature();
                match (self.node.output, signature.outputs) {
                    (Some(index), outputs) => outputs.iter().copied().skip(index).take(1).collect(),
                    (None, []) => vec![signature.name],
                    (None, outputs) => outputs.to_vec(),
                }
            }
        }
    }

    /// How many bars it needs.
    #[must_use]
    pub fn warm_up(&self) -> WarmUp {
        self.node.warm_up()
    }

    /// Whether its values are prices and so belong over the candles, not on a scale of their own.
    ///
    /// ```
    /// use indicators::Expression;
    /// let is_price = |text: &str| Expression::parse(text).unwrap().is_price();
    /// assert!(is_price("ema(hl2,20)") && is_price("bb(close,20,2).upper"));
    /// assert!(!is_price("rsi(close,14)") && !is_price("sma(volume,20)"));
    /// ```
    #[must_use]
    pub fn is_price(&self) -> bool {
        self.node.is_price()
    }

    /// The expression over a series of bars, before the first one.
    #[must_use]
    pub fn study(&self) -> Study {
        Study::of(&self.node)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Node {
    /// The function with several outputs of which none is chosen.
    fn unchosen(&self) -> Option<Function> {
        match &self.series {
            Series::Field(_) => None,
            Series::Call { function, .. } => {
                let is_open = self.output.is_none() && !function.signature().outputs.is_empty();
                is_open.then_some(*function)
            }
        }
    }

    fn is_price(&self) -> bool {
        match &self.series {
            Series::Field(field) => *field != Field::Volume,
            Series::Call { function, sources, .. } => match function {
                Function::Sma
                | Function::Ema
                | Function::Rma
                | Function::Wma
                | Function::Highest
                | Function::Lowest
                | Function::Bb => sources.iter().all(Self::is_price),
                Function::Supertrend => self.output == Some(0),
                Function::Vwap => true,
                Function::Stdev
                | Function::Roc
                | Function::Rsi
                | Function::Cci
                | Function::Mfi
                | Function::Macd
                | Function::Stoch
                | Function::Atr
                | Function::Dmi
                | Function::Obv
                | Function::Wpr => false,
            },
        }
    }

    fn warm_up(&self) -> WarmUp {
        let own = match &self.series {
            Series::Field(_) => WarmUp::window(1),
            Series::Call { function, sources, lengths, .. } => {
                let of_sources = sources.iter().map(Self::warm_up);
                let source = of_sources.reduce(WarmUp::max).unwrap_or(WarmUp::window(1));
                own_warm_up(*function, lengths).after(source)
            }
        };
        own.later(self.ago)
    }
}

/// What a function needs of its sources.
fn own_warm_up(function: Function, lengths: &[usize]) -> WarmUp {
    let length = |index: usize| lengths.get(index).copied().unwrap_or(1);
    let n = length(0);
    match function {
        Function::Sma
        | Function::Wma
        | Function::Stdev
        | Function::Highest
        | Function::Lowest
        | Function::Cci
        | Function::Bb
        | Function::Stoch
        | Function::Wpr => WarmUp::window(n),
        // The one before the window decides which way the first flow goes.
        Function::Roc | Function::Mfi => WarmUp::window(n + 1),
        Function::Ema => WarmUp::decaying(n, &[ema_weight(n)]),
        Function::Rma | Function::Atr | Function::Supertrend => WarmUp::decaying(n, &[rma_weight(n)]),
        Function::Rsi => WarmUp::decaying(n + 1, &[rma_weight(n)]),
        Function::Macd => {
            let (slow, signal) = (n.max(length(1)), length(2));
            WarmUp::decaying(slow + signal - 1, &[ema_weight(slow), ema_weight(signal)])
        }
        Function::Dmi => WarmUp::decaying(n + length(1), &[rma_weight(n), rma_weight(length(1))]),
        Function::Vwap => WarmUp { session: true, ..WarmUp::window(1) },
        Function::Obv => WarmUp::window(2),
    }
}

#[cfg(test)]
mod tests;
