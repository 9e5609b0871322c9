// Generated from the Rust types by a test; change those and run `cargo xtask bindings`.

export type Nothing = Record<symbol, never>;

export type RpcError = { 
/**
 * A sentence: what, where, how to fix it.
 */
error: string, 
/**
 * A stable code in capitals.
 */
code: string, 
/**
 * The field or argument that is meant.
 */
field?: string, 
/**
 * The place in a nested document, such as `scenarios[2].steps[0].qty`.
 */
path?: string, 
/**
 * The line of a text, counted from 1.
 */
line?: number, 
/**
 * The column of a text in characters, counted from 1.
 */
column?: number, 
/**
 * Where the documents have the code, if the catalogue of reasons has it: `docs/WEBHOOKS.md#malformed_json`.
 */
docs?: string, };

export type Measure = { 
/**
 * A decimal.
 */
value: string, 
/**
 * What it counts.
 */
unit: string, };

export type CanonicalOrder = { 
/**
 * `market`, `limit`, `stop`, `stop_limit` or `trailing_stop`.
 */
type: string, 
/**
 * The limit price.
 */
limit: string | null, 
/**
 * The stop price.
 */
stop: string | null, 
/**
 * The trailing distance.
 */
trail: Measure | null, 
/**
 * The price at which a trailing stop begins to trail.
 */
activation: string | null, 
/**
 * `gtc`, `day` or `ioc`.
 */
time_in_force: string | null, };

export type Leg = { 
/**
 * At a price.
 */
price?: string, 
/**
 * Percent away from the entry.
 */
pct?: string, 
/**
 * A price distance away from the entry.
 */
abs?: string, 
/**
 * Pips away from the entry.
 */
pips?: string, 
/**
 * How much of the position, in percent.
 */
portion_pct?: string, 
/**
 * The limit price of a stop-limit.
 */
limit?: string, 
/**
 * The trailing distance of a stop.
 */
trail?: Measure, };

export type Canonical = { 
/**
 * What is to be done.
 */
intent: string, 
/**
 * `long` or `short`.
 */
side: string | null, 
/**
 * The action in the message's own word.
 */
action: string, 
/**
 * The normalised symbol; null for a switch that names none.
 */
symbol: string | null, 
/**
 * The symbol as sent.
 */
symbol_raw: string, 
/**
 * The exchange, upper case.
 */
exchange: string | null, 
/**
 * The kind of market.
 */
market: string | null, 
/**
 * The size named.
 */
size: Measure | null, 
/**
 * Leverage, as a factor.
 */
leverage: string | null, 
/**
 * The strategy's position after the order, signed.
 */
target_position: string | null, 
/**
 * The strategy's position before the order, signed.
 */
previous_position: string | null, 
/**
 * The order asked for.
 */
order: CanonicalOrder, 
/**
 * Take-profit steps.
 */
take_profit: Array<Leg>, 
/**
 * The stop loss.
 */
stop_loss: Leg | null, 
/**
 * Whether it may only take from a position.
 */
reduce_only: boolean, 
/**
 * The price named.
 */
price: string | null, 
/**
 * When the alert fired.
 */
alert_time: string | null, 
/**
 * The open time of its bar.
 */
bar_time: string | null, 
/**
 * The greatest age in seconds.
 */
max_lag_s: number | null, 
/**
 * Seconds to wait.
 */
delay_s: number | null, 
/**
 * The sender's own id.
 */
id: string | null, 
/**
 * The strategy's name.
 */
strategy: string | null, 
/**
 * The comment.
 */
comment: string | null, 
/**
 * Whether the sender marked it as a test.
 */
test: boolean, 
/**
 * Fields without a place of their own.
 */
extras: { [key in string]: string }, };

export type Account = { 
/**
 * `acc_…`.
 */
id: string, 
/**
 * What the user calls it.
 */
name: string, 
/**
 * The settlement currency.
 */
currency: string, 
/**
 * Where prices come from: `alert` for the alert itself.
 */
venue: string, 
/**
 * The opening cash, with deposits and withdrawals since.
 */
opening: string, 
/**
 * Cash.
 */
cash: string, 
/**
 * Opening + realised - fees.
 */
balance: string, 
/**
 * Balance + unrealised.
 */
equity: string, 
/**
 * Equity - margin - reserved.
 */
available: string, 
/**
 * Profit of closed parts before fees.
 */
realized_gross: string, 
/**
 * Profit of open positions at their marks.
 */
unrealized: string, 
/**
 * All fees paid.
 */
fees: string, 
/**
 * Held as margin.
 */
margin: string, 
/**
 * Equity over opening, as a fraction: 0.024 is +2.4 %.
 */
total_return: number | null, 
/**
 * How many positions are open.
 */
positions: number, 
/**
 * How many orders are live, held ones too.
 */
orders_live: number, 
/**
 * `active`, `reduce_only` (takes exits only) or `liquidated` (all its money is lost; takes nothing).
 */
state: string, 
/**
 * When it lost all its money.
 */
liquidated_at: string | null, 
/**
 * The settings, dotted keys.
 */
settings: { [key in string]: string }, 
/**
 * When it was made.
 */
created_at: string, 
/**
 * When its present run began: when it was made or last reset. Figures and reports count from here.
 */
opened_at: string, };

export type NewAccount = { 
/**
 * 1 to 80 characters.
 */
name: string, 
/**
 * Opening cash, above zero.
 */
cash: string, 
/**
 * `USD` when absent.
 */
currency?: string, 
/**
 * `alert` when absent.
 */
venue?: string, 
/**
 * Settings, dotted keys.
 */
settings?: { [key in string]: string }, };

export type AccountRef = { 
/**
 * The account.
 */
account_id?: string, };

export type AccountPatch = { 
/**
 * The account.
 */
account_id: string, 
/**
 * Dotted keys (see `accounts.keys`) and their new values, all of them or none; `name` too. `off` unsets.
 */
settings: { [key in string]: string }, };

export type Amount = { 
/**
 * The account.
 */
account_id: string, 
/**
 * Above zero, in the account's currency.
 */
amount: string, };

export type Position = { 
/**
 * The account.
 */
account_id: string, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * Signed: long above zero.
 */
quantity: string, 
/**
 * The average entry price.
 */
price_average: string, 
/**
 * The newest price known.
 */
mark: string | null, 
/**
 * When that price was seen.
 */
mark_at: string | null, 
/**
 * Profit at the mark.
 */
unrealized: string | null, 
/**
 * Profit of closed parts before fees.
 */
realized: string, 
/**
 * When the open position was opened.
 */
opened_at: string | null, 
/**
 * Its stop loss, where one is working: the nearest.
 */
stop_loss: string | null, 
/**
 * Its take profit, where one is working: the nearest.
 */
take_profit: string | null, };

export type PositionRef = { 
/**
 * The account; the first one when absent.
 */
account_id?: string, 
/**
 * The symbol.
 */
symbol: string, };

export type Order = { 
/**
 * `ord_…`.
 */
id: string, 
/**
 * The signal that asked for it; null for a click or a command.
 */
signal_id: string | null, 
/**
 * The account.
 */
account_id: string, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * `buy` or `sell`.
 */
side: string, 
/**
 * `market`, `limit`, `stop`, `stop_limit` or `trailing_stop`.
 */
type: string, 
/**
 * Ordered.
 */
quantity: string, 
/**
 * Filled.
 */
filled: string, 
/**
 * The average price of its fills.
 */
price_average: string | null, 
/**
 * The limit price.
 */
limit: string | null, 
/**
 * The stop price; of a trailing stop, where it stands now.
 */
stop: string | null, 
/**
 * What a trailing stop trails by: `abs` or `pct`.
 */
trail: Measure | null, 
/**
 * The price that a trailing stop waits for before it begins to trail.
 */
activation: string | null, 
/**
 * The best price since it began to trail.
 */
watermark: string | null, 
/**
 * `gtc`, `day` or `ioc`.
 */
time_in_force: string, 
/**
 * When a day order ends.
 */
expires_at: string | null, 
/**
 * Whether no market prices this symbol: it moves only when an alert for the symbol comes.
 */
waits_for_alert: boolean, 
/**
 * `held`, `working`, `triggered`, `partially_filled`, `filled`, `cancelled`, `expired` or `rejected`.
 */
status: string, 
/**
 * Whether it can still change; only then can it be cancelled.
 */
live: boolean, 
/**
 * Why it was rejected or cancelled.
 */
reason_code: string | null, 
/**
 * Whether it may only take from a position.
 */
reduce_only: boolean, 
/**
 * The order whose bracket it belongs to.
 */
parent_id: string | null, 
/**
 * The how manieth order of the account's present run it is; children have their parent's number.
 */
number: number, 
/**
 * What it is within its bracket: `main`, `tp`, `tp2`, … or `sl`.
 */
role: string, 
/**
 * Number and role for people: `12`, `12 tp`, `12 sl`.
 */
label: string, 
/**
 * When it was placed.
 */
created_at: string, 
/**
 * When it last changed.
 */
updated_at: string, };

export type OrderPage = { 
/**
 * Newest first.
 */
orders: Array<Order>, 
/**
 * The cursor of the next page; null at the end.
 */
next: string | null, };

export type OrderQuery = { 
/**
 * Only of this account.
 */
account_id?: string, 
/**
 * Only those that can still change; all of them in one page, whatever `limit` says.
 */
live?: boolean, 
/**
 * At most this many (1 to 500, 100 when absent).
 */
limit?: number, 
/**
 * The cursor of the page before.
 */
before?: string, };

export type OrderRef = { 
/**
 * The order.
 */
id: string, };

export type FillWhy = { 
/**
 * The price it started from.
 */
reference: string, 
/**
 * Where that price came from: `quote`, `last`, `alert`, `bar`, `limit`, `stop` or `mark`.
 */
source: string, 
/**
 * When that price was observed.
 */
observed_at: string | null, 
/**
 * The half-spread added against the trader, as a price.
 */
spread: string, 
/**
 * The slippage added against the trader, as a price.
 */
slippage: string, 
/**
 * The rounding to the tick against the trader, as a price.
 */
rounding: string, 
/**
 * What the order's own limit took back of it, as a price.
 */
cap: string, 
/**
 * Quantity times price times multiplier.
 */
notional: string, 
/**
 * The fee's rate in basis points; below zero is a rebate.
 */
fee_bps: string, 
/**
 * The decimals that the fee is rounded to.
 */
fee_dp: number, 
/**
 * The least that a fill costs; zero for none.
 */
fee_minimum: string, };

export type Fill = { 
/**
 * `fil_…`.
 */
id: string, 
/**
 * The order.
 */
order_id: string, 
/**
 * The signal behind it.
 */
signal_id: string | null, 
/**
 * The account.
 */
account_id: string, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * `buy` or `sell`.
 */
side: string, 
/**
 * Filled.
 */
quantity: string, 
/**
 * The price per unit.
 */
price: string, 
/**
 * The fee in the account's currency.
 */
fee: string, 
/**
 * Profit that it realised, before fees.
 */
realized: string, 
/**
 * `taker` or `maker`.
 */
liquidity: string, 
/**
 * When.
 */
at: string, 
/**
 * How price and fee came about.
 */
why: FillWhy, };

export type FillPage = { 
/**
 * Newest first.
 */
fills: Array<Fill>, 
/**
 * The cursor of the next page; null at the end.
 */
next: string | null, };

export type Trade = { 
/**
 * `trd_…`.
 */
id: string, 
/**
 * The account.
 */
account_id: string, 
/**
 * The webhook that opened it; null for a click or a command.
 */
webhook_id: string | null, 
/**
 * The signal that opened it; null for a click or a command.
 */
signal_id: string | null, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * `long` or `short`.
 */
direction: string, 
/**
 * The most that was held.
 */
quantity_max: string, 
/**
 * The average price of the entries.
 */
price_entry: string, 
/**
 * The average price of the exits.
 */
price_exit: string, 
/**
 * Profit before fees.
 */
gross: string, 
/**
 * Its fees.
 */
fees: string, 
/**
 * Profit after fees.
 */
net: string, 
/**
 * What its stop losses put at risk when it was entered; null where the first entry had none.
 */
risk: string | null, 
/**
 * Net profit over that risk.
 */
r: string | null, 
/**
 * The lowest open profit, before fees.
 */
mae: string, 
/**
 * The highest open profit, before fees.
 */
mfe: string, 
/**
 * Closed bars while it was open.
 */
bars: number, 
/**
 * What closed it: `signal`, `take_profit`, `stop_loss`, `trailing_stop`, `reversal`, `user`, `liquidation`.
 */
exit_reasons: Array<string>, 
/**
 * When it was opened.
 */
opened_at: string, 
/**
 * When it was closed.
 */
closed_at: string, 
/**
 * The order whose fill opened it.
 */
opened_by: string, 
/**
 * The order whose fill closed it.
 */
closed_by: string, };

export type TradePage = { 
/**
 * The last closed first.
 */
trades: Array<Trade>, 
/**
 * The cursor of the next page; null at the end.
 */
next: string | null, };

export type TradeQuery = { 
/**
 * Only of this account.
 */
account_id?: string, 
/**
 * Only those that this webhook opened.
 */
webhook_id?: string, 
/**
 * At most this many (1 to 500, 100 when absent).
 */
limit?: number, 
/**
 * The cursor of the page before.
 */
before?: string, };

export type PageQuery = { 
/**
 * Only of this account.
 */
account_id?: string, 
/**
 * At most this many (1 to 500, 100 when absent).
 */
limit?: number, 
/**
 * The cursor of the page before.
 */
before?: string, };

export type TradeAnalytics = { 
/**
 * All closed trades.
 */
trades: number, 
/**
 * With a net profit.
 */
wins: number, 
/**
 * With a net loss.
 */
losses: number, 
/**
 * With neither.
 */
breakeven: number, 
/**
 * Wins over all trades.
 */
win_rate: number | null, 
/**
 * Wins over wins and losses.
 */
win_rate_ex_breakeven: number | null, 
/**
 * The profits of winning trades.
 */
gross_profit: string, 
/**
 * The losses of losing trades.
 */
gross_loss: string, 
/**
 * Gross profit minus gross loss.
 */
net_profit: string, 
/**
 * Gross profit over gross loss.
 */
profit_factor: number | null, 
/**
 * Net profit over trades.
 */
avg_trade: number | null, 
/**
 * Gross profit over wins.
 */
avg_win: number | null, 
/**
 * Gross loss over losses.
 */
avg_loss: number | null, 
/**
 * Average win over average loss.
 */
payoff_ratio: number | null, 
/**
 * What a trade brings on average.
 */
expectancy: number | null, 
/**
 * What a trade brings on average, in multiples of its risk.
 */
expectancy_r: number | null, 
/**
 * The largest net profit.
 */
largest_win: string | null, 
/**
 * The largest net loss.
 */
largest_loss: string | null, 
/**
 * The longest run of wins.
 */
max_consecutive_wins: number, 
/**
 * The longest run of losses.
 */
max_consecutive_losses: number, 
/**
 * The fraction of the capital that Kelly's formula would risk.
 */
kelly: number | null, 
/**
 * The system quality number.
 */
sqn: number | null, 
/**
 * All fees.
 */
total_fees: string, 
/**
 * The mean of the lowest open profits.
 */
avg_mae: number | null, 
/**
 * The mean of the highest open profits.
 */
avg_mfe: number | null, };

export type TradingViewAnalytics = { 
/**
 * `month` or `day`: of what the returns are.
 */
period: string | null, 
/**
 * How many returns.
 */
n: number, 
/**
 * The Sharpe ratio.
 */
sharpe: number | null, 
/**
 * The Sortino ratio.
 */
sortino: number | null, 
/**
 * Gross profit minus gross loss.
 */
net_profit: string | null, 
/**
 * Winners over all closed trades, in percent: 40 is 40 %.
 */
percent_profitable: number | null, 
/**
 * Gross profit over gross loss.
 */
profit_factor: number | null, 
/**
 * The largest loss from a peak of equity.
 */
max_drawdown: string, };

export type Analytics = { 
/**
 * How many daily returns.
 */
n: number, 
/**
 * Last over opening equity minus 1.
 */
total_return: number | null, 
/**
 * The growth a year, compounded.
 */
cagr: number | null, 
/**
 * The spread of daily returns, a year.
 */
volatility: number | null, 
/**
 * The Sharpe ratio.
 */
sharpe: number | null, 
/**
 * The Sortino ratio.
 */
sortino: number | null, 
/**
 * The deepest fall below a peak; zero or below.
 */
max_drawdown_pct: number | null, 
/**
 * The deepest fall below a peak as an amount; zero or above.
 */
max_drawdown_abs: string, 
/**
 * CAGR over the deepest fall.
 */
calmar: number | null, 
/**
 * The most days in a row that ended below a peak.
 */
longest_underwater_periods: number, 
/**
 * The ulcer index.
 */
ulcer_index: number | null, 
/**
 * The periods a year that figures are brought to: 365 or 252.
 */
periods_per_year: number, 
/**
 * The risk-free rate a year.
 */
risk_free: number, 
/**
 * Of closed trades; null when none were given.
 */
trades: TradeAnalytics | null, 
/**
 * By TradingView's own definitions.
 */
tradingview: TradingViewAnalytics, 
/**
 * Why figures are null, as sentences.
 */
notes: Array<string>, };

export type EquityMark = { 
/**
 * When.
 */
at: string, 
/**
 * The equity.
 */
equity: string, 
/**
 * Equity over the highest equity so far minus 1: zero or below.
 */
drawdown: number, };

export type FigureDefinition = { 
/**
 * `trades` or `tradingview`; null for a figure at the top.
 */
group: string | null, 
/**
 * The key in the JSON.
 */
field: string, 
/**
 * The name for people.
 */
name: string, 
/**
 * `fraction`, `percent`, `money`, `ratio`, `count`, `periods` or `word`.
 */
unit: string, 
/**
 * How it is computed, in one line.
 */
meaning: string, };

export type ReportQuery = { 
/**
 * The account; the first one when neither it nor a webhook is named.
 */
account_id?: string, 
/**
 * Only the round trips that this webhook opened; the curve is then their profit, added to the capital.
 */
webhook_id?: string, 
/**
 * Periods a year: 365 (when absent) or 252.
 */
periods?: number, 
/**
 * The risk-free rate a year as a fraction; 0 when absent.
 */
risk_free?: number, 
/**
 * At most this many points of the curve (2 to 5000, 1000 when absent).
 */
points?: number, };

export type Report = { 
/**
 * The account.
 */
account_id: string, 
/**
 * The webhook, of a webhook's report.
 */
webhook_id: string | null, 
/**
 * The account's currency.
 */
currency: string, 
/**
 * When the run began.
 */
from: string, 
/**
 * The newest mark.
 */
to: string, 
/**
 * What the run was opened with.
 */
opening: string, 
/**
 * Paid in less paid out since; no profit.
 */
transferred: string, 
/**
 * The equity at the newest mark, transfers included.
 */
equity: string, 
/**
 * The figures, with transfers taken out of the curve.
 */
analytics: Analytics, 
/**
 * Equity and drawdown for a chart, with transfers taken out, oldest first. Extremes are kept when points are
 * left out.
 */
curve: Array<EquityMark>, 
/**
 * Whether points were left out of `curve`.
 */
thinned: boolean, };

export type RiskUse = { 
/**
 * The setting, such as `risk.max_daily_loss`.
 */
key: string, 
/**
 * What it limits, for people.
 */
name: string, 
/**
 * What it means.
 */
meaning: string, 
/**
 * The limit as the account has it (`200`, `2%`, `5`); null when off.
 */
limit: string | null, 
/**
 * What of it is used now, in the unit of `unit`; null where there is nothing to count.
 */
actual: string | null, 
/**
 * `money`, `percent`, `count`, `quantity`, `ms` or `word`.
 */
unit: string, 
/**
 * Used over limit, 0 to 1 and above; null when off or not a number.
 */
used: number | null, 
/**
 * Whether it refuses entries now.
 */
refuses: boolean, };

export type Instrument = { 
/**
 * The account.
 */
account_id: string, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * `spot`, `perpetual`, …; null without evidence.
 */
market: string | null, 
/**
 * The smallest change of a price.
 */
tick: string, 
/**
 * The smallest change of a quantity.
 */
step: string, 
/**
 * The smallest quantity of an order.
 */
min_qty: string, 
/**
 * The largest quantity of an entry.
 */
max_qty: string | null, 
/**
 * The least that an order is worth.
 */
min_notional: string, 
/**
 * What one unit gains when the price rises by 1.
 */
multiplier: string, 
/**
 * The share of its worth that a long ties up.
 */
init_margin_long: string, 
/**
 * The share of its worth that a short ties up.
 */
init_margin_short: string, 
/**
 * One pip.
 */
pip: string, 
/**
 * Whether it can be sold short.
 */
shortable: boolean, 
/**
 * The newest price known.
 */
mark: string | null, 
/**
 * When it was seen.
 */
mark_at: string | null, 
/**
 * What the account sets for this symbol alone, by the last part of its key: `tick`, `step`, … Change it through
 * `accounts.set` with the key `instrument.<SYMBOL>.<field>`; `off` unsets.
 */
settings: { [key in string]: string }, };

export type ConfigKey = { 
/**
 * The key. `instrument.<field>` is for all symbols, `instrument.<SYMBOL>.<field>` for one.
 */
key: string, 
/**
 * What it does.
 */
description: string, 
/**
 * What values it takes.
 */
form: string, 
/**
 * Its value where nobody sets it; `off` for none.
 */
default: string, };

export type PriceQuery = { 
/**
 * The account; the first one when absent.
 */
account_id?: string, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * At most this many newest prices (2 to 5000, 1000 when absent).
 */
limit?: number, };

export type PricePoint = { 
/**
 * When.
 */
at: string, 
/**
 * The price.
 */
price: string, 
/**
 * `alert`, `fill` or `mark` (the newest price known).
 */
source: string, };

export type PriceSeries = { 
/**
 * The account.
 */
account_id: string, 
/**
 * The symbol.
 */
symbol: string, 
/**
 * Prices of alerts and fills, oldest first.
 */
points: Array<PricePoint>, 
/**
 * The account's fills in that time, oldest first.
 */
fills: Array<Fill>, };

export type Timings = { 
/**
 * Checking the secret.
 */
auth: number | null, 
/**
 * Reading the message.
 */
parse: number | null, 
/**
 * From the parsed message to the fsync.
 */
commit: number | null, 
/**
 * Waiting for its decision.
 */
queue: number | null, 
/**
 * Deciding.
 */
decide: number | null, 
/**
 * Writing orders and fills.
 */
execute: number | null, };

export type Check = { 
/**
 * The check's name, such as `position logic`.
 */
name: string, 
/**
 * `pass`, `fail` or `skipped`.
 */
outcome: string, 
/**
 * The limit compared with.
 */
limit: string | null, 
/**
 * The figure found.
 */
actual: string | null, 
/**
 * The reason code of a failed check.
 */
code: string | null, };

export type SignalDrift = { 
/**
 * Signed.
 */
stated: string, 
/**
 * Signed.
 */
held: string, };

export type PipelineValue = { 
/**
 * What it is the value of.
 */
operand: string, 
/**
 * The value; null is na.
 */
value: number | null, 
/**
 * The value one bar before, where there are bars.
 */
before: number | null, };

export type PipelineLeaf = { 
/**
 * Where it stands in the tree.
 */
path: string, 
/**
 * What it says.
 */
text: string, 
/**
 * Whether it holds; null where a value was na.
 */
passed: boolean | null, 
/**
 * Whose candles.
 */
symbol: string | null, 
/**
 * How long they are.
 */
timeframe: string | null, 
/**
 * When the candle that was looked at opened.
 */
candle_opened_at: string | null, 
/**
 * The values, the left one first.
 */
values: Array<PipelineValue>, 
/**
 * What is wrong with its candles, in a sentence, where there was no verdict for that; absent otherwise.
 */
missing?: string, };

export type PipelineVerdict = { 
/**
 * `confirm`, `deny` or `unknown`.
 */
verdict: string, 
/**
 * The code of a denial or of what is not known.
 */
reason_code: string | null, 
/**
 * The same in a sentence with its numbers.
 */
reason: string | null, 
/**
 * The path of the first condition that is to blame for a denial.
 */
first_failing: string | null, 
/**
 * The strategy.
 */
strategy_id: string, 
/**
 * Its name then.
 */
strategy_name: string, 
/**
 * The revision that was asked; 0 is a file that is not saved.
 */
revision: number, 
/**
 * Whose candles it was judged by, such as `binance`; absent where no venue has them.
 */
venue?: string, 
/**
 * Every condition, in the order of the tree.
 */
leaves: Array<PipelineLeaf>, };

export type Strategy = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it may be asked; webhooks of a disabled one refuse their signals.
 */
enabled: boolean, 
/**
 * The revision shown.
 */
revision: number, 
/**
 * Every revision, oldest first.
 */
revisions: Array<StrategyRevision>, 
/**
 * `entries` or `all`.
 */
apply_to: string, 
/**
 * The timeframes that it looks at.
 */
timeframes: Array<string>, 
/**
 * The file of the revision shown.
 */
file: unknown, 
/**
 * The webhooks that ask it.
 */
webhook_ids: Array<string>, 
/**
 * When it was made.
 */
created_at: string, 
/**
 * When it was changed last.
 */
updated_at: string, };

export type StrategyRevision = { 
/**
 * Its number, from 1.
 */
number: number, 
/**
 * When it was made.
 */
created_at: string, };

export type StrategyRef = { 
/**
 * The strategy.
 */
id: string, 
/**
 * The revision; the newest when absent.
 */
revision?: number, };

export type NewStrategy = { 
/**
 * The text of the file.
 */
file: string, };

export type StrategyPatch = { 
/**
 * The strategy.
 */
id: string, 
/**
 * The text of the file.
 */
file: string, };

export type StrategyCheck = { 
/**
 * Whether it can be used.
 */
ok: boolean, 
/**
 * Everything that is wrong.
 */
faults: Array<StrategyFault>, 
/**
 * The candles that it needs for a signal; empty where something is wrong.
 */
needs: Array<StrategyNeed>, };

export type StrategyFault = { 
/**
 * Where in the tree, such as `when.all[0].left`; empty for the file as a whole.
 */
path: string, 
/**
 * The column in the expression, or in the file where that is no JSON; counted from 1.
 */
column: number | null, 
/**
 * The line in the file where that is no JSON.
 */
line: number | null, 
/**
 * What, and what may stand there.
 */
error: string, };

export type StrategyNeed = { 
/**
 * Whose; null is the signal's symbol.
 */
symbol: string | null, 
/**
 * How long each.
 */
timeframe: string, 
/**
 * How many closed ones.
 */
candles: number, };

export type StrategyTestRequest = { 
/**
 * The strategy.
 */
id: string, 
/**
 * A file in place of the saved one.
 */
file?: string, 
/**
 * One signal.
 */
signal_id?: string, 
/**
 * Every signal of a webhook.
 */
webhook_id?: string, 
/**
 * Candles in place of the ones that are kept.
 */
candles?: Array<CandleText>, };

export type CandleText = { 
/**
 * How long its candles are.
 */
timeframe: string, 
/**
 * Whose; the signals' own symbol when absent.
 */
symbol?: string, 
/**
 * CSV: time,open,high,low,close,volume
 */
csv: string, };

export type StrategyTest = { 
/**
 * Signals that it was asked about.
 */
signals: number, 
/**
 * Signals that would have passed.
 */
confirmed: number, 
/**
 * Signals that would have been denied.
 */
denied: number, 
/**
 * Signals about which nothing is known.
 */
unknown: number, 
/**
 * Exits, which pass by.
 */
exits: number, 
/**
 * Signal by signal, newest last; at most 1,000, the newest.
 */
rows: Array<StrategyTestRow>, 
/**
 * How long it took, in milliseconds.
 */
took_ms: number, };

export type StrategyTestRow = { 
/**
 * The signal.
 */
signal_id: string, 
/**
 * When it was received, which is what the candles are as of.
 */
received_at: string, 
/**
 * What became of it then.
 */
status: string, 
/**
 * The verdict; its conditions only when one signal was asked about.
 */
pipeline: PipelineVerdict, 
/**
 * Why candles could not be had, and what to do about it, where one signal was asked about; absent otherwise.
 */
market?: string, };

export type SignalRow = { 
/**
 * The public id; a replay's begins `replayed-`.
 */
id: string, 
/**
 * The webhook that received it.
 */
webhook_id: string, 
/**
 * That webhook's name.
 */
webhook_name: string, 
/**
 * `direct` or `pipeline`.
 */
mode: string, 
/**
 * When it arrived.
 */
received_at: string, 
/**
 * The source label of its URL.
 */
source: string, 
/**
 * The sender's address.
 */
source_ip: string | null, 
/**
 * The format it was read as.
 */
dialect: string | null, 
/**
 * Sentences about what was repaired in the body.
 */
repairs: Array<string>, 
/**
 * The action in the message's own word.
 */
action: string | null, 
/**
 * The normalised symbol.
 */
symbol: string | null, 
/**
 * `received`, `executed`, `rejected` or `failed`.
 */
status: string, 
/**
 * The code of its rejection or failure.
 */
reason_code: string | null, 
/**
 * The sentence of its rejection or failure, with its numbers.
 */
reason: string | null, 
/**
 * How to fix it.
 */
fix: string | null, 
/**
 * Where the documents have its reason: `docs/WEBHOOKS.md#no_position`.
 */
docs: string | null, 
/**
 * The numbers behind the reason, and what else is to be known of the decision.
 */
details: { [key in string]: string }, 
/**
 * Whether it changed places with another signal; `reordered_before` or `reordered_after` in the details says with
 * which.
 */
reordered: boolean, 
/**
 * Where the account held something else than the strategy said before this order.
 */
drift: SignalDrift | null, 
/**
 * Whether it is a replay.
 */
replayed: boolean, 
/**
 * The signal that it replays.
 */
replay_of: string | null, 
/**
 * The signals that replay it.
 */
replays: Array<string>, 
/**
 * Its orders.
 */
orders: Array<Order>, 
/**
 * The pipeline's verdict; null where no strategy was asked.
 */
pipeline: PipelineVerdict | null, 
/**
 * Microseconds per step.
 */
timings_us: Timings, 
/**
 * When the alert fired, if the message says so.
 */
alert_time: string | null, 
/**
 * Milliseconds from firing to arrival.
 */
lag_ms: number | null, 
/**
 * The how manieth of the signals in its message it is, from 0. With the time it tells which of two came first.
 */
leg: number, 
/**
 * Whether it is a test.
 */
test: boolean, 
/**
 * Whether it may be replayed: everything that was authenticated.
 */
replayable: boolean, 
/**
 * How many further requests of the same kind were counted on this row instead of being stored.
 */
also_refused: number, };

export type SignalDetail = { 
/**
 * The body as received, secrets masked; bytes that are not UTF-8 are replaced.
 */
raw_body: string, 
/**
 * The declared content type.
 */
content_type: string | null, 
/**
 * The request's headers without secrets.
 */
headers: { [key in string]: string }, 
/**
 * What the message says in canonical form.
 */
canonical: Canonical | null, 
/**
 * Its fills, oldest first, each with how its price came about.
 */
fills: Array<Fill>, 
/**
 * The checks of its decision.
 */
checks: Array<Check>, 
/**
 * The webhook's settings as they were.
 */
config: unknown, 
/**
 * The public id; a replay's begins `replayed-`.
 */
id: string, 
/**
 * The webhook that received it.
 */
webhook_id: string, 
/**
 * That webhook's name.
 */
webhook_name: string, 
/**
 * `direct` or `pipeline`.
 */
mode: string, 
/**
 * When it arrived.
 */
received_at: string, 
/**
 * The source label of its URL.
 */
source: string, 
/**
 * The sender's address.
 */
source_ip: string | null, 
/**
 * The format it was read as.
 */
dialect: string | null, 
/**
 * Sentences about what was repaired in the body.
 */
repairs: Array<string>, 
/**
 * The action in the message's own word.
 */
action: string | null, 
/**
 * The normalised symbol.
 */
symbol: string | null, 
/**
 * `received`, `executed`, `rejected` or `failed`.
 */
status: string, 
/**
 * The code of its rejection or failure.
 */
reason_code: string | null, 
/**
 * The sentence of its rejection or failure, with its numbers.
 */
reason: string | null, 
/**
 * How to fix it.
 */
fix: string | null, 
/**
 * Where the documents have its reason: `docs/WEBHOOKS.md#no_position`.
 */
docs: string | null, 
/**
 * The numbers behind the reason, and what else is to be known of the decision.
 */
details: { [key in string]: string }, 
/**
 * Whether it changed places with another signal; `reordered_before` or `reordered_after` in the details says with
 * which.
 */
reordered: boolean, 
/**
 * Where the account held something else than the strategy said before this order.
 */
drift: SignalDrift | null, 
/**
 * Whether it is a replay.
 */
replayed: boolean, 
/**
 * The signal that it replays.
 */
replay_of: string | null, 
/**
 * The signals that replay it.
 */
replays: Array<string>, 
/**
 * Its orders.
 */
orders: Array<Order>, 
/**
 * The pipeline's verdict; null where no strategy was asked.
 */
pipeline: PipelineVerdict | null, 
/**
 * Microseconds per step.
 */
timings_us: Timings, 
/**
 * When the alert fired, if the message says so.
 */
alert_time: string | null, 
/**
 * Milliseconds from firing to arrival.
 */
lag_ms: number | null, 
/**
 * The how manieth of the signals in its message it is, from 0. With the time it tells which of two came first.
 */
leg: number, 
/**
 * Whether it is a test.
 */
test: boolean, 
/**
 * Whether it may be replayed: everything that was authenticated.
 */
replayable: boolean, 
/**
 * How many further requests of the same kind were counted on this row instead of being stored.
 */
also_refused: number, };

export type SignalQuery = { 
/**
 * Only of this webhook.
 */
webhook_id?: string, 
/**
 * Only these statuses; `replayed` selects replays.
 */
status?: Array<string>, 
/**
 * Words that the body, symbol or action must have.
 */
query?: string, 
/**
 * At most this many (1 to 500, 100 when absent).
 */
limit?: number, 
/**
 * The cursor of the page before.
 */
before?: string, };

export type SignalPage = { 
/**
 * The rows, newest first.
 */
signals: Array<SignalRow>, 
/**
 * The cursor of the next page; null at the end.
 */
next: string | null, 
/**
 * Of a dry run: what would become of each, with every check; absent otherwise.
 */
trials?: Array<SignalDetail>, };

export type SignalRef = { 
/**
 * The signal.
 */
id: string, };

export type NewReplay = { 
/**
 * The signals to replay, in this order.
 */
ids: Array<string>, 
/**
 * Another body in place of the original's; with one id only.
 */
body?: string, 
/**
 * Only say what would happen.
 */
dry_run?: boolean, };

export type ExportRequest = { 
/**
 * Which; `limit` and `before` do not count.
 */
query: SignalQuery, 
/**
 * `csv`, `json` or `ndjson`.
 */
format: string, };

export type Exported = { 
/**
 * The file; null when the user closed the dialog.
 */
path: string | null, 
/**
 * How many signals.
 */
signals: number, };

export type Counts = { 
/**
 * Every signal.
 */
all: number, 
/**
 * Waiting.
 */
received: number, 
/**
 * Executed.
 */
executed: number, 
/**
 * Rejected.
 */
rejected: number, 
/**
 * Failed.
 */
failed: number, 
/**
 * Replays, whatever became of them.
 */
replayed: number, };

export type Reason = { 
/**
 * The code.
 */
code: string, 
/**
 * What happened.
 */
sentence: string, 
/**
 * What to do about it.
 */
fix: string, 
/**
 * Where the documents have it: `docs/WEBHOOKS.md#malformed_json`.
 */
docs: string, };

export type ExplainRequest = { 
/**
 * The message.
 */
body: string, 
/**
 * The webhook whose settings apply.
 */
webhook_id?: string, };

export type Explained = { 
/**
 * The format it was read as.
 */
dialect: string, 
/**
 * What was repaired.
 */
repairs: Array<string>, 
/**
 * The signals in canonical form.
 */
signals: Array<Canonical>, };

export type PasteRequest = { 
/**
 * The message.
 */
body: string, 
/**
 * The webhook that it would be sent to; without one nothing is decided.
 */
webhook_id?: string, };

export type MissingSetting = { 
/**
 * `symbol`, `default_side` or `unit.<key>`.
 */
setting: string, 
/**
 * What is open, in a sentence.
 */
sentence: string, 
/**
 * The option of `pitwire webhook edit` that sets it.
 */
option: string, 
/**
 * What it may be; empty for a symbol, which may be any.
 */
choices: Array<string>, };

export type Pasted = { 
/**
 * The format, where it is known.
 */
dialect: string | null, 
/**
 * Its name for people.
 */
title: string | null, 
/**
 * What was repaired.
 */
repairs: Array<string>, 
/**
 * The signals in canonical form; empty when the message is refused.
 */
signals: Array<Canonical>, 
/**
 * What each signal would come to now, decided on a copy of the account; nothing is kept.
 */
outcomes: Array<SignalRow>, 
/**
 * What the webhook must say first.
 */
missing: Array<MissingSetting>, 
/**
 * Why the message would be refused.
 */
error: RpcError | null, };

export type SymbolSuggestion = { 
/**
 * As the message names it.
 */
from: string, 
/**
 * As the account knows it.
 */
to: string, };

export type LastSignal = { 
/**
 * The signal.
 */
id: string, 
/**
 * When it came.
 */
at: string, 
/**
 * What became of it.
 */
status: string, };

export type Drift = { 
/**
 * The symbol.
 */
symbol: string, 
/**
 * The strategy's name; null where its messages have none.
 */
strategy: string | null, 
/**
 * What the strategy last said that it holds, signed.
 */
stated: string, 
/**
 * What the account holds, signed.
 */
held: string, 
/**
 * Whether sizes are compared; otherwise only sides are, since webhook or account say how much is traded.
 */
sized: boolean, 
/**
 * The signal that said so.
 */
signal_id: string, 
/**
 * When it came.
 */
at: string, };

export type ResyncRequest = { 
/**
 * The webhook.
 */
id: string, 
/**
 * Only this symbol; every one that has drifted when absent.
 */
symbol?: string, 
/**
 * Only say what would happen.
 */
dry_run?: boolean, };

export type Webhook = { 
/**
 * `wh_…`.
 */
id: string, 
/**
 * What the user calls it.
 */
name: string, 
/**
 * What the user says about it.
 */
description: string, 
/**
 * `direct` or `pipeline`.
 */
mode: string, 
/**
 * The strategy of pipeline mode.
 */
strategy_id: string | null, 
/**
 * The account that trades.
 */
account_id: string, 
/**
 * The format, where the user fixed it.
 */
dialect: string | null, 
/**
 * `fixed:1`, `notional:500`, `pct-balance:5`, `pct-equity:5` or `risk-pct:1`; null: what the message says, else 1.
 */
sizing: string | null, 
/**
 * `directional`, `flip` or `target`.
 */
sell_mode: string, 
/**
 * The symbol of messages that name none.
 */
symbol: string | null, 
/**
 * The side of messages that name none.
 */
default_side: string | null, 
/**
 * What bare numbers of messages count, by `unit.risk`, `unit.sl`, `unit.tp` and `unit.price`.
 */
units: { [key in string]: string }, 
/**
 * Symbols as messages name them, and what is traded for them.
 */
symbol_map: { [key in string]: string }, 
/**
 * Addresses and networks that may send; empty: everybody.
 */
allow_ips: Array<string>, 
/**
 * `30/min,10/s` or `off`.
 */
rate: string, 
/**
 * The window in milliseconds in which a repeated message counts once.
 */
dedupe_ms: number, 
/**
 * Milliseconds to hold a signal for its pair; null: 750 for those that name the positions before and after, 0 for
 * others.
 */
hold_ms: number | null, 
/**
 * The greatest age in seconds of an alert; null: no limit.
 */
max_lag_s: number | null, 
/**
 * Seconds to wait before executing.
 */
delay_s: number | null, 
/**
 * After how many seconds without an alert a reminder is given; null: never.
 */
remind_after_s: number | null, 
/**
 * `pw_…a1b2`.
 */
token_preview: string, 
/**
 * When the token stops working.
 */
token_expires_at: string | null, 
/**
 * Whether Copy URL can fill in the token (it is sealed in the keychain).
 */
token_sealed: boolean, 
/**
 * `active`, `paused` or `expired`.
 */
state: string, 
/**
 * Whether receiving is paused.
 */
paused: boolean, 
/**
 * Whether it takes exits only.
 */
reduce_only: boolean, 
/**
 * When it was made.
 */
created_at: string, 
/**
 * The path of its URL with `<token>` in place of the token.
 */
url_path: string, 
/**
 * Its URL on this machine with `<token>`; null while nothing listens.
 */
local_url: string | null, 
/**
 * Its URL on the internet with `<token>`; null without a tunnel.
 */
public_url: string | null, 
/**
 * Its newest signal.
 */
last_signal: LastSignal | null, 
/**
 * Its signals per status.
 */
counts: Counts, 
/**
 * How many alerts came in the last three minutes; TradingView stops an alert after 15.
 */
recent_3min: number, 
/**
 * Whether that is so near to 15 that the alert may soon be stopped.
 */
recent_warning: boolean, 
/**
 * Whether no alert has come for longer than `remind_after_s`.
 */
silent: boolean, 
/**
 * Where the account holds something else than a strategy of this webhook says.
 */
drift: Array<Drift>, };

export type NewWebhook = { 
/**
 * 1 to 80 characters.
 */
name: string, 
/**
 * Up to 500 characters.
 */
description?: string, 
/**
 * `direct` (of a new webhook when absent) or `pipeline`.
 */
mode?: string, 
/**
 * The strategy of pipeline mode.
 */
strategy_id?: string, 
/**
 * The account; of a new webhook when absent, the default one.
 */
account_id?: string, 
/**
 * A fixed format.
 */
dialect?: string, 
/**
 * See [`Webhook::sizing`].
 */
sizing?: string, 
/**
 * See [`Webhook::sell_mode`].
 */
sell_mode?: string, 
/**
 * See [`Webhook::symbol`].
 */
symbol?: string, 
/**
 * See [`Webhook::default_side`].
 */
default_side?: string, 
/**
 * See [`Webhook::units`]; those named are changed, an empty word clears one.
 */
units?: { [key in string]: string }, 
/**
 * See [`Webhook::symbol_map`]; those named are changed, an empty symbol takes one out.
 */
symbol_map?: { [key in string]: string }, 
/**
 * See [`Webhook::allow_ips`]; `tradingview` stands for its four addresses.
 */
allow_ips?: Array<string>, 
/**
 * See [`Webhook::rate`].
 */
rate?: string, 
/**
 * See [`Webhook::dedupe_ms`].
 */
dedupe_ms?: number, 
/**
 * See [`Webhook::hold_ms`]; 0 is no hold at all.
 */
hold_ms?: number, 
/**
 * Whether to hold as long as the signal gives reason to, in place of a number.
 */
hold_default?: boolean, 
/**
 * See [`Webhook::max_lag_s`]; 0 clears.
 */
max_lag_s?: number, 
/**
 * See [`Webhook::delay_s`]; 0 clears.
 */
delay_s?: number, 
/**
 * See [`Webhook::remind_after_s`]; 0 clears.
 */
remind_after_s?: number, 
/**
 * See [`Webhook::reduce_only`].
 */
reduce_only?: boolean, 
/**
 * When the token stops working, RFC 3339.
 */
token_expires_at?: string, };

export type WebhookPatch = { 
/**
 * The webhook.
 */
id: string, 
/**
 * The new name.
 */
name?: string, 
/**
 * Up to 500 characters.
 */
description?: string, 
/**
 * `direct` (of a new webhook when absent) or `pipeline`.
 */
mode?: string, 
/**
 * The strategy of pipeline mode.
 */
strategy_id?: string, 
/**
 * The account; of a new webhook when absent, the default one.
 */
account_id?: string, 
/**
 * A fixed format.
 */
dialect?: string, 
/**
 * See [`Webhook::sizing`].
 */
sizing?: string, 
/**
 * See [`Webhook::sell_mode`].
 */
sell_mode?: string, 
/**
 * See [`Webhook::symbol`].
 */
symbol?: string, 
/**
 * See [`Webhook::default_side`].
 */
default_side?: string, 
/**
 * See [`Webhook::units`]; those named are changed, an empty word clears one.
 */
units?: { [key in string]: string }, 
/**
 * See [`Webhook::symbol_map`]; those named are changed, an empty symbol takes one out.
 */
symbol_map?: { [key in string]: string }, 
/**
 * See [`Webhook::allow_ips`]; `tradingview` stands for its four addresses.
 */
allow_ips?: Array<string>, 
/**
 * See [`Webhook::rate`].
 */
rate?: string, 
/**
 * See [`Webhook::dedupe_ms`].
 */
dedupe_ms?: number, 
/**
 * See [`Webhook::hold_ms`]; 0 is no hold at all.
 */
hold_ms?: number, 
/**
 * Whether to hold as long as the signal gives reason to, in place of a number.
 */
hold_default?: boolean, 
/**
 * See [`Webhook::max_lag_s`]; 0 clears.
 */
max_lag_s?: number, 
/**
 * See [`Webhook::delay_s`]; 0 clears.
 */
delay_s?: number, 
/**
 * See [`Webhook::remind_after_s`]; 0 clears.
 */
remind_after_s?: number, 
/**
 * See [`Webhook::reduce_only`].
 */
reduce_only?: boolean, 
/**
 * When the token stops working, RFC 3339.
 */
token_expires_at?: string, };

export type WebhookRef = { 
/**
 * The webhook.
 */
id: string, };

export type WebhookCreated = { 
/**
 * The webhook.
 */
webhook: Webhook, 
/**
 * The token; shown once.
 */
token: string, 
/**
 * The path with the token.
 */
url_path: string, 
/**
 * The secret for signed requests; shown once.
 */
signing_secret: string, 
/**
 * The whole URL on this machine; null while nothing listens.
 */
local_url: string | null, 
/**
 * The whole URL on the internet; null without a tunnel.
 */
public_url: string | null, };

export type CopyKind = "url" | "curl" | "message_strategy" | "message_indicator";

export type CopyRequest = { 
/**
 * The webhook.
 */
id: string, 
/**
 * What.
 */
kind: CopyKind, };

export type Copied = { 
/**
 * What it is, for the toast.
 */
label: string, 
/**
 * Whether the token is filled in; otherwise `<token>` stands in its place.
 */
complete: boolean, };

export type TemplateRequest = { 
/**
 * The webhook.
 */
id: string, 
/**
 * `strategy` (when absent) or `indicator`.
 */
kind?: string, 
/**
 * Another format than the webhook's.
 */
dialect?: string, };

export type Template = { 
/**
 * The format.
 */
dialect: string, 
/**
 * The message.
 */
message: string, };

export type TestRequest = { 
/**
 * The webhook.
 */
id: string, 
/**
 * The body to send; a small buy of BTCUSDT when absent.
 */
body?: string, 
/**
 * Only say what would happen.
 */
dry_run?: boolean, 
/**
 * Send it to the public address instead of the local one.
 */
public?: boolean, };

export type TestSent = { 
/**
 * The HTTP status.
 */
http_status: number, 
/**
 * The answer's body.
 */
answer: unknown, 
/**
 * The signal that was made.
 */
signal_id: string | null, 
/**
 * Of a dry run: what would become of each signal in the body, with every check; absent otherwise.
 */
trials?: Array<SignalDetail>, };

export type TunnelState = "off" | "connecting" | "online" | "reconnecting" | "failed";

export type TunnelReason = { 
/**
 * A stable code, such as `TOKEN_REFUSED`; docs/TUNNEL.md lists all.
 */
code: string, 
/**
 * What is wrong, in a sentence.
 */
sentence: string, 
/**
 * What to do about it.
 */
fix: string, 
/**
 * The service's own code, such as `ERR_NGROK_107`.
 */
service_code: string | null, };

export type TunnelToken = { 
/**
 * Whether there is one.
 */
present: boolean, 
/**
 * Its last four characters after `…`; null for a token too short to show any.
 */
hint: string | null, 
/**
 * `environment` or `keychain`; null without one.
 */
source: string | null, 
/**
 * Whether there is a keychain to keep one in; else only `NGROK_AUTHTOKEN` gives it.
 */
can_be_kept: boolean, };

export type TunnelLevel = "ok" | "warning" | "over";

export type TunnelQuota = { 
/**
 * Such as `2026-11`.
 */
month: string, 
/**
 * Requests that came through the tunnel in this month.
 */
requests: number, 
/**
 * What the plan allows in a month; null when the user said that there is no limit.
 */
limit: number | null, 
/**
 * What the month will come to at the rate of the last seven days.
 */
expected: number, 
/**
 * `warning` from four fifths of the limit on, counted or expected; `over` once it is counted.
 */
level: TunnelLevel, 
/**
 * The same as a sentence.
 */
sentence: string, };

export type TunnelReplies = { 
/**
 * How many answers were given.
 */
count: number, 
/**
 * Half of them took at most this long, microseconds.
 */
p50_us: number | null, 
/**
 * 99 of 100 took at most this long, microseconds.
 */
p99_us: number | null, 
/**
 * What TradingView waits, microseconds: 3,000,000.
 */
limit_us: number, };

export type HopOutcome = "ok" | "failed" | "not_reached";

export type TunnelHop = { 
/**
 * `internet`, `edge`, `listener`, `token` or `queue`, in this order.
 */
name: string, 
/**
 * Whether it works.
 */
outcome: HopOutcome, 
/**
 * What was found.
 */
finding: string, 
/**
 * What to do about it.
 */
fix: string | null, };

export type TunnelTest = { 
/**
 * When.
 */
at: string, 
/**
 * `probe` for a request of its own, `signal` when an alert that came through was proof enough.
 */
by: string, 
/**
 * Whether no part of the way is broken.
 */
ok: boolean, 
/**
 * The five hops, always all of them.
 */
hops: Array<TunnelHop>, 
/**
 * From the first byte sent to the answer, microseconds; null where none came, and when a signal was the proof.
 */
reply_us: number | null, 
/**
 * Whether it was made for this call; else it is the last one, because five minutes have not passed.
 */
fresh: boolean, 
/**
 * When the next probe may be sent.
 */
next_at: string, };

export type MovedWebhook = { 
/**
 * The webhook.
 */
id: string, 
/**
 * What the user calls it.
 */
name: string, 
/**
 * Its URL before, with `<token>`.
 */
old_url: string, 
/**
 * Its URL now, with `<token>`.
 */
new_url: string, };

export type AddressChange = { 
/**
 * When it was seen.
 */
at: string, 
/**
 * The address before, such as `https://old.ngrok-free.app`.
 */
old_url: string, 
/**
 * The address now.
 */
new_url: string, 
/**
 * Every webhook that was there before the change.
 */
webhooks: Array<MovedWebhook>, };

export type SleepGuard = { 
/**
 * Whether the user wants it (`tunnel.prevent_sleep`).
 */
wanted: boolean, 
/**
 * Whether the system does it.
 */
held: boolean, 
/**
 * Why it does not though it is wanted.
 */
error: string | null, };

export type TunnelStatus = { 
/**
 * `ngrok`, `own-url` or `off`.
 */
mode: string, 
/**
 * Where it stands.
 */
state: TunnelState, 
/**
 * Why; null while nothing is to be said.
 */
reason: TunnelReason | null, 
/**
 * The public address, such as `https://name.ngrok-free.app`; null while there is none.
 */
public_url: string | null, 
/**
 * The domain that is wanted (`tunnel.domain`); null for the one that the account was given.
 */
domain: string | null, 
/**
 * When this state began.
 */
since: string, 
/**
 * Attempts since it was last online.
 */
attempts: number, 
/**
 * When the next attempt is made; null when none is waited for.
 */
retry_at: string | null, 
/**
 * Whether another process is the worker, whose reply times are not known here.
 */
elsewhere: boolean, 
/**
 * The authtoken of ngrok.
 */
token: TunnelToken, 
/**
 * Whether only TradingView's addresses pass the edge (`tunnel.only_tradingview`).
 */
only_tradingview: boolean, 
/**
 * Requests against the plan.
 */
quota: TunnelQuota, 
/**
 * How long answers take.
 */
replies: TunnelReplies, 
/**
 * The newest self-test.
 */
last_test: TunnelTest | null, 
/**
 * A changed address that has not been acknowledged.
 */
address_change: AddressChange | null, 
/**
 * Whether the machine is kept awake.
 */
sleep: SleepGuard, };

export type NewTunnelToken = { 
/**
 * As ngrok's dashboard shows it.
 */
token: string, };

export type TimelineQuery = { 
/**
 * The cursor of the page before.
 */
before?: string, 
/**
 * How many rows, 1 to 500; 100 when absent.
 */
limit?: number, };

export type TimelineRow = { 
/**
 * Its number; larger is later.
 */
id: string, 
/**
 * When.
 */
at: string, 
/**
 * The state that began.
 */
state: TunnelState, 
/**
 * Why.
 */
reason: TunnelReason | null, 
/**
 * The public address, once it was online.
 */
public_url: string | null, };

export type GapWebhook = { 
/**
 * The webhook.
 */
id: string, 
/**
 * What the user calls it.
 */
name: string, 
/**
 * Alerts that came for it in the seven days before the gap.
 */
alerts_7d: number, 
/**
 * How many of them fall into a time as long as the gap: what may have been lost, an estimate.
 */
at_risk: number, };

export type TunnelGap = { 
/**
 * When it went down.
 */
from: string, 
/**
 * When it was back; null while it lasts.
 */
to: string | null, 
/**
 * How long, in seconds; up to now while it lasts.
 */
seconds: number, 
/**
 * Why it went down.
 */
reason: TunnelReason, 
/**
 * Every webhook that was there and not paused, those that may have lost most first.
 */
webhooks: Array<GapWebhook>, };

export type Timeline = { 
/**
 * Every change of state.
 */
rows: Array<TimelineRow>, 
/**
 * The gaps that began among these rows.
 */
gaps: Array<TunnelGap>, 
/**
 * The cursor of the next page; null at the end.
 */
next: string | null, };

export type ListenerState = { "state": "off" } | { "state": "listening", 
/**
 * Such as `http://127.0.0.1:8787`.
 */
url: string, } | { "state": "failed", 
/**
 * What is wrong.
 */
error: string, 
/**
 * A port that is free, where the one of the settings is taken.
 */
port_free: number | null, };

export type StorageDown = { 
/**
 * When the first write was lost.
 */
since: string, 
/**
 * Why, and what to do.
 */
sentence: string, };

export type Status = { 
/**
 * Pitwire's version.
 */
version: string, 
/**
 * The data directory.
 */
data_dir: string, 
/**
 * The local listener.
 */
listener: ListenerState, 
/**
 * Why no alert can be kept; null while all is well.
 */
storage_down: StorageDown | null, 
/**
 * Where the tunnel stands.
 */
tunnel: TunnelState, 
/**
 * The public address; null while there is none.
 */
public_url: string | null, 
/**
 * True where everything shown is a demo's: a synthetic market and made-up alerts. Absent otherwise.
 */
demo?: boolean, 
/**
 * Whether everything is paused.
 */
kill_switch: boolean, 
/**
 * `keychain` or `file`.
 */
secrets_home: string, 
/**
 * Signals per status.
 */
counts: Counts, 
/**
 * How many webhooks there are.
 */
webhooks: number, 
/**
 * How many there may be.
 */
max_webhooks: number, 
/**
 * How many accounts there are.
 */
accounts: number, 
/**
 * The name of the first account.
 */
account: string, 
/**
 * Its equity.
 */
equity: string, 
/**
 * Its currency.
 */
currency: string, 
/**
 * Its equity over its opening, as a fraction.
 */
total_return: number | null, 
/**
 * Its open positions.
 */
positions: number, 
/**
 * Median reply time of the listener, microseconds.
 */
reply_p50_us: number | null, 
/**
 * 99th percentile of the reply time, microseconds.
 */
reply_p99_us: number | null, 
/**
 * This machine's time.
 */
now: string, };

export type KillSwitch = { 
/**
 * Whether everything is paused.
 */
on: boolean, };

export type Batch = { 
/**
 * New and changed rows of the history, oldest first; at most 200, see `overflow`.
 */
signals: Array<SignalRow>, 
/**
 * Whether rows were left out: read the page again.
 */
overflow: boolean, 
/**
 * Whether positions, fills or balances changed.
 */
account: boolean, 
/**
 * Whether webhooks changed.
 */
webhooks: boolean, 
/**
 * The frame's figures.
 */
status: Status | null, 
/**
 * The tunnel, when its state, its self-test or its address has changed: what notifications are made of.
 */
tunnel: TunnelStatus | null, 
/**
 * What the user is to be told, such as that a webhook has gone silent; absent when there is nothing.
 */
notices?: Array<Notice>, };

export type Notice = { 
/**
 * `silence`.
 */
kind: string, 
/**
 * The webhook it is about.
 */
webhook_id: string | null, 
/**
 * In a few words.
 */
title: string, 
/**
 * In a sentence or two, with what to do.
 */
text: string, };

export type CheckOutcome = "ok" | "warning" | "error";

export type DoctorCheck = { 
/**
 * What was checked.
 */
name: string, 
/**
 * How it came out.
 */
outcome: CheckOutcome, 
/**
 * What was found.
 */
finding: string, 
/**
 * What to do about it.
 */
fix: string | null, };

export type Candle = { 
/**
 * When it opened.
 */
opened_at: string, 
/**
 * The first price.
 */
open: string, 
/**
 * The highest.
 */
high: string, 
/**
 * The lowest.
 */
low: string, 
/**
 * The last.
 */
close: string, 
/**
 * Units of the base traded.
 */
volume: string, };

export type CandleQuery = { 
/**
 * Such as `binance`.
 */
venue: string, 
/**
 * Such as `BTCUSDT`.
 */
symbol: string, 
/**
 * Such as `1h`.
 */
timeframe: string, 
/**
 * How many closed ones, the newest; 300 when absent, 1500 at most.
 */
limit?: number, };

export type CandleSeries = { 
/**
 * Those that are closed, oldest first.
 */
closed: Array<Candle>, 
/**
 * The running one, where the venue was asked for it.
 */
running: Candle | null, };

export type ChartQuery = { 
/**
 * The signal; a strategy must have been asked about it.
 */
id: string, 
/**
 * Whose candles; when absent those of the first condition to blame, else of the first condition with candles.
 */
symbol?: string, 
/**
 * How long each; when absent as `symbol`.
 */
timeframe?: string, 
/**
 * Candles up to the judged one, that one among them: 1 to 500, 120 when absent.
 */
before?: number, 
/**
 * Candles after the judged one: 0 to 500, 40 when absent.
 */
after?: number, };

export type ChartSeries = { 
/**
 * Whose.
 */
symbol: string, 
/**
 * How long each.
 */
timeframe: string, };

export type ChartLine = { 
/**
 * The expression, such as `rsi(close,14)`.
 */
label: string, 
/**
 * `price` where it belongs over the candles, `separate` where it needs a scale of its own.
 */
pane: string, 
/**
 * Its value at each candle, a decimal; null while it is na.
 */
values: Array<string | null>, 
/**
 * The numbers that conditions compare it with, decimals in the order of the strategy.
 */
levels: Array<string>, };

export type SignalChart = { 
/**
 * The signal.
 */
signal_id: string, 
/**
 * Whose candles: such as `binance`; null where no venue has them.
 */
venue: string | null, 
/**
 * The symbol of these candles.
 */
symbol: string, 
/**
 * How long each is.
 */
timeframe: string, 
/**
 * All that the strategy looks at; each can be asked for.
 */
series: Array<ChartSeries>, 
/**
 * Closed candles, oldest first, gaps left as they are.
 */
candles: Array<Candle>, 
/**
 * When the candle opened that the strategy was asked about.
 */
judged: string, 
/**
 * The strategy's indicators on these candles, in the order of its conditions.
 */
lines: Array<ChartLine>, 
/**
 * When the signal was received.
 */
received_at: string, 
/**
 * The account's fills of the symbol from the first candle until an interval after the last one or after the
 * signal, whichever is later; oldest first, the newest 1000.
 */
fills: Array<Fill>, 
/**
 * Why the judged candle is not among the candles, in a sentence; null when it is.
 */
missing: string | null, };

export type MarketStatus = { 
/**
 * Those that accounts are on, and those that were asked or heard since the start.
 */
venues: Array<VenueStatus>, };

export type VenueStatus = { 
/**
 * Such as `binance`.
 */
venue: string, 
/**
 * Such as `Binance`.
 */
title: string, 
/**
 * `idle` (nothing is to be heard of it), `connecting`, `connected` or `down`.
 */
state: string, 
/**
 * Since when.
 */
since: string | null, 
/**
 * When it last said something.
 */
heard_at: string | null, 
/**
 * The symbols whose prices are heard: those of positions and working orders.
 */
symbols: Array<VenueSymbol>, 
/**
 * The lanes whose first signal waits for its answer, the first hundred; each waits a few seconds at most.
 */
lanes: Array<VenueLane>, 
/**
 * How many signals wait for it, those behind the first one of their lane too.
 */
waiting: number, 
/**
 * The candles that are heard, such as `BTCUSDT 1h`: those that enabled pipelines need; absent where there are none.
 */
candles?: Array<string>, 
/**
 * What is wrong, in a sentence.
 */
error: string | null, 
/**
 * What to do about it.
 */
fix: string | null, 
/**
 * When it is tried again.
 */
retry_at: string | null, };

export type VenueSymbol = { 
/**
 * Such as `BTCUSDT`.
 */
symbol: string, 
/**
 * When its last quote came; null before the first.
 */
quoted_at: string | null, };

export type VenueLane = { 
/**
 * Whose.
 */
account_id: string, 
/**
 * Of what.
 */
symbol: string, 
/**
 * How many signals wait in it.
 */
signals: number, };

export type Settings = { 
/**
 * Keys and values, defaults included.
 */
values: { [key in string]: string }, };

export type Setting = { 
/**
 * Such as `limits.max_webhooks`.
 */
key: string, 
/**
 * The new value; empty for the default.
 */
value: string, };

export type Preferences = { 
/**
 * `system` (when absent), `dark` or `light`.
 */
theme?: string, 
/**
 * The pane shown last.
 */
pane?: string, 
/**
 * `utc` or `local` (when absent).
 */
time_zone?: string, 
/**
 * Whether up is red and down is green.
 */
swap_colours?: boolean, 
/**
 * Whether closing the window keeps Pitwire in the tray.
 */
close_to_tray?: boolean, 
/**
 * Whether single-letter keys are off.
 */
letter_keys_off?: boolean, 
/**
 * Whether the first-run guide was closed.
 */
guide_closed?: boolean, 
/**
 * The last filter of the history.
 */
signal_filter?: string, 
/**
 * Whether the system notifies when the tunnel goes down and when it is back.
 */
notify_tunnel?: boolean, };

export type Clipboard = { 
/**
 * The text.
 */
text: string, 
/**
 * Whether clipboard histories are asked to leave it out.
 */
secret: boolean, };

export type Link = { 
/**
 * An https address of a known host.
 */
url: string, };

export type SaveFile = { 
/**
 * The proposed name.
 */
name: string, 
/**
 * The content.
 */
content: string, };

export type Saved = { 
/**
 * The path.
 */
path: string | null, };

export interface RpcSchema {
  "status": { params: Nothing; result: Status };
  "kill.set": { params: KillSwitch; result: Status };
  "doctor": { params: Nothing; result: Array<DoctorCheck> };
  "market.status": { params: Nothing; result: MarketStatus };
  "candles.list": { params: CandleQuery; result: CandleSeries };
  "reasons": { params: Nothing; result: Array<Reason> };
  "webhooks.list": { params: Nothing; result: Array<Webhook> };
  "webhooks.create": { params: NewWebhook; result: WebhookCreated };
  "webhooks.edit": { params: WebhookPatch; result: Webhook };
  "webhooks.pause": { params: WebhookRef; result: Webhook };
  "webhooks.resume": { params: WebhookRef; result: Webhook };
  "webhooks.rotate": { params: WebhookRef; result: WebhookCreated };
  "webhooks.delete": { params: WebhookRef; result: WebhookRef };
  "webhooks.copy": { params: CopyRequest; result: Copied };
  "webhooks.template": { params: TemplateRequest; result: Template };
  "webhooks.test": { params: TestRequest; result: TestSent };
  "webhooks.resync": { params: ResyncRequest; result: SignalPage };
  "signals.list": { params: SignalQuery; result: SignalPage };
  "signals.show": { params: SignalRef; result: SignalDetail };
  "signals.chart": { params: ChartQuery; result: SignalChart };
  "signals.replay": { params: NewReplay; result: SignalPage };
  "signals.export": { params: ExportRequest; result: Exported };
  "explain": { params: ExplainRequest; result: Explained };
  "messages.paste": { params: PasteRequest; result: Pasted };
  "symbols.suggest": { params: SignalRef; result: SymbolSuggestion | null };
  "strategies.list": { params: Nothing; result: Array<Strategy> };
  "strategies.show": { params: StrategyRef; result: Strategy };
  "strategies.add": { params: NewStrategy; result: Strategy };
  "strategies.edit": { params: StrategyPatch; result: Strategy };
  "strategies.enable": { params: StrategyRef; result: Strategy };
  "strategies.disable": { params: StrategyRef; result: Strategy };
  "strategies.delete": { params: StrategyRef; result: StrategyRef };
  "strategies.check": { params: NewStrategy; result: StrategyCheck };
  "strategies.test": { params: StrategyTestRequest; result: StrategyTest };
  "accounts.list": { params: Nothing; result: Array<Account> };
  "accounts.create": { params: NewAccount; result: Account };
  "accounts.set": { params: AccountPatch; result: Account };
  "accounts.deposit": { params: Amount; result: Account };
  "accounts.withdraw": { params: Amount; result: Account };
  "accounts.reset": { params: AccountRef; result: Account };
  "accounts.archive": { params: AccountRef; result: AccountRef };
  "positions.list": { params: AccountRef; result: Array<Position> };
  "accounts.risk": { params: AccountRef; result: Array<RiskUse> };
  "accounts.keys": { params: Nothing; result: Array<ConfigKey> };
  "positions.close": { params: PositionRef; result: Array<Order> };
  "positions.flatten": { params: AccountRef; result: Array<Order> };
  "orders.list": { params: OrderQuery; result: OrderPage };
  "orders.cancel": { params: OrderRef; result: Order };
  "fills.list": { params: PageQuery; result: FillPage };
  "trades.list": { params: TradeQuery; result: TradePage };
  "instruments.list": { params: AccountRef; result: Array<Instrument> };
  "prices.list": { params: PriceQuery; result: PriceSeries };
  "report": { params: ReportQuery; result: Report };
  "report.definitions": { params: Nothing; result: Array<FigureDefinition> };
  "tunnel.status": { params: Nothing; result: TunnelStatus };
  "tunnel.reconnect": { params: Nothing; result: TunnelStatus };
  "tunnel.set_token": { params: NewTunnelToken; result: TunnelStatus };
  "tunnel.clear_token": { params: Nothing; result: TunnelStatus };
  "tunnel.test": { params: Nothing; result: TunnelTest };
  "tunnel.timeline": { params: TimelineQuery; result: Timeline };
  "tunnel.acknowledge": { params: Nothing; result: TunnelStatus };
  "settings.get": { params: Nothing; result: Settings };
  "settings.set": { params: Setting; result: Settings };
  "preferences.get": { params: Nothing; result: Preferences };
  "preferences.set": { params: Preferences; result: Preferences };
  "clipboard.write": { params: Clipboard; result: Nothing };
  "quit": { params: Nothing; result: Nothing };
  "open_url": { params: Link; result: Nothing };
  "save_file": { params: SaveFile; result: Saved };
}

/** Every setting of an account: its default, what it takes, and what it does. */
export const ACCOUNT_KEYS = {
  "currency": { default: "USD", form: "2 to 8 letters or digits, such as USD", description: "The currency in which the account is kept." },
  "stablecoins_at_par": { default: "true", form: "true or false", description: "Whether USD, USDT, USDC, FDUSD and DAI count as the same money." },
  "price_source": { default: "market_then_alert", form: "market, alert or market_then_alert", description: "Which price an order starts from: the market's, the alert's, or the alert's where the market's is not fresh." },
  "sell_mode": { default: "directional", form: "directional, flip or target", description: "What a plain sell means: close a long, turn the position round, or follow the position in the message." },
  "max_entries": { default: "1", form: "a whole number from 1 to 1000000000", description: "How many filled entries a position may have." },
  "sizing": { default: "off", form: "fixed:QTY, notional:AMT, pct-balance:P, pct-equity:P, risk-pct:P or off", description: "The size of an entry where neither message nor webhook name one." },
  "fees.taker_bps": { default: "0", form: "a number from 0 to 10000", description: "The fee of fills that take a price, in basis points (1/10,000) of their worth." },
  "fees.maker_bps": { default: "0", form: "a number from -10000 to 10000", description: "The fee of fills that waited at a limit, in basis points; below 0 is a rebate." },
  "fees.min_fee": { default: "0", form: "a number from 0 to 1000000000000000", description: "The least that a fill costs; 0 for none." },
  "fees.dp": { default: "off", form: "a whole number from 0 to 12, or off", description: "The decimals that fees are rounded to; off means 8 for crypto pairs and 2 otherwise." },
  "slippage.kind": { default: "ticks", form: "ticks or bps", description: "What slippage.value counts: ticks of the instrument, or basis points of the price." },
  "slippage.value": { default: "0", form: "a number from 0 to 9999", description: "How much worse than the reference market and stop orders fill; a sale never fills below one tick." },
  "spread_bps": { default: "0", form: "a number from 0 to 10000", description: "The spread around a price that comes without a quote, in basis points; half of it is paid." },
  "max_price_age_ms": { default: "60000", form: "a whole number of milliseconds above 0", description: "The greatest usable age of a price, in milliseconds." },
  "bar_path": { default: "tv", form: "tv or pessimistic", description: "How the inside of a bar is walked: to the nearer extreme first as TradingView does, or to the one against the position first." },
  "limit_fill": { default: "touch", form: "touch or through", description: "Whether a resting limit is filled when the price touches it, or only when the price goes through it." },
  "risk.reduce_only": { default: "false", form: "true or false", description: "Whether the account takes exits only." },
  "risk.direction": { default: "both", form: "both, long_only or short_only", description: "The directions that are traded." },
  "risk.symbols": { default: "off", form: "symbols with commas between, or off", description: "The only symbols that are entered." },
  "risk.timezone": { default: "UTC", form: "a time zone such as UTC or America/New_York", description: "Where days and trading hours are counted." },
  "risk.trading_hours": { default: "off", form: "windows such as Mon-Fri 09:30-16:00 with commas between, or off", description: "When entries are allowed; day orders end with the session." },
  "risk.max_price_deviation_bps": { default: "500", form: "a number from 0 to 1000000000000000, or off", description: "How far an alert's price may be from the market's, in basis points." },
  "risk.max_order_notional": { default: "off", form: "a number from 0 to 1000000000000000, or off", description: "The most that an entry may be worth." },
  "risk.max_position_notional": { default: "off", form: "a number from 0 to 1000000000000000, or off", description: "The most that a position may be worth after an entry." },
  "risk.max_position_qty": { default: "off", form: "a number from 0 to 1000000000000000, or off", description: "The most units that a position may have after an entry." },
  "risk.max_open_positions": { default: "off", form: "a whole number from 1 to 1000000000, or off", description: "The most positions that may be open at once." },
  "risk.max_gross_exposure_pct": { default: "off", form: "a number from 0 to 1000000000000000, or off", description: "The most that all positions may be worth together after an entry, in percent of equity." },
  "risk.max_daily_loss": { default: "off", form: "an amount such as 200, a share such as 2%, or off", description: "The loss of a day, open positions included, at which entries end until the next day." },
  "risk.max_drawdown_pct": { default: "off", form: "a number above 0 and at most 100, or off", description: "The drawdown at which entries end, in percent." },
  "risk.drawdown_from": { default: "trailing", form: "trailing or static", description: "What the drawdown is measured from: the highest equity so far, or the capital put in." },
  "risk.max_orders_per_day": { default: "off", form: "a whole number from 1 to 1000000000, or off", description: "The most entries that may be ordered in a day." },
  "risk.max_consecutive_losses": { default: "off", form: "a whole number from 1 to 1000000000, or off", description: "The losing round trips in a row at which entries end until the next day." },
  "risk.cooldown_after_loss_ms": { default: "off", form: "a whole number of milliseconds above 0, or off", description: "How long no entry is allowed after a losing round trip." },
  "risk.symbol_cooldown_ms": { default: "off", form: "a whole number of milliseconds above 0, or off", description: "How long no entry in the same symbol is allowed after a losing round trip." },
  "risk.require_stop": { default: "false", form: "true or false", description: "Whether every entry must have a stop loss." },
  "instrument.symbol": { default: "off", form: "a symbol such as BTCUSDT, or off", description: "The only symbol that the other instrument settings are for." },
  "instrument.tick": { default: "off", form: "a number above 0, or off", description: "The smallest change of a price; off means the last decimal of the prices seen." },
  "instrument.step": { default: "off", form: "a number above 0, or off", description: "The smallest change of a quantity; off means 1 for stocks and futures and 0.00000001 otherwise." },
  "instrument.min_qty": { default: "off", form: "a number from 0 to 1000000000000000, or off", description: "The smallest quantity of an order; off means the step." },
  "instrument.max_qty": { default: "off", form: "a number above 0, or off", description: "The largest quantity of an entry; off means any." },
  "instrument.min_notional": { default: "off", form: "a number from 0 to 1000000000000000, or off", description: "The least that an order is worth." },
  "instrument.multiplier": { default: "off", form: "a number above 0, or off", description: "What one unit gains when the price rises by 1; off means 1." },
  "instrument.init_margin_long": { default: "off", form: "a number above 0 and at most 1, or off", description: "The share of its worth that a long ties up; off means 1, fully funded." },
  "instrument.init_margin_short": { default: "off", form: "a number above 0 and at most 1, or off", description: "The share of its worth that a short ties up; off means 1, fully funded." },
  "instrument.pip": { default: "off", form: "a number above 0, or off", description: "One pip, for levels in pips; off means 0.0001 (0.01 for yen) for currency pairs and one tick otherwise." },
  "instrument.shortable": { default: "off", form: "true, false or off", description: "Whether it can be sold short; off means yes." },
} as const;

export type AccountKey = keyof typeof ACCOUNT_KEYS;
