//! Strategy files: read strictly, with every fault and its place, and written in one form.

use super::StrategyFault;
use super::json::Json;
use domain::{Symbol, Timeframe};
use indicators::ExpressionError;
use serde_json::{Map, Value, json};
use strategy::{
    ApplyTo, Comparison, Condition, Crossing, Definition, Leaf, Moment, OnUnknown, Operand, Slope, Strategy,
    Test,
};

/// The longest file, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 64 * 1024;
/// The format that is read and written.
const FORMAT: f64 = 1.0;
const VENUES: [&str; 5] = ["binance", "kraken", "coinbase", "bybit", "okx"];
const OPERATORS: &str = "> >= < <= == crosses_above crosses_below rising falling between";

/// Reads a file.
pub(crate) fn read(text: &str) -> Result<Strategy, Vec<StrategyFault>> {
    let whole = |error: String, at: (Option<u32>, Option<u32>)| {
        vec![StrategyFault { path: String::new(), line: at.0, column: at.1, error }]
    };
    if text.len() > FILE_BYTES_MAX {
        return Err(whole(format!("The file is over {} KiB.", FILE_BYTES_MAX / 1024), (None, None)));
    }
    let json: Json = serde_json::from_str(text).map_err(|e| {
        let told = e.to_string();
        let cause = told.rsplit_once(" at line ").map_or(told.as_str(), |(cause, _)| cause);
        let place = (u32::try_from(e.line()).ok(), u32::try_from(e.column().max(1)).ok());
        whole(format!("This is no JSON: {cause}."), place)
    })?;
    let mut reader = Reader { faults: Vec::new() };
    let definition = reader.definition(json);
    match definition {
        Some(definition) if reader.faults.is_empty() => {
            Strategy::new(definition).map_err(|faults| faults.into_iter().map(shown).collect())
        }
        Some(_) | None => Err(reader.faults),
    }
}

fn shown(fault: strategy::Fault) -> StrategyFault {
    let mut error = fault.problem.to_string();
    if let Some(first) = error.get(..1) {
        error = format!("{}{}.", first.to_uppercase(), &error[1..]);
    }
    StrategyFault { path: fault.path, line: None, column: None, error }
}

struct Reader {
    faults: Vec<StrategyFault>,
}

/// An object whose keys are taken out one by one.
struct Fields {
    path: String,
    pairs: Vec<(String, Json)>,
}

impl Fields {
    fn take(&mut self, key: &str) -> Option<Json> {
        let at = self.pairs.iter().position(|(name, _)| name == key)?;
        Some(self.pairs.swap_remove(at).1)
    }

    fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name == key)
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl Reader {
    fn say(&mut self, path: String, error: impl Into<String>) {
        self.faults.push(StrategyFault { path, line: None, column: None, error: error.into() });
    }

    fn fields(&mut self, json: Json, path: &str) -> Option<Fields> {
        match json {
            Json::Object(pairs) => {
                for (index, (key, _)) in pairs.iter().enumerate() {
                    if pairs[..index].iter().any(|(before, _)| before == key) {
                        let fields = Fields { path: path.to_owned(), pairs: Vec::new() };
                        self.say(fields.path_of(key), "The key stands twice; keep one of the two.");
                    }
                }
                Some(Fields { path: path.to_owned(), pairs })
            }
            other @ (Json::Null | Json::Flag(_) | Json::Number(_) | Json::Text(_) | Json::List(_)) => {
                self.say(path.to_owned(), format!("An object is wanted, not {}.", other.kind()));
                None
            }
        }
    }

    /// Refuses what was not asked for.
    fn finish(&mut self, fields: Fields, known: &str) {
        for (key, _) in &fields.pairs {
            self.say(fields.path_of(key), format!("There is no such key; known are {known}."));
        }
    }

    fn text(&mut self, fields: &mut Fields, key: &str) -> Option<String> {
        match fields.take(key)? {
            Json::Text(text) => Some(text),
            other @ (Json::Null | Json::Flag(_) | Json::Number(_) | Json::List(_) | Json::Object(_)) => {
                self.say(fields.path_of(key), format!("A text is wanted, not {}.", other.kind()));
                None
            }
        }
    }

    fn word<T>(
        &mut self,
        fields: &mut Fields,
        key: &str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(fields, key)?;
        let word = parse(&text);
        if word.is_none() {
            self.say(fields.path_of(key), format!("{text:?} cannot stand here; one of {wanted} is wanted."));
        }
        word
    }

    fn definition(&mut self, json: Json) -> Option<Definition> {
        let mut fields = self.fields(json, "")?;
        match fields.take("format") {
            Some(Json::Number(FORMAT)) => {}
            Some(_) => self.say("format".to_owned(), "The format must be 1, which is the only one there is."),
            None => self.say("format".to_owned(), "The format is missing: add \"format\": 1."),
        }
        if !fields.has("name") {
            self.say("name".to_owned(), "The name is missing.");
        }
        let name = self.text(&mut fields, "name");
        let apply_to = self.word(&mut fields, "apply_to", "entries, all", ApplyTo::parse);
        let moment = self.word(&mut fields, "evaluate", "on_close, intrabar", Moment::parse);
        let on_unknown = self.word(&mut fields, "on_unknown", "reject, skip_pipeline", OnUnknown::parse);
        let known_venue = |text: &str| VENUES.contains(&text).then(|| text.to_owned());
        let source = self.word(&mut fields, "source", &VENUES.join(", "), known_venue);
        let when = match fields.take("when") {
            Some(json) => self.condition(json, "when".to_owned()),
            None => {
                self.say("when".to_owned(), "The conditions are missing.");
                None
            }
        };
        self.finish(fields, "name, format, apply_to, evaluate, on_unknown, source, when");
        Some(Definition {
            name: name?.trim().to_owned(),
            apply_to: apply_to.unwrap_or(ApplyTo::Entries),
            moment: moment.unwrap_or(Moment::OnClose),
            on_unknown: on_unknown.unwrap_or(OnUnknown::Reject),
            source,
            when: when?,
        })
    }

    fn condition(&mut self, json: Json, path: String) -> Option<Condition> {
        let mut fields = self.fields(json, &path)?;
        for (word, make) in [
            ("all", Condition::All as fn(Vec<Condition>) -> Condition),
            ("any", Condition::Any as fn(Vec<Condition>) -> Condition),
        ] {
            if let Some(json) = fields.take(word) {
                let group = self.group(json, &fields.path_of(word));
                self.finish(fields, word);
                return group.map(make);
            }
        }
        if let Some(json) = fields.take("not") {
            let inner = self.condition(json, fields.path_of("not"));
            self.finish(fields, "not");
            return inner.map(|inner| Condition::Not(Box::new(inner)));
        }
        self.leaf(fields)
    }

    fn group(&mut self, json: Json, path: &str) -> Option<Vec<Condition>> {
        let Json::List(elements) = json else {
            self.say(path.to_owned(), format!("An array of conditions is wanted, not {}.", json.kind()));
            return None;
        };
        let mut conditions: Vec<Option<Condition>> = Vec::with_capacity(elements.len());
        for (index, json) in elements.into_iter().enumerate() {
            conditions.push(self.condition(json, format!("{path}[{index}]")));
        }
        conditions.into_iter().collect()
    }

    fn leaf(&mut self, mut fields: Fields) -> Option<Condition> {
        if !fields.has("left") && !fields.has("op") {
            let path = fields.path.clone();
            self.say(path, "A condition is wanted: all, any, not, or left, op and right.");
            return None;
        }
        let left = self.operand(&mut fields, "left");
        let timeframe =
            self.word(&mut fields, "timeframe", &Timeframe::ALL.map(Timeframe::as_str).join(", "), |text| {
                Timeframe::parse(text).ok()
            });
        let symbol = self.word(&mut fields, "symbol", "the symbols of alerts such as BTCUSDT", |text| {
            Symbol::new(text).ok()
        });
        let test = self.test(&mut fields);
        if test.is_none() {
            // What belongs to an operator that cannot be read is no fault of its own.
            fields.pairs.retain(|(key, _)| !["right", "n"].contains(&key.as_str()));
        }
        self.finish(fields, "left, op, right, n, timeframe, symbol");
        Some(Condition::Leaf(Box::new(Leaf { left: left?, test: test?, timeframe, symbol })))
    }

    fn test(&mut self, fields: &mut Fields) -> Option<Test> {
        if !fields.has("op") {
            self.say(fields.path_of("op"), format!("The operator is missing: one of {OPERATORS}."));
            return None;
        }
        let op = self.word(fields, "op", OPERATORS, |text| OPERATORS.split(' ').find(|op| *op == text))?;
        if let Some(slope) = Slope::parse(op) {
            return self.steps(fields).map(|steps| Test::Trend(slope, steps));
        }
        if op == "between" {
            return self.bounds(fields);
        }
        let right = self.operand(fields, "right")?;
        match (Comparison::parse(op), Crossing::parse(op)) {
            (Some(comparison), _) => Some(Test::Compare(comparison, right)),
            (None, crossing) => crossing.map(|crossing| Test::Cross(crossing, right)),
        }
    }

    fn steps(&mut self, fields: &mut Fields) -> Option<usize> {
        match fields.take("n") {
            None => Some(1),
            Some(Json::Number(n)) if n.fract() == 0.0 && (0.0..=1e6).contains(&n) => {
                format!("{n}").parse().ok()
            }
            Some(_) => {
                self.say(fields.path_of("n"), "n must be a whole number of bars.");
                None
            }
        }
    }

    fn bounds(&mut self, fields: &mut Fields) -> Option<Test> {
        let path = fields.path_of("right");
        match fields.take("right") {
            Some(Json::List(bounds)) if bounds.len() == 2 => {
                let mut read = bounds
                    .into_iter()
                    .enumerate()
                    .map(|(index, json)| self.operand_of(json, format!("{path}[{index}]")));
                let (low, high) = (read.next().flatten(), read.next().flatten());
                Some(Test::Between(low?, high?))
            }
            _ => {
                self.say(path, "between takes its two bounds as [LOW, HIGH].");
                None
            }
        }
    }

    fn operand(&mut self, fields: &mut Fields, key: &str) -> Option<Operand> {
        let path = fields.path_of(key);
        match fields.take(key) {
            Some(json) => self.operand_of(json, path),
            None => {
                self.say(path, "An operand is missing: a number, an expression or alert.<field>.");
                None
            }
        }
    }

    fn operand_of(&mut self, json: Json, path: String) -> Option<Operand> {
        match json {
            Json::Number(number) => Some(Operand::Number(number)),
            Json::Text(text) => match Operand::parse(&text) {
                Ok(operand) => Some(operand),
                Err(ExpressionError { column, problem }) => {
                    let column = u32::try_from(column).ok();
                    let error = format!("The expression cannot be read: {problem}.");
                    self.faults.push(StrategyFault { path, line: None, column, error });
                    None
                }
            },
            other @ (Json::Null | Json::Flag(_) | Json::List(_) | Json::Object(_)) => {
                let error =
                    format!("A number, an expression or alert.<field> is wanted, not {}.", other.kind());
                self.say(path, error);
                None
            }
        }
    }
}

/// The file of a strategy. What is as it would be anyway is left out.
pub(crate) fn write(definition: &Definition) -> Value {
    let mut file = Map::new();
    file.insert("name".to_owned(), json!(definition.name));
    file.insert("format".to_owned(), json!(1));
    file.insert("apply_to".to_owned(), json!(definition.apply_to.as_str()));
    if definition.moment != Moment::OnClose {
        file.insert("evaluate".to_owned(), json!(definition.moment.as_str()));
    }
    if definition.on_unknown != OnUnknown::Reject {
        file.insert("on_unknown".to_owned(), json!(definition.on_unknown.as_str()));
    }
    if let Some(source) = &definition.source {
        file.insert("source".to_owned(), json!(source));
    }
    file.insert("when".to_owned(), condition(&definition.when));
    Value::Object(file)
}

fn condition(of: &Condition) -> Value {
    let group = |of: &[Condition]| of.iter().map(condition).collect::<Vec<_>>();
    match of {
        Condition::All(conditions) => json!({"all": group(conditions)}),
        Condition::Any(conditions) => json!({"any": group(conditions)}),
        Condition::Not(inner) => json!({"not": condition(inner)}),
        Condition::Leaf(leaf) => written_leaf(leaf),
    }
}

fn written_leaf(leaf: &Leaf) -> Value {
    let mut written = Map::new();
    written.insert("left".to_owned(), operand(&leaf.left));
    written.insert("op".to_owned(), json!(leaf.test.word()));
    match &leaf.test {
        Test::Compare(_, right) | Test::Cross(_, right) => {
            written.insert("right".to_owned(), operand(right));
        }
        Test::Trend(_, steps) => {
            written.insert("n".to_owned(), json!(steps));
        }
        Test::Between(low, high) => {
            written.insert("right".to_owned(), json!([operand(low), operand(high)]));
        }
    }
    if let Some(timeframe) = leaf.timeframe {
        written.insert("timeframe".to_owned(), json!(timeframe.as_str()));
    }
    if let Some(symbol) = &leaf.symbol {
        written.insert("symbol".to_owned(), json!(symbol.as_str()));
    }
    Value::Object(written)
}

fn operand(of: &Operand) -> Value {
    match of {
        Operand::Number(number) => json!(number),
        Operand::Expression(_) | Operand::Alert(_) => json!(of.to_string()),
    }
}

#[cfg(test)]
mod tests;
