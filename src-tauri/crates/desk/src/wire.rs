//! All JSON of the outside: what the window, the command line and exports are given and send.
//!
//! Types here are shapes, not behaviour. Decimals and ids cross as strings, times as RFC 3339 with microseconds;
//! plain numbers are counts, milliseconds and microseconds, all far below 2^53. The TypeScript of the window is
//! generated from these types by the test in `wire/rpc.rs`.

mod account;
mod analytics;
mod canonical;
mod chart;
pub(crate) mod checks;
mod error;
mod market;
mod message;
mod order;
mod page;
mod report;
mod rpc;
pub(crate) mod scenario;
mod signal;
mod snapshot;
mod status;
mod strategy;
mod tunnel;
mod webhook;

pub use account::{Account, AccountPatch, AccountRef, Amount, NewAccount, Position, PositionRef};
pub use analytics::{Analytics, EquityMark, FigureDefinition, TradeAnalytics, TradingViewAnalytics};
pub(crate) use canonical::stored as stored_signal;
pub use canonical::{Canonical, CanonicalError, Measure};
pub use chart::{ChartLine, ChartQuery, ChartSeries, SignalChart};
pub use error::RpcError;
pub use market::{Candle, CandleQuery, CandleSeries, MarketStatus, VenueLane, VenueStatus, VenueSymbol};
pub use message::{MissingSetting, PasteRequest, Pasted, SymbolSuggestion};
pub use order::{
    Fill, FillPage, FillWhy, Order, OrderPage, OrderQuery, OrderRef, PageQuery, Trade, TradePage, TradeQuery,
};
pub use page::Page;
pub use report::{ConfigKey, Instrument, PricePoint, PriceQuery, PriceSeries, Report, ReportQuery, RiskUse};
pub use rpc::{Nothing, RpcSchema, bindings};
pub use signal::{
    Check, Counts, ExplainRequest, Explained, ExportRequest, Exported, NewReplay, Reason, SignalDetail,
    SignalDrift, SignalPage, SignalQuery, SignalRef, SignalRow, Timings,
};
pub use snapshot::{Figures, FillSeen, Results, Snapshot, Summary, TradeSeen};
pub use status::{
    Batch, CheckOutcome, Clipboard, DoctorCheck, KillSwitch, Link, ListenerState, Notice, Preferences,
    SaveFile, Saved, Setting, Settings, Status, StorageDown,
};
pub(crate) use strategy::file as strategy_file;
pub use strategy::{
    CandleText, NewStrategy, PipelineLeaf, PipelineValue, PipelineVerdict, Strategy, StrategyCheck,
    StrategyFault, StrategyNeed, StrategyPatch, StrategyRef, StrategyRevision, StrategyTest,
    StrategyTestRequest, StrategyTestRow,
};
pub use tunnel::{
    AddressChange, GapWebhook, HopOutcome, MovedWebhook, NewTunnelToken, SleepGuard, Timeline, TimelineQuery,
    TimelineRow, TunnelEvent, TunnelGap, TunnelHop, TunnelLevel, TunnelQuota, TunnelReason, TunnelReplies,
    TunnelState, TunnelStatus, TunnelTest, TunnelToken,
};
pub use webhook::{
    Copied, CopyKind, CopyRequest, CopyText, Drift, LastSignal, NewWebhook, ResyncRequest, Template,
    TemplateRequest, TestRequest, TestSent, Webhook, WebhookCreated, WebhookPatch, WebhookRef,
    WebhookSettings,
};
