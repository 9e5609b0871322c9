//! Reads the text of an expression, from left to right and once.

use super::error::{ExpressionError, Problem};
use super::{AGO_MAX, CHARACTERS_MAX, DEPTH_MAX, FACTOR_MAX, LENGTH_MAX, Node, Series, spelling};
use crate::bar::Field;
use crate::function::{Function, Parameter, Signature};

const SOURCES: &str =
    "a source (open high low close volume hl2 hlc3 ohlc4 hlcc4) or a function such as rsi(close,14)";

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > CHARACTERS_MAX {
        return Err(ExpressionError { column: CHARACTERS_MAX + 1, problem: Problem::TooLong });
    }
    let mut parser = Parser { characters, at: 0 };
    let node = parser.node(1, SOURCES)?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.unexpected("the end, .output or [k]")),
    }
}

struct Parser {
    characters: Vec<char>,
    /// The next character, from 0.
    at: usize,
}

impl Parser {
    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        while self.characters.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    /// The characters from here on that pass.
    fn word(&mut self, passes: impl Fn(char) -> bool) -> String {
        let word: String = self.characters[self.at..].iter().take_while(|c| passes(**c)).collect();
        self.at += word.chars().count();
        word
    }

    fn name(&mut self) -> String {
        self.word(|c| c.is_alphanumeric() || c == '_')
    }

    /// Digits with at most one point between them.
    fn number(&mut self) -> String {
        self.word(|c| c.is_alphanumeric() || c == '.' || c == '-')
    }

    fn error(column_from_0: usize, problem: Problem) -> ExpressionError {
        ExpressionError { column: column_from_0 + 1, problem }
    }

    fn unexpected(&mut self, wanted: &str) -> ExpressionError {
        let found = self.peek().map(String::from).unwrap_or_default();
        Self::error(self.at, Problem::Unexpected { found, wanted: wanted.to_owned() })
    }

    /// A series with what follows it: `.output` and `[k]`, each at most once.
    fn node(&mut self, depth: usize, wanted: &str) -> Result<Node, ExpressionError> {
        let first = self.peek();
        if !first.is_some_and(|c| c.is_alphabetic() || c == '_') {
            return Err(self.unexpected(wanted));
        }
        if depth > DEPTH_MAX {
            return Err(Self::error(self.at, Problem::TooDeep));
        }
        let series = self.series(depth)?;
        let mut node = Node { series, output: None, ago: 0 };
        let mut has_ago = false;
        loop {
            match self.peek() {
                Some('.') if node.output.is_none() => node.output = Some(self.output(&node.series)?),
                Some('[') if !has_ago => {
                    node.ago = self.ago()?;
                    has_ago = true;
                }
                _ => return Ok(node),
            }
        }
    }

    fn series(&mut self, depth: usize) -> Result<Series, ExpressionError> {
        let start = self.at;
        let name = self.name();
        if let Some(function) = Function::named(&name) {
            return self.call(function, depth);
        }
        if let Some(field) = Field::ALL.iter().copied().find(|field| field.as_str() == name) {
            if self.peek() == Some('(') {
                return Err(Self::error(self.at, Problem::NoFunction(name)));
            }
            return Ok(Series::Field(field));
        }
        Err(Self::error(start, self.unknown(&name)))
    }

    fn unknown(&mut self, name: &str) -> Problem {
        let lower = name.to_lowercase();
        let pine = if lower == "ta" && self.take('.') { self.name().to_lowercase() } else { lower };
        if spelling::names().any(|known| known == pine) {
            return Problem::Spelling { wanted: pine };
        }
        let names: Vec<&str> = spelling::names().collect();
        Problem::UnknownName {
            name: name.to_owned(),
            near: spelling::near(name),
            wanted: format!("there are {}", names.join(" ")),
        }
    }

    fn call(&mut self, function: Function, depth: usize) -> Result<Series, ExpressionError> {
        let signature = function.signature();
        if !self.take('(') {
            self.peek();
            return Err(Self::error(self.at, Problem::ArgumentsMissing(signature)));
        }
        let (mut sources, mut lengths, mut factor) = (Vec::new(), Vec::new(), 0.0);
        for (index, parameter) in signature.parameters.iter().enumerate() {
            self.separate(&signature, index)?;
            match *parameter {
                Parameter::Source(name) => sources.push(self.source(&signature, name, depth)?),
                Parameter::Length(name) => lengths.push(self.length(signature, name)?),
                Parameter::Factor(name) => factor = self.factor(signature, name)?,
            }
        }
        self.close(signature)?;
        Ok(Series::Call { function, sources, lengths, factor })
    }

    /// What stands before the argument of this index, which is wanted.
    fn separate(&mut self, signature: &Signature, index: usize) -> Result<(), ExpressionError> {
        if self.peek() == Some(')') {
            let problem = Problem::ArgumentCount { signature: *signature, found: index };
            return Err(Self::error(self.at, problem));
        }
        if index == 0 || self.take(',') {
            return Ok(());
        }
        let next = signature.parameters.get(index).map_or("", |parameter| parameter.name());
        Err(self.unexpected(&format!("\",\" and then {next} of {signature}")))
    }

    fn close(&mut self, signature: Signature) -> Result<(), ExpressionError> {
        let at = self.at;
        if self.take(')') {
            return Ok(());
        }
        if self.peek() == Some(',') || (signature.parameters.is_empty() && self.peek().is_some()) {
            let more = self.characters[at..].iter().take_while(|c| **c != ')').filter(|c| **c == ',').count();
            let found = signature.parameters.len() + more.max(1);
            return Err(Self::error(self.at, Problem::ArgumentCount { signature, found }));
        }
        Err(self.unexpected(&format!("\")\" at the end of {signature}")))
    }

    fn source(&mut self, signature: &Signature, name: &str, depth: usize) -> Result<Node, ExpressionError> {
        let node = self.node(depth + 1, &format!("{name} of {signature}, {SOURCES},"))?;
        match node.unchosen() {
            Some(inner) => {
                self.peek();
                Err(Self::error(self.at, Problem::OutputMissing(inner.signature())))
            }
            None => Ok(node),
        }
    }

    fn length(&mut self, signature: Signature, name: &'static str) -> Result<usize, ExpressionError> {
        self.peek();
        let start = self.at;
        let length = self.number().parse().ok().filter(|length| (1..=LENGTH_MAX).contains(length));
        length.ok_or_else(|| Self::error(start, Problem::Length { name, signature }))
    }

    fn factor(&mut self, signature: Signature, name: &'static str) -> Result<f64, ExpressionError> {
        self.peek();
        let start = self.at;
        let text = self.number();
        let is_plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        let factor = text.parse::<f64>().ok().filter(|x| is_plain && *x > 0.0 && *x <= FACTOR_MAX);
        factor.ok_or_else(|| Self::error(start, Problem::Factor { name, signature }))
    }

    fn output(&mut self, series: &Series) -> Result<usize, ExpressionError> {
        self.take('.');
        self.peek();
        let start = self.at;
        let name = self.name();
        match series {
            Series::Field(field) => Err(Self::error(start, Problem::NoOutputs(field.as_str()))),
            Series::Call { function, .. } => {
                let signature = function.signature();
                let index = signature.outputs.iter().position(|output| *output == name);
                index.ok_or_else(|| Self::error(start, Problem::UnknownOutput { signature }))
            }
        }
    }

    fn ago(&mut self) -> Result<usize, ExpressionError> {
        self.take('[');
        self.peek();
        let start = self.at;
        let ago = self.number().parse().ok().filter(|ago| *ago <= AGO_MAX);
        let ago = ago.ok_or_else(|| Self::error(start, Problem::Ago))?;
        if self.take(']') { Ok(ago) } else { Err(self.unexpected("\"]\"")) }
    }
}
