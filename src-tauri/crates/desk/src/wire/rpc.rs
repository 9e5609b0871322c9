//! The methods that the window may call, as one table: name, parameters, result. The TypeScript of the window is
//! made from it.

use super::{
    account, analytics, canonical, chart, error, market, message, order, report, signal, status, strategy,
    tunnel, webhook,
};
use std::fmt::Write as _;
use ts_rs::{Config, TS};

/// The parameters of a method that takes none: an empty object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
#[serde(default)]
pub struct Nothing {}

/// The table as text, for the generated TypeScript.
pub struct RpcSchema;

macro_rules! schema {
    ($($method:literal: $params:ty => $result:ty;)+) => {
        impl RpcSchema {
            /// The name of every method.
            pub const METHODS: &'static [&'static str] = &[$($method),+];

            fn interface(config: &Config) -> String {
                let mut out = String::from("export interface RpcSchema {\n");
                $(let _infallible = writeln!(
                    out, "  {:?}: {{ params: {}; result: {} }};",
                    $method, <$params as TS>::name(config), <$result as TS>::name(config)
                );)+
                out.push_str("}\n");
                out
            }
        }
    };
}

schema! {
    "status": Nothing => status::Status;
    "kill.set": status::KillSwitch => status::Status;
    "doctor": Nothing => Vec<status::DoctorCheck>;
    "market.status": Nothing => market::MarketStatus;
    "candles.list": market::CandleQuery => market::CandleSeries;
    "reasons": Nothing => Vec<signal::Reason>;
    "webhooks.list": Nothing => Vec<webhook::Webhook>;
    "webhooks.create": webhook::NewWebhook => webhook::WebhookCreated;
    "webhooks.edit": webhook::WebhookPatch => webhook::Webhook;
    "webhooks.pause": webhook::WebhookRef => webhook::Webhook;
    "webhooks.resume": webhook::WebhookRef => webhook::Webhook;
    "webhooks.rotate": webhook::WebhookRef => webhook::WebhookCreated;
    "webhooks.delete": webhook::WebhookRef => webhook::WebhookRef;
    "webhooks.copy": webhook::CopyRequest => webhook::Copied;
    "webhooks.template": webhook::TemplateRequest => webhook::Template;
    "webhooks.test": webhook::TestRequest => webhook::TestSent;
    "webhooks.resync": webhook::ResyncRequest => signal::SignalPage;
    "signals.list": signal::SignalQuery => signal::SignalPage;
    "signals.show": signal::SignalRef => signal::SignalDetail;
    "signals.chart": chart::ChartQuery => chart::SignalChart;
    "signals.replay": signal::NewReplay => signal::SignalPage;
    "signals.export": signal::ExportRequest => signal::Exported;
    "explain": signal::ExplainRequest => signal::Explained;
    "messages.paste": message::PasteRequest => message::Pasted;
    "symbols.suggest": signal::SignalRef => Option<message::SymbolSuggestion>;
    "strategies.list": Nothing => Vec<strategy::Strategy>;
    "strategies.show": strategy::StrategyRef => strategy::Strategy;
    "strategies.add": strategy::NewStrategy => strategy::Strategy;
    "strategies.edit": strategy::StrategyPatch => strategy::Strategy;
    "strategies.enable": strategy::StrategyRef => strategy::Strategy;
    "strategies.disable": strategy::StrategyRef => strategy::Strategy;
    "strategies.delete": strategy::StrategyRef => strategy::StrategyRef;
    "strategies.check": strategy::NewStrategy => strategy::StrategyCheck;
    "strategies.test": strategy::StrategyTestRequest => strategy::StrategyTest;
    "accounts.list": Nothing => Vec<account::Account>;
    "accounts.create": account::NewAccount => account::Account;
    "accounts.set": account::AccountPatch => account::Account;
    "accounts.deposit": account::Amount => account::Account;
    "accounts.withdraw": account::Amount => account::Account;
    "accounts.reset": account::AccountRef => account::Account;
    "accounts.archive": account::AccountRef => account::AccountRef;
    "positions.list": account::AccountRef => Vec<account::Position>;
    "accounts.risk": account::AccountRef => Vec<report::RiskUse>;
    "accounts.keys": Nothing => Vec<report::ConfigKey>;
    "positions.close": account::PositionRef => Vec<order::Order>;
    "positions.flatten": account::AccountRef => Vec<order::Order>;
    "orders.list": order::OrderQuery => order::OrderPage;
    "orders.cancel": order::OrderRef => order::Order;
    "fills.list": order::PageQuery => order::FillPage;
    "trades.list": order::TradeQuery => order::TradePage;
    "instruments.list": account::AccountRef => Vec<report::Instrument>;
    "prices.list": report::PriceQuery => report::PriceSeries;
    "report": report::ReportQuery => report::Report;
    "report.definitions": Nothing => Vec<analytics::FigureDefinition>;
    "tunnel.status": Nothing => tunnel::TunnelStatus;
    "tunnel.reconnect": Nothing => tunnel::TunnelStatus;
    "tunnel.set_token": tunnel::NewTunnelToken => tunnel::TunnelStatus;
    "tunnel.clear_token": Nothing => tunnel::TunnelStatus;
    "tunnel.test": Nothing => tunnel::TunnelTest;
    "tunnel.timeline": tunnel::TimelineQuery => tunnel::Timeline;
    "tunnel.acknowledge": Nothing => tunnel::TunnelStatus;
    "settings.get": Nothing => status::Settings;
    "settings.set": status::Setting => status::Settings;
    "preferences.get": Nothing => status::Preferences;
    "preferences.set": status::Preferences => status::Preferences;
    "clipboard.write": status::Clipboard => Nothing;
    "quit": Nothing => Nothing;
    "open_url": status::Link => Nothing;
    "save_file": status::SaveFile => status::Saved;
}

/// The whole TypeScript file: every type and the table of methods.
#[must_use]
pub fn bindings() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = String::from(
        "// Generated from the Rust types by a test; change those and run `cargo xtask bindings`.\n\n",
    );
    let mut declare = |declaration: String| {
        let _infallible = writeln!(out, "export {declaration}\n");
    };
    macro_rules! declarations {
        ($($ty:ty),+ $(,)?) => { $(declare(<$ty as TS>::decl(&config));)+ };
    }
    declarations!(
        Nothing,
        error::RpcError,
        canonical::Measure,
        canonical::CanonicalOrder,
        canonical::Leg,
        canonical::Canonical,
        account::Account,
        account::NewAccount,
        account::AccountRef,
        account::AccountPatch,
        account::Amount,
        account::Position,
        account::PositionRef,
        order::Order,
        order::OrderPage,
        order::OrderQuery,
        order::OrderRef,
        order::FillWhy,
        order::Fill,
        order::FillPage,
        order::Trade,
        order::TradePage,
        order::TradeQuery,
        order::PageQuery,
        analytics::TradeAnalytics,
        analytics::TradingViewAnalytics,
        analytics::Analytics,
        analytics::EquityMark,
        analytics::FigureDefinition,
        report::ReportQuery,
        report::Report,
        report::RiskUse,
        report::Instrument,
        report::ConfigKey,
        report::PriceQuery,
        report::PricePoint,
        report::PriceSeries,
        signal::Timings,
        signal::Check,
        signal::SignalDrift,
        strategy::PipelineValue,
        strategy::PipelineLeaf,
        strategy::PipelineVerdict,
        strategy::Strategy,
        strategy::StrategyRevision,
        strategy::StrategyRef,
        strategy::NewStrategy,
        strategy::StrategyPatch,
        strategy::StrategyCheck,
        strategy::StrategyFault,
        strategy::StrategyNeed,
        strategy::StrategyTestRequest,
        strategy::CandleText,
        strategy::StrategyTest,
        strategy::StrategyTestRow,
        signal::SignalRow,
        signal::SignalDetail,
        signal::SignalQuery,
        signal::SignalPage,
        signal::SignalRef,
        signal::NewReplay,
        signal::ExportRequest,
        signal::Exported,
        signal::Counts,
        signal::Reason,
        signal::ExplainRequest,
        signal::Explained,
        message::PasteRequest,
        message::MissingSetting,
        message::Pasted,
        message::SymbolSuggestion,
        webhook::LastSignal,
        webhook::Drift,
        webhook::ResyncRequest,
        webhook::Webhook,
        webhook::NewWebhook,
        webhook::WebhookPatch,
        webhook::WebhookRef,
        webhook::WebhookCreated,
        webhook::CopyKind,
        webhook::CopyRequest,
        webhook::Copied,
        webhook::TemplateRequest,
        webhook::Template,
        webhook::TestRequest,
        webhook::TestSent,
        tunnel::TunnelState,
        tunnel::TunnelReason,
        tunnel::TunnelToken,
        tunnel::TunnelLevel,
        tunnel::TunnelQuota,
        tunnel::TunnelReplies,
        tunnel::HopOutcome,
        tunnel::TunnelHop,
        tunnel::TunnelTest,
        tunnel::MovedWebhook,
        tunnel::AddressChange,
        tunnel::SleepGuard,
        tunnel::TunnelStatus,
        tunnel::NewTunnelToken,
        tunnel::TimelineQuery,
        tunnel::TimelineRow,
        tunnel::GapWebhook,
        tunnel::TunnelGap,
        tunnel::Timeline,
        status::ListenerState,
        status::StorageDown,
        status::Status,
        status::KillSwitch,
        status::Batch,
        status::Notice,
        status::CheckOutcome,
        status::DoctorCheck,
        market::Candle,
        market::CandleQuery,
        market::CandleSeries,
        chart::ChartQuery,
        chart::ChartSeries,
        chart::ChartLine,
        chart::SignalChart,
        market::MarketStatus,
        market::VenueStatus,
        market::VenueSymbol,
        market::VenueLane,
        status::Settings,
        status::Setting,
        status::Preferences,
        status::Clipboard,
        status::Link,
        status::SaveFile,
        status::Saved,
    );
    out.push_str(&RpcSchema::interface(&config));
    out.push_str(&account_keys());
    out
}

/// The settings of an account, so that the window's forms know no default of their own.
fn account_keys() -> String {
    let mut out = String::from(
        "\n/** Every setting of an account: its default, what it takes, and what it does. */\nexport const ACCOUNT_KEYS = {\n",
    );
    for key in paper::Config::keys() {
        let _infallible = writeln!(
            out,
            "  {:?}: {{ default: {:?}, form: {:?}, description: {:?} }},",
            key.key, key.default, key.form, key.description
        );
    }
    out.push_str("} as const;\n\nexport type AccountKey = keyof typeof ACCOUNT_KEYS;\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The committed file is what the types say; `PITWIRE_WRITE_BINDINGS=1` rewrites it.
    #[test]
    fn the_windows_types_are_up_to_date() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bindings/index.ts");
        let wanted = bindings();
        if std::env::var_os("PITWIRE_WRITE_BINDINGS").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(found == wanted, "ui/src/bindings/index.ts is stale: run `cargo xtask bindings`");
    }
}
