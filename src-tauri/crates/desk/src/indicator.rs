//! An expression over a file of candles, as rows.
//!
//! The computing is `indicators`; here its candles are read from a CSV file. An empty price or volume is na, as a chart
//! has it. Deliberately absent: the database and venues; `pitwire indicator` needs neither.

use crate::analytics::CsvFile;
use crate::analytics::table::{Column, Row, Table};
use crate::wire::RpcError;
use domain::{Candle, Price, Quantity, Timestamp};
use indicators::{Bar, Expression, ExpressionError, MAGNITUDE_MAX};
use rust_decimal::prelude::ToPrimitive;

const HEADER: &str = "time,open,high,low,close,volume";

/// What an expression says of every candle of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorRows {
    /// The names of its outputs.
    pub outputs: Vec<&'static str>,
    /// Row by row: the time as the file has it, and the outputs; nothing is na.
    pub rows: Vec<(String, Vec<Option<f64>>)>,
}

/// Computes an expression over a candle file (`time,open,high,low,close,volume`).
///
/// # Errors
/// `INVALID_EXPRESSION` with the column; what is wrong in the file, with its line and column.
pub fn indicator_rows(expression: &str, candles: CsvFile<'_>) -> Result<IndicatorRows, RpcError> {
    let expression = Expression::parse(expression).map_err(|e| bad_expression(&e))?;
    let table = Table::read(candles, HEADER)?;
    let columns = Columns::of(&table)?;
    let outputs = expression.outputs();
    let mut study = expression.study();
    let mut before: Option<Timestamp> = None;
    let mut rows = Vec::new();
    for row in table.rows() {
        let bar = columns.bar(&row)?;
        if let Some(earlier) = before.filter(|before| bar.opened_at <= *before) {
            let why = format!("{} does not come after {earlier}; sort the rows by time.", bar.opened_at);
            return Err(RpcError { code: "UNORDERED_TIMES".to_owned(), ..row.error(columns.time, why) });
        }
        before = Some(bar.opened_at);
        let values = study.next(&bar).into_iter().take(outputs.len()).collect();
        rows.push((row.text(columns.time).to_owned(), values));
    }
    Ok(IndicatorRows { outputs, rows })
}

/// The candles of a file, none of whose numbers may be missing.
///
/// # Errors
/// What is wrong in the file, with its line and column.
pub(crate) fn candles_of(file: CsvFile<'_>) -> Result<Vec<Candle>, RpcError> {
    let table = Table::read(file, HEADER)?;
    let columns = Columns::of(&table)?;
    table.rows().map(|row| columns.candle(&row)).collect()
}

/// The refusal of an expression: what stands at which column.
pub(crate) fn bad_expression(error: &ExpressionError) -> RpcError {
    RpcError {
        column: u32::try_from(error.column).ok(),
        ..RpcError::new("INVALID_EXPRESSION", format!("The expression, {error}."))
    }
}

struct Columns {
    time: Column,
    open: Column,
    high: Column,
    low: Column,
    close: Column,
    volume: Column,
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Self, RpcError> {
        Ok(Self {
            time: table.column("time")?,
            open: table.column("open")?,
            high: table.column("high")?,
            low: table.column("low")?,
            close: table.column("close")?,
            volume: table.column("volume")?,
        })
    }

    fn candle(&self, row: &Row<'_>) -> Result<Candle, RpcError> {
        let price = |column: Column| {
            let wanted = || row.error(column, format!("The {} must be above zero.", row.name(column)));
            Price::new(row.number(column)?).ok_or_else(wanted)
        };
        let below_zero = || row.error(self.volume, "The volume must not be below zero.".to_owned());
        let candle = Candle {
            opened_at: row.time(self.time)?,
            open: price(self.open)?,
            high: price(self.high)?,
            low: price(self.low)?,
            close: price(self.close)?,
            volume: Quantity::new(row.number(self.volume)?).ok_or_else(below_zero)?,
        };
        candle.checked().map_err(|e| row.error(self.high, format!("The row is no candle: {e}.")))
    }

    fn bar(&self, row: &Row<'_>) -> Result<Bar, RpcError> {
        let bar = Bar {
            opened_at: row.time(self.time)?,
            open: number(row, self.open)?,
            high: number(row, self.high)?,
            low: number(row, self.low)?,
            close: number(row, self.close)?,
            volume: number(row, self.volume)?,
        };
        if bar.high < bar.low {
            return Err(
                row.error(self.high, "The high is below the low; the columns may be swapped.".to_owned())
            );
        }
        Ok(bar)
    }
}

/// A number; na where the value is empty.
fn number(row: &Row<'_>, column: Column) -> Result<f64, RpcError> {
    let Some(number) = row.number_if_any(column)? else { return Ok(f64::NAN) };
    let number = number.to_f64().filter(|number| number.abs() <= MAGNITUDE_MAX);
    number.ok_or_else(|| row.error(column, "The number is too large to be computed with.".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(expression: &str, text: &str) -> Result<IndicatorRows, RpcError> {
        indicator_rows(expression, CsvFile { name: "candles.csv", bytes: text.as_bytes() })
    }

    #[test]
    fn a_row_comes_of_every_candle() {
        let text =
            "time,open,high,low,close,volume\n0,1,2,1,2,5\n3600,2,3,2,,1\n2026-05-08T06:20:00Z,3,5,3,4,\n";
        let found = rows("sma(close,2)", text).unwrap();
        assert_eq!(found.outputs, ["sma"]);
        let row = |time: &str, value: Option<f64>| (time.to_owned(), vec![value]);
        assert_eq!(found.rows, [row("0", None), row("3600", None), row("2026-05-08T06:20:00Z", Some(3.0))]);
        assert_eq!(rows("bb(close,2,2)", text).unwrap().outputs, ["upper", "basis", "lower"]);
    }

    #[test]
    fn what_cannot_be_used_is_said_with_its_place() {
        const HEAD: &str = "time,open,high,low,close,volume\n";
        let check =
            |expression: &str, text: &str, code: &str, place: (Option<u32>, Option<u32>), said: &str| {
                let error = rows(expression, text).unwrap_err();
                assert_eq!((error.code.as_str(), (error.line, error.column)), (code, place), "{error}");
                assert!(error.error.contains(said), "{error}");
            };
        let at = |line: u32, column: u32| (Some(line), Some(column));
        check("rsi(close", HEAD, "INVALID_EXPRESSION", (None, Some(10)), "column 10");
        check("close", "", "EMPTY_FILE", (None, None), HEADER);
        check("close", "time,open,high,low,close\n", "MALFORMED_CSV", at(1, 1), "\"volume\"");
        check("close", &format!("{HEAD}0,1,2,1,x,5\n"), "INVALID_FIELD", at(2, 9), "\"x\"");
        check("close", &format!("{HEAD}noon,1,2,1,2,5\n"), "INVALID_FIELD", at(2, 1), "\"noon\"");
        check("close", &format!("{HEAD}0,1,1,2,1,5\n"), "INVALID_FIELD", at(2, 5), "below the low");
        check(
            "close",
            &format!("{HEAD}5,1,2,1,2,5\n5,1,2,1,2,5\n"),
            "UNORDERED_TIMES",
            at(3, 1),
            "come after",
        );
        check("close", &format!("{HEAD}0,1,2,1,2\n"), "MALFORMED_CSV", at(2, 10), "6 values");
    }
}
