//! What is wrong with the text of an expression.

use super::{AGO_MAX, CHARACTERS_MAX, DEPTH_MAX, FACTOR_MAX, LENGTH_MAX};
use crate::function::Signature;
use std::fmt;
use thiserror::Error;

/// A text that is no expression.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("column {column}: {problem}")]
pub struct ExpressionError {
    /// Where, in characters from 1.
    pub column: usize,
    /// What.
    pub problem: Problem,
}

/// What is wrong at a column, and what may stand there.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// The text is longer than is read.
    TooLong,
    /// Something else was wanted.
    Unexpected {
        /// What stands there; empty at the end of the text.
        found: String,
        /// What may stand there.
        wanted: String,
    },
    /// No function and no source has this name.
    UnknownName {
        /// The name.
        name: String,
        /// Names that are like it.
        near: Vec<&'static str>,
        /// What may stand there.
        wanted: String,
    },
    /// A function's name in upper case or with Pine's `ta.` before it.
    Spelling {
        /// How it is written here.
        wanted: String,
    },
    /// A function without what it takes.
    ArgumentsMissing(Signature),
    /// A function with more or fewer than it takes.
    ArgumentCount {
        /// The function.
        signature: Signature,
        /// How many there are.
        found: usize,
    },
    /// A source in brackets, as if it were a function.
    NoFunction(String),
    /// A number of bars that is none or too many.
    Length {
        /// Its name in the signature.
        name: &'static str,
        /// The function.
        signature: Signature,
    },
    /// A multiplier that is not above zero or too great.
    Factor {
        /// Its name in the signature.
        name: &'static str,
        /// The function.
        signature: Signature,
    },
    /// A `[k]` that is no whole number or too great.
    Ago,
    /// An output that the function does not have.
    UnknownOutput {
        /// The function.
        signature: Signature,
    },
    /// A field of the bar, which has no outputs.
    NoOutputs(&'static str),
    /// A function with several outputs of which none is chosen.
    OutputMissing(Signature),
    /// Expressions nested deeper than is read.
    TooDeep,
}

fn outputs(signature: &Signature) -> String {
    let names: Vec<String> = signature.outputs.iter().map(|name| format!(".{name}")).collect();
    names.join(", ")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "an expression has at most {CHARACTERS_MAX} characters"),
            Self::Unexpected { found, wanted } if found.is_empty() => {
                write!(f, "the expression ends here, but {wanted} is wanted")
            }
            Self::Unexpected { found, wanted } => write!(f, "here stands {found:?}, but {wanted} is wanted"),
            Self::UnknownName { name, near, wanted } if near.is_empty() => {
                write!(f, "there is no {name:?}; {wanted}")
            }
            Self::UnknownName { name, near, .. } => {
                write!(f, "there is no {name:?}; did you mean {}?", near.join(" or "))
            }
            Self::Spelling { wanted } => {
                write!(f, "write {wanted}: names are in lower case and without \"ta.\"")
            }
            Self::ArgumentsMissing(signature) => write!(f, "\"(\" is wanted: it is written {signature}"),
            Self::ArgumentCount { signature, found } => write!(
                f,
                "{signature} takes {} in its brackets, not {found}",
                match signature.parameters.len() {
                    0 => "nothing".to_owned(),
                    count => count.to_string(),
                }
            ),
            Self::NoFunction(name) => write!(f, "{name} is a source and takes nothing in brackets"),
            Self::Length { name, signature } => {
                write!(f, "{name} of {signature} is a whole number of bars from 1 to {LENGTH_MAX}")
            }
            Self::Factor { name, signature } => {
                write!(f, "{name} of {signature} is a number above 0, at most {FACTOR_MAX}")
            }
            Self::Ago => write!(f, "[k] is a whole number of bars from 0 to {AGO_MAX}"),
            Self::UnknownOutput { signature } if signature.outputs.is_empty() => {
                write!(f, "{signature} has a single output: leave the name out")
            }
            Self::UnknownOutput { signature } => write!(f, "{signature} has {}", outputs(signature)),
            Self::NoOutputs(field) => write!(f, "{field} has a single value: leave the name out"),
            Self::OutputMissing(signature) => {
                write!(f, "{signature} has several outputs: add one of {}", outputs(signature))
            }
            Self::TooDeep => write!(f, "expressions are nested at most {DEPTH_MAX} deep"),
        }
    }
}
