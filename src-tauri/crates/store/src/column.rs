//! Columns to values: reading by name, and the words in which domain types are stored.

use crate::error::StoreError;
use domain::{
    AccountId, DialectName, FillId, Money, NetQuantity, OrderId, OrderSide, OrderType, Price, Quantity,
    ReasonCode, SellMode, Side, SignalId, SignalStatus, Sizing, StrategyId, Symbol, TimeInForce, Timestamp,
    WebhookId, parse_decimal,
};
use rusqlite::Row;
use rusqlite::types::FromSql;

/// A value that a text column holds.
pub(crate) trait Stored: Sized {
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! stored {
    ($($type:ty => $read:expr;)+) => {
        $(impl Stored for $type {
            fn from_text(text: &str) -> Option<Self> {
                ($read)(text)
            }
        })+
    };
}

stored! {
    AccountId => |t| AccountId::parse(t).ok();
    DialectName => DialectName::parse;
    FillId => |t| FillId::parse(t).ok();
    Money => |t| parse_decimal(t).ok().map(Money::new);
    NetQuantity => |t| parse_decimal(t).ok().map(NetQuantity::new);
    OrderId => |t| OrderId::parse(t).ok();
    OrderSide => OrderSide::parse;
    OrderType => OrderType::parse;
    Price => |t| Price::parse(t).ok();
    Quantity => |t| Quantity::parse(t).ok();
    ReasonCode => |t| ReasonCode::parse(t).ok();
    SellMode => SellMode::parse;
    Side => Side::parse;
    SignalId => |t| SignalId::parse(t).ok();
    SignalStatus => SignalStatus::parse;
    Sizing => |t| Sizing::parse(t).ok();
    StrategyId => |t| StrategyId::parse(t).ok();
    Symbol => |t| Symbol::new(t).ok();
    TimeInForce => TimeInForce::parse;
    WebhookId => |t| WebhookId::parse(t).ok();
}

/// A column as SQLite holds it.
pub(crate) fn plain<T: FromSql>(row: &Row<'_>, column: &'static str) -> Result<T, StoreError> {
    Ok(row.get(column)?)
}

/// A text column as its domain type.
pub(crate) fn text<T: Stored>(row: &Row<'_>, column: &'static str) -> Result<T, StoreError> {
    parse(row.get_ref(column)?.as_str().map_err(|e| wrong_type(column, &e))?, column)
}

/// A text column that may be NULL as its domain type.
pub(crate) fn text_opt<T: Stored>(row: &Row<'_>, column: &'static str) -> Result<Option<T>, StoreError> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(|e| wrong_type(column, &e))?;
    text.map(|t| parse(t, column)).transpose()
}

/// A column of microseconds since the Unix epoch.
pub(crate) fn time(row: &Row<'_>, column: &'static str) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::from_micros(row.get(column)?))
}

/// A column of microseconds that may be NULL.
pub(crate) fn time_opt(row: &Row<'_>, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_micros))
}

/// Reads columns one after the other, for the rows that are read by the ten thousand: looking a name up costs more
/// than reading the value. Where assertions are on, every name is held against the statement.
pub(crate) struct InOrder<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> InOrder<'r, 's> {
    pub(crate) fn of(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    pub(crate) fn plain<T: FromSql>(&mut self, column: &'static str) -> Result<T, StoreError> {
        Ok(self.row.get(self.place_of(column))?)
    }

    pub(crate) fn text<T: Stored>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let value = self.row.get_ref(self.place_of(column))?;
        parse(value.as_str().map_err(|e| wrong_type(column, &e))?, column)
    }

    pub(crate) fn text_opt<T: Stored>(&mut self, column: &'static str) -> Result<Option<T>, StoreError> {
        let value = self.row.get_ref(self.place_of(column))?;
        let text = value.as_str_or_null().map_err(|e| wrong_type(column, &e))?;
        text.map(|t| parse(t, column)).transpose()
    }

    pub(crate) fn time(&mut self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.plain(column).map(Timestamp::from_micros)
    }

    pub(crate) fn time_opt(&mut self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.plain::<Option<i64>>(column)?.map(Timestamp::from_micros))
    }

    fn place_of(&mut self, column: &'static str) -> usize {
        let place = self.next;
        debug_assert_eq!(self.row.as_ref().column_name(place).ok(), Some(column));
        self.next += 1;
        place
    }
}

fn parse<T: Stored>(text: &str, column: &'static str) -> Result<T, StoreError> {
    T::from_text(text).ok_or_else(|| StoreError::Unreadable { column, text: text.to_owned() })
}

fn wrong_type(column: &'static str, error: &rusqlite::types::FromSqlError) -> StoreError {
    StoreError::Unreadable { column, text: error.to_string() }
}
