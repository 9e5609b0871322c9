//! The commands of PineConnector, and the steps that each is.

use crate::assemble::unsupported_action;
use crate::error::ReadError;
use domain::{OrderType, Side, SizeUnit};

/// One step of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Enter by an order of this type.
    Enter(Side, OrderType),
    /// Close wholly, or in part counted in the unit.
    Leave(Option<Side>, Option<SizeUnit>),
    /// Close one side and open the other.
    Reverse(Side),
    /// Cancel the pending orders of a side.
    Cancel(Side),
    /// New stop and target of a position or of pending orders.
    Update(Side),
    /// Switch the advisor on.
    On,
    /// Switch the advisor off.
    Off,
}

/// A command that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Command(&'static [Step]);

const LONG: Side = Side::Long;
const SHORT: Side = Side::Short;
const MARKET: OrderType = OrderType::Market;
const LIMIT: OrderType = OrderType::Limit;
const STOP: OrderType = OrderType::Stop;
const PERCENT: Option<SizeUnit> = Some(SizeUnit::PercentPosition);
const LOTS: Option<SizeUnit> = Some(SizeUnit::Lots);

const COMMANDS: &[(&str, &[Step])] = &[
    ("buy", &[Step::Enter(LONG, MARKET)]),
    ("long", &[Step::Enter(LONG, MARKET)]),
    ("bull", &[Step::Enter(LONG, MARKET)]),
    ("bullish", &[Step::Enter(LONG, MARKET)]),
    ("sell", &[Step::Enter(SHORT, MARKET)]),
    ("short", &[Step::Enter(SHORT, MARKET)]),
    ("bear", &[Step::Enter(SHORT, MARKET)]),
    ("bearish", &[Step::Enter(SHORT, MARKET)]),
    ("buystop", &[Step::Enter(LONG, STOP)]),
    ("buylimit", &[Step::Enter(LONG, LIMIT)]),
    ("sellstop", &[Step::Enter(SHORT, STOP)]),
    ("selllimit", &[Step::Enter(SHORT, LIMIT)]),
    ("closeall", &[Step::Leave(None, None)]),
    ("closelongshort", &[Step::Leave(None, None)]),
    ("closelong", &[Step::Leave(Some(LONG), None)]),
    ("closeshort", &[Step::Leave(Some(SHORT), None)]),
    ("closelongpct", &[Step::Leave(Some(LONG), PERCENT)]),
    ("closeshortpct", &[Step::Leave(Some(SHORT), PERCENT)]),
    ("closelongvol", &[Step::Leave(Some(LONG), LOTS)]),
    ("closeshortvol", &[Step::Leave(Some(SHORT), LOTS)]),
    ("cancellong", &[Step::Cancel(LONG)]),
    ("cancelshort", &[Step::Cancel(SHORT)]),
    ("cancellongbuystop", &[Step::Cancel(LONG)]),
    ("cancellongbuylimit", &[Step::Cancel(LONG)]),
    ("cancelshortsellstop", &[Step::Cancel(SHORT)]),
    ("cancelshortselllimit", &[Step::Cancel(SHORT)]),
    ("newsltplong", &[Step::Update(LONG)]),
    ("newsltpshort", &[Step::Update(SHORT)]),
    ("newsltpbuystop", &[Step::Update(LONG)]),
    ("newsltpbuylimit", &[Step::Update(LONG)]),
    ("newsltpsellstop", &[Step::Update(SHORT)]),
    ("newsltpselllimit", &[Step::Update(SHORT)]),
    ("closelongopenlong", &[Step::Leave(Some(LONG), None), Step::Enter(LONG, MARKET)]),
    ("closeshortopenshort", &[Step::Leave(Some(SHORT), None), Step::Enter(SHORT, MARKET)]),
    ("closelongopenshort", &[Step::Reverse(SHORT)]),
    ("closeshortopenlong", &[Step::Reverse(LONG)]),
    ("closelongshortopenlong", &[Step::Leave(None, None), Step::Enter(LONG, MARKET)]),
    ("closelongshortopenshort", &[Step::Leave(None, None), Step::Enter(SHORT, MARKET)]),
    ("eaon", &[Step::On]),
    ("eaoff", &[Step::Off]),
    ("closealleaoff", &[Step::Leave(None, None), Step::Off]),
];

impl Command {
    /// The command of a word, in any case.
    pub(super) fn parse(word: &str) -> Option<Self> {
        COMMANDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, steps)| Self(steps))
    }

    /// What it does, in order.
    pub(super) fn steps(self) -> &'static [Step] {
        self.0
    }

    /// Whether it only switches the advisor, so that what stands in the symbol's place may be no symbol.
    pub(super) fn is_switch(self) -> bool {
        matches!(self.0, [Step::On | Step::Off])
    }

    /// The refusal of a word that is none.
    pub(super) fn unknown(word: &str) -> ReadError {
        unsupported_action(
            "command",
            word,
            &["buy", "sell", "closelong", "closeshort", "and the rest of PineConnector's commands"],
        )
    }
}
