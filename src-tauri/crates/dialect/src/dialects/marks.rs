//! The keys by which JSON dialects are told apart, found in one pass over an object.

use crate::json::{Object, Value};

macro_rules! marks {
    ($($mark:ident = $key:literal),+ $(,)?) => {
        /// A key that tells dialects apart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Mark { $($mark),+ }

        impl Mark {
            fn of(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$mark),)+ _ => None }
            }
        }
    };
}

marks! {
    Account = "Account", Action = "action", ActionTitle = "Action", Amount = "amount", ApiKey = "api_key",
    ApiSecret = "api_secret", Apikey = "apikey", Asset = "asset", AssetTitle = "Asset", AuthKey = "auth_key",
    BotId = "bot_id", BotUuid = "bot_uuid", Code = "code", Command = "command", Data = "data",
    Direction = "direction", EmailToken = "email_token", Exchange = "exchange", ExchangeTitle = "Exchange",
    Instrument = "instrument", IsBuy = "isBuy", IsClose = "isClose", IsSell = "isSell", Market = "market",
    MarketPosition = "market_position", MessageType = "message_type", Msgtype = "msgtype", Order = "order",
    Pair = "pair", Pointer = "pointer", Position = "position", PositionDirection = "positionDirection",
    PositionSize = "position_size", PrevMarketPosition = "prev_market_position",
    PrevPosition = "prev_position", Price = "price", PriceType = "pricetype", QuantityType = "quantityType",
    Secret = "secret", Sentiment = "sentiment", Side = "side", SignalPrice = "signalPrice",
    SignalToken = "signalToken", Stocks = "stocks", StopLoss = "stopLoss", StrategyInfo = "strategy_info",
    Stub = "stub", Symbol = "symbol", TakeProfit = "takeProfit", Ticker = "ticker", Token = "token",
    TriggerPrices = "trigger_prices", Type = "type", Volume = "volume",
}

/// The marks of one object.
pub(crate) struct Marks<'a> {
    object: &'a Object,
    set: u64,
}

impl<'a> Marks<'a> {
    pub(crate) fn of(object: &'a Object) -> Self {
        let bits = object.iter().filter_map(|(key, _)| Mark::of(key)).map(bit);
        Self { object, set: bits.fold(0, |set, bit| set | bit) }
    }

    /// Whether a key is there.
    pub(crate) fn has(&self, mark: Mark) -> bool {
        self.set & bit(mark) != 0
    }

    /// Whether all of these are there.
    pub(crate) fn all(&self, marks: &[Mark]) -> bool {
        marks.iter().all(|mark| self.has(*mark))
    }

    /// Whether one of these is there.
    pub(crate) fn any(&self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.has(*mark))
    }

    /// How many fields the object has.
    pub(crate) fn fields(&self) -> usize {
        self.object.len()
    }

    /// A top-level text, for marks that lie in a value.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.object.iter().find_map(|(key, value)| match value {
            Value::Text(text) if key == name => Some(text.trim()),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        })
    }
}

fn bit(mark: Mark) -> u64 {
    1 << (mark as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_by_their_exact_keys() {
        let object = vec![
            ("action".to_owned(), Value::Text(" buy ".to_owned())),
            ("Volume".to_owned(), Value::Null),
            ("volume".to_owned(), Value::Null),
        ];
        let marks = Marks::of(&object);
        assert!(marks.all(&[Mark::Action, Mark::Volume]) && !marks.has(Mark::ActionTitle));
        assert!(marks.any(&[Mark::Stub, Mark::Volume]) && !marks.any(&[Mark::Stub, Mark::Account]));
        assert_eq!((marks.text("action"), marks.text("volume"), marks.fields()), (Some("buy"), None, 3));
    }
}
