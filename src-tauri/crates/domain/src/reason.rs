//! The catalogue of reasons: every code with which Pitwire refuses, denies or fails, its sentence and its fix.
//!
//! The sentence is the general one; where a code is used, the place adds the numbers (`details`) that apply.

use std::fmt;
use thiserror::Error;

/// Who says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The reader of the message: its text cannot be used.
    Message,
    /// The listener: the request was refused.
    Request,
    /// Routing, risk or the broker: the signal was denied or failed.
    Decision,
}

/// A text that is no reason code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown reason code")]
pub struct UnknownReasonCode;

macro_rules! reasons {
    ($($audience:ident { $($variant:ident $code:literal $sentence:literal $fix:literal;)+ })+) => {
        /// Why something did not happen. The text form is fixed and may be relied on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ReasonCode {
            $($(#[doc = $sentence] $variant,)+)+
        }

        impl ReasonCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)+)+];

            /// The code as it stands in JSON, the database and the command line.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($(Self::$variant => $code,)+)+ }
            }

            /// What happened, in one sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $($(Self::$variant => $sentence,)+)+ }
            }

            /// What to do about it, in one sentence.
            #[must_use]
            pub fn fix(self) -> &'static str {
                match self { $($(Self::$variant => $fix,)+)+ }
            }

            /// Where the documents have it: a file of the repository and the anchor in it.
            #[must_use]
            pub fn page(self) -> String {
                format!("docs/WEBHOOKS.md#{}", self.as_str().to_ascii_lowercase())
            }

            /// Who says so.
            #[must_use]
            pub fn audience(self) -> Audience {
                match self { $($(Self::$variant => Audience::$audience,)+)+ }
            }
        }
    };
}

reasons! {
    Message {
        EmptyBody "EMPTY_BODY" "The request has no body." "Put the alert message into the Message field of the TradingView alert.";
        MalformedJson "MALFORMED_JSON" "The message is not valid JSON." "Correct the message at the line and column named; an empty placeholder and a quote inside a comment are the usual causes.";
        MalformedText "MALFORMED_TEXT" "The message is neither JSON nor any known text format." "Send one of the supported formats; JSON with action and symbol is the simplest.";
        DuplicateKey "DUPLICATE_KEY" "The message names the same key twice." "Keep one of the two; which one was meant cannot be guessed.";
        NestingTooDeep "NESTING_TOO_DEEP" "The message is nested more than 32 levels deep." "Flatten the message.";
        UnresolvedPlaceholder "UNRESOLVED_PLACEHOLDER" "A placeholder was not filled in." "Check its spelling and that the alert is of the kind that fills it: strategy placeholders work in strategy alerts only.";
        Unrecognised "UNRECOGNISED" "The message is of no known format." "Use one of the supported formats; the smallest is {\"action\":\"buy\",\"symbol\":\"BTCUSDT\"}.";
        MissingField "MISSING_FIELD" "A required field is missing." "Add the field named.";
        InvalidField "INVALID_FIELD" "A field has a value that cannot be used." "Correct the field named.";
        UnsupportedAction "UNSUPPORTED_ACTION" "The action is not one that this format knows." "Use an action of the format, such as buy, sell or close.";
        InvalidSymbol "INVALID_SYMBOL" "The symbol has characters that no symbol has." "Send the symbol as TradingView writes it, with {{ticker}}.";
        InvalidExitPercent "INVALID_EXIT_PERCENT" "The exit percentage is not between 1 and 100." "Use EXIT_1 to EXIT_100, EXIT_HALF, EXIT_FINAL or EXIT_ALL.";
        InvalidSentimentAction "INVALID_SENTIMENT_ACTION" "A sentiment goes with buy and sell only." "Remove the sentiment or change the action.";
        ArithmeticOverflow "ARITHMETIC_OVERFLOW" "A number is too large, too small or too long to be computed with exactly: prices, sizes and balances must fit into 28 digits together." "Check the prices and sizes, and the decimals of each.";
        SettingRequired "SETTING_REQUIRED" "The message leaves something open that the webhook must say." "Set the setting named on the webhook.";
        ForbiddenCommand "FORBIDDEN_COMMAND" "The message asks for a withdrawal or a transfer, which Pitwire never does." "Remove the command.";
    }
    Request {
        InvalidToken "INVALID_TOKEN" "The token is missing or wrong." "Copy the webhook's URL again; after a regeneration the old token is dead.";
        TokenExpired "TOKEN_EXPIRED" "The token's expiry date has passed." "Regenerate the token or move its expiry date.";
        InvalidSignature "INVALID_SIGNATURE" "The signature does not match the body." "Sign the raw body with the webhook's signing secret.";
        TimestampOutOfTolerance "TIMESTAMP_OUT_OF_TOLERANCE" "The signed time is more than five minutes away from this machine's clock, or the signed id was used before." "Set the clocks right and sign every message anew.";
        UnknownWebhook "UNKNOWN_WEBHOOK" "There is no such webhook." "Copy the webhook's URL again; it may have been deleted.";
        AddressNotAllowed "ADDRESS_NOT_ALLOWED" "The sender's address is not on the webhook's allow-list." "Add the address to the allow-list, or clear the list.";
        OriginNotAllowed "ORIGIN_NOT_ALLOWED" "Requests from web pages and for foreign hosts are refused." "Send the alert from TradingView or a script to the URL shown on the webhook.";
        MethodNotAllowed "METHOD_NOT_ALLOWED" "Only POST is accepted here." "Paste the URL into the Webhook URL field of a TradingView alert instead of opening it.";
        BodyTooLarge "BODY_TOO_LARGE" "The body is over 256 KiB." "Send a smaller message.";
        HeadersTooLarge "HEADERS_TOO_LARGE" "The headers are over 16 KiB." "Send fewer headers.";
        BodyTimeout "BODY_TIMEOUT" "The body did not arrive in time." "Send the whole message at once.";
        RateLimited "RATE_LIMITED" "The webhook's rate limit was reached." "Send fewer alerts, or raise the limit on the webhook.";
        WebhookPaused "WEBHOOK_PAUSED" "Signal receiving is paused for this webhook." "Resume the webhook.";
        StrategyInactive "STRATEGY_INACTIVE" "The strategy of this webhook is inactive." "Enable the strategy, or switch the webhook to direct mode.";
        StrategyTakesNoSignals "STRATEGY_TAKES_NO_SIGNALS" "The strategy of this webhook takes no webhook signals." "Choose another strategy, or switch the webhook to direct mode.";
        StorageUnavailable "STORAGE_UNAVAILABLE" "The signal could not be stored." "Free disk space or check the disk; TradingView sends the alert again.";
        ShuttingDown "SHUTTING_DOWN" "Pitwire is shutting down." "Start Pitwire again; TradingView sends the alert again.";
    }
    Decision {
        KillSwitchActive "KILL_SWITCH_ACTIVE" "Everything is paused." "Resume with the Resume all button or `pitwire kill off`.";
        WebhookDisabled "WEBHOOK_DISABLED" "The webhook was paused when the signal was decided." "Resume the webhook, then replay the signal.";
        ReduceOnlyMode "REDUCE_ONLY_MODE" "Only exits are allowed at the moment." "Set the webhook back to active, or risk.reduce_only of the account to false.";
        StaleSignal "STALE_SIGNAL" "The signal was too old to be executed." "Replay it if it is still wanted.";
        Superseded "SUPERSEDED" "A later alert of the strategy was carried out already, and this one's position is out of date." "Nothing needs doing: the position is where the later alert wants it.";
        DuplicateSignal "DUPLICATE_SIGNAL" "The same signal was received just before." "Nothing needs doing; replay it if it was meant twice.";
        SymbolNotAllowed "SYMBOL_NOT_ALLOWED" "The symbol is not on the account's list." "Add the symbol to the list.";
        DirectionNotAllowed "DIRECTION_NOT_ALLOWED" "The account does not trade this direction." "Change the account's direction setting.";
        ShortNotAllowed "SHORT_NOT_ALLOWED" "The instrument cannot be sold short." "Mark the instrument as shortable if it is.";
        NoPosition "NO_POSITION" "There is no position to exit." "Look at the open positions: a sell comes after a buy; a short is opened with short, or with sell where the webhook is set to flip.";
        OppositePosition "OPPOSITE_POSITION" "A position of the other direction is open." "Close it first, or set the webhook to flip.";
        MaxEntriesReached "MAX_ENTRIES_REACHED" "The position already has as many entries as allowed." "Raise max_entries on the account to add to positions.";
        PositionFieldsMissing "POSITION_FIELDS_MISSING" "The webhook follows the strategy's position, but the message names none." "Add {{strategy.market_position}} and {{strategy.market_position_size}} to the message.";
        OutsideTradingHours "OUTSIDE_TRADING_HOURS" "The signal came outside the trading hours set." "Change the hours, or replay the signal later.";
        PriceUnavailable "PRICE_UNAVAILABLE" "No price is known for the symbol." "Add a price to the message: \"price\": {{close}}. On an account with a venue's prices, see under Market what keeps them away.";
        PriceStale "PRICE_STALE" "The newest price is too old." "Add a price to the message: \"price\": {{close}}. On an account with a venue's prices, see under Market what keeps them away.";
        PriceDeviation "PRICE_DEVIATION" "The alert's price is too far from the market's." "Check the symbol and its price; raise the limit if the distance is normal.";
        PipelineDenied "PIPELINE_DENIED" "The strategy did not confirm the signal." "See the conditions and their values on the signal.";
        WarmingUp "WARMING_UP" "An indicator has too few candles yet." "Wait for the history to load, then replay the signal.";
        CandlesStale "CANDLES_STALE" "The newest candle is too old." "Check the market data source.";
        CandlesUnavailable "CANDLES_UNAVAILABLE" "No candles could be had for the symbol." "Check the market data source and the symbol's mapping.";
        StrategyUnavailable "STRATEGY_UNAVAILABLE" "The strategy of this webhook does not exist or is disabled." "Choose a strategy, or switch the webhook to direct mode.";
        QuantityBelowMinimum "QUANTITY_BELOW_MINIMUM" "The quantity is below the smallest that can be traded." "Send or size a larger quantity.";
        QuantityExceedsMaximum "QUANTITY_EXCEEDS_MAXIMUM" "The quantity is above the largest that can be traded." "Send or size a smaller quantity.";
        NotionalBelowMinimum "NOTIONAL_BELOW_MINIMUM" "The order is worth less than the smallest that can be traded." "Send or size a larger quantity.";
        PriceNotOnTick "PRICE_NOT_ON_TICK" "A price is not a multiple of the instrument's tick." "Round the price in the message to the tick.";
        OrderNotionalExceedsLimit "ORDER_NOTIONAL_EXCEEDS_LIMIT" "The order is worth more than the account allows." "Send a smaller quantity or raise max_order_notional.";
        PositionNotionalExceedsLimit "POSITION_NOTIONAL_EXCEEDS_LIMIT" "The position would be worth more than the account allows." "Send a smaller quantity or raise max_position_notional.";
        MaxOpenPositions "MAX_OPEN_POSITIONS" "As many positions are open as the account allows." "Close one or raise max_open_positions.";
        ExposureLimit "EXPOSURE_LIMIT" "The exposure would be above the account's limit." "Send a smaller quantity or raise max_gross_exposure_pct.";
        DailyLossLimit "DAILY_LOSS_LIMIT" "Today's loss has reached the account's limit." "Entries are allowed again tomorrow.";
        MaxDrawdown "MAX_DRAWDOWN" "The drawdown has reached the account's limit." "Raise max_drawdown_pct or reset the account.";
        ConsecutiveLosses "CONSECUTIVE_LOSSES" "The losing streak has reached the account's limit." "Raise the limit, or wait for the next day.";
        CooldownActive "COOLDOWN_ACTIVE" "The account is cooling down after a loss." "Wait, or shorten the cooldown.";
        MaxOrdersPerDay "MAX_ORDERS_PER_DAY" "As many entries were ordered today as the account allows." "Raise max_orders_per_day, or wait for tomorrow.";
        StopRequired "STOP_REQUIRED" "The account or the sizing needs a stop loss, and the message has none." "Add a stop loss to the message.";
        BracketInvalid "BRACKET_INVALID" "Take profit or stop loss is on the wrong side of the entry." "For a long: stop below, target above; for a short the other way round.";
        InsufficientBalance "INSUFFICIENT_BALANCE" "This needs more than the available balance." "Use a smaller quantity or amount, close a position or cancel a resting order, or deposit.";
        CurrencyMismatch "CURRENCY_MISMATCH" "The symbol is quoted in another currency than the account's." "Use an account of that currency.";
        UnsupportedOrderType "UNSUPPORTED_ORDER_TYPE" "The paper broker does not take this order type yet." "Send a market order.";
        OrderNotLive "ORDER_NOT_LIVE" "There is no such resting order." "Look at the orders of the account: it may be filled, cancelled or expired already.";
        TooManyOrders "TOO_MANY_ORDERS" "The account has as many resting orders as it may have." "Cancel resting orders that are not wanted any more.";
        AccountLiquidated "ACCOUNT_LIQUIDATED" "The account lost all its money and was closed out." "Reset the account to begin anew.";
        AccountUnavailable "ACCOUNT_UNAVAILABLE" "The account of this webhook does not exist." "Choose an account on the webhook.";
        InternalError "INTERNAL_ERROR" "Pitwire could not finish this signal." "See the log; replay the signal.";
    }
}

impl ReasonCode {
    /// Reads a code back.
    ///
    /// # Errors
    /// [`UnknownReasonCode`] when it is none.
    pub fn parse(text: &str) -> Result<Self, UnknownReasonCode> {
        Self::ALL.iter().copied().find(|c| c.as_str() == text).ok_or(UnknownReasonCode)
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_unique_shouts_and_explains_itself() {
        let mut seen = BTreeSet::new();
        for code in ReasonCode::ALL {
            let text = code.as_str();
            assert!(seen.insert(text), "{text} stands twice");
            assert!(text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{text}");
            assert!(code.sentence().ends_with('.') && code.fix().ends_with('.'), "{text}");
            assert_eq!(ReasonCode::parse(text), Ok(*code));
        }
        assert_eq!(ReasonCode::parse("NOPE"), Err(UnknownReasonCode));
    }
}
