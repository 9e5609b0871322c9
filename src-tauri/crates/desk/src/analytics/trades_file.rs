//! The trades file: one closed trade a row.

use super::CsvFile;
use super::table::{Column, Row, Table};
use crate::wire::RpcError;
use domain::{Money, Side};
use paper::analytics::ClosedTrade;
use rust_decimal::Decimal;

const HEADER: &str = "entry_time,exit_time,direction,quantity,entry_price,exit_price,fees,net";

/// The columns that figures are made of, and those that are only looked at so that a shifted file is noticed.
struct Columns {
    entry_time: Column,
    exit_time: Column,
    direction: Column,
    quantity: Column,
    entry_price: Column,
    exit_price: Column,
    fees: Column,
    net: Column,
    r: Option<Column>,
    mae: Option<Column>,
    mfe: Option<Column>,
}

/// Reads every trade. `r`, `mae` and `mfe` may be there too; other columns are left alone.
pub(super) fn read(file: CsvFile<'_>) -> Result<Vec<ClosedTrade>, RpcError> {
    let table = Table::read(file, HEADER)?;
    let columns = Columns::of(&table)?;
    table.rows().map(|row| columns.trade(row)).collect()
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Self, RpcError> {
        Ok(Self {
            entry_time: table.column("entry_time")?,
            exit_time: table.column("exit_time")?,
            direction: table.column("direction")?,
            quantity: table.column("quantity")?,
            entry_price: table.column("entry_price")?,
            exit_price: table.column("exit_price")?,
            fees: table.column("fees")?,
            net: table.column("net")?,
            r: table.column_if_any("r")?,
            mae: table.column_if_any("mae")?,
            mfe: table.column_if_any("mfe")?,
        })
    }

    fn trade(&self, row: Row<'_>) -> Result<ClosedTrade, RpcError> {
        let (opened_at, closed_at) = (row.time(self.entry_time)?, row.time(self.exit_time)?);
        if closed_at < opened_at {
            return Err(row.error(self.exit_time, "The exit is before the entry.".to_owned()));
        }
        if Side::parse(&row.text(self.direction).to_ascii_lowercase()).is_none() {
            return Err(row.error(self.direction, "The direction must be long or short.".to_owned()));
        }
        if row.number(self.quantity)? <= Decimal::ZERO {
            let why = "The quantity must be above zero; the direction says which way.";
            return Err(row.error(self.quantity, why.to_owned()));
        }
        row.number(self.entry_price)?;
        row.number(self.exit_price)?;
        let optional =
            |column: Option<Column>| column.map(|c| row.number_if_any(c)).transpose().map(Option::flatten);
        Ok(ClosedTrade {
            closed_at,
            net: Money::new(row.number(self.net)?),
            fees: Money::new(row.number(self.fees)?),
            r: optional(self.r)?,
            mae: optional(self.mae)?.map(Money::new),
            mfe: optional(self.mfe)?.map(Money::new),
        })
    }
}
