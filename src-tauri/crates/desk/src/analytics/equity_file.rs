//! The equity file: `time,equity`, in order, beginning above zero.

use super::CsvFile;
use super::table::Table;
use crate::wire::RpcError;
use domain::Money;
use paper::analytics::EquityPoint;

const HEADER: &str = "time,equity";

/// Reads every mark. Other columns are left alone.
pub(super) fn read(file: CsvFile<'_>) -> Result<Vec<EquityPoint>, RpcError> {
    let table = Table::read(file, HEADER)?;
    let (time, equity) = (table.column("time")?, table.column("equity")?);
    let mut points: Vec<EquityPoint> = Vec::new();
    for row in table.rows() {
        let point = EquityPoint { at: row.time(time)?, equity: Money::new(row.number(equity)?) };
        match points.last() {
            None if point.equity <= Money::ZERO => {
                let why = "The first equity must be above zero, since every figure is relative to it.";
                return Err(row.error(equity, why.to_owned()));
            }
            Some(before) if point.at < before.at => {
                let (earlier, later) = (point.at, before.at);
                let why = format!("{earlier} comes after {later}; sort the rows by time, oldest first.");
                return Err(RpcError { code: "UNORDERED_TIMES".to_owned(), ..row.error(time, why) });
            }
            None | Some(_) => points.push(point),
        }
    }
    if points.is_empty() {
        return Err(table.error("EMPTY_FILE", "There is a header and nothing below it."));
    }
    Ok(points)
}
