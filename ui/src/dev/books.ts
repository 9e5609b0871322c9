// A made-up account for the browser: its value, trades, figures and prices. Always the same.
import type {
  Analytics,
  EquityMark,
  Fill,
  Instrument,
  Order,
  PricePoint,
  Report,
  RiskUse,
  Trade,
} from "@/bindings";
import type { Bar } from "@/components/shared/chart/rows";
import { fillOf, NOW, order, sampleRows, sampleWebhooks } from "@/dev/sample";

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const HOUR = 3_600_000;

/** A walk that is the same each time: a fixed linear congruential sequence, −1 to 1. */
function* steps(): Generator<number, never> {
  let state = 20_261_120;
  for (;;) {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    yield state / 2_147_483_648 - 1;
  }
}

export function sampleEquity(size = 480): EquityMark[] {
  const walk = steps();
  let equity = 100_000;
  let peak = equity;
  return Array.from({ length: size }, (_, index) => {
    equity += walk.next().value * 260 + 5;
    peak = Math.max(peak, equity);
    const at = iso(NOW - (size - index) * 2 * HOUR);
    return { at, equity: equity.toFixed(2), drawdown: equity / peak - 1 };
  });
}

export function sampleBars(size = 160): Bar[] {
  const walk = steps();
  let close = 96_000;
  return Array.from({ length: size }, (_, index) => {
    const open = close;
    close += walk.next().value * 180 + 6;
    const high = Math.max(open, close) + Math.abs(walk.next().value) * 90;
    const low = Math.min(open, close) - Math.abs(walk.next().value) * 90;
    const [o, h, l, c] = [open, high, low, close].map((value) => value.toFixed(1));
    return { at: iso(NOW - (size - index) * HOUR), open: o!, high: h!, low: l!, close: c! };
  });
}

export function samplePrices(size = 60): PricePoint[] {
  return sampleBars(size).map(({ at, close }) => ({ at, price: close, source: "alert" }));
}

/** Fills of one symbol, spread over the candles. */
export function sampleFills(size = 40): Fill[] {
  return sampleBars(size * 4)
    .filter((_, index) => index % 4 === 3)
    .map(({ at, close }, index) => ({
      ...fillOf(order(`sig_${index}f`, index % 2 === 0 ? "buy" : "sell", "BTCUSDT", at, close)),
      liquidity: index % 5 === 0 ? "maker" : "taker",
    }))
    .reverse();
}

export function sampleWorkingOrders(): Order[] {
  const at = sampleRows(sampleWebhooks(), 8)[2]!.received_at;
  const entry: Order = { ...order("sig_w1", "buy", "ES1!", at, null), number: 12, label: "12" };
  const leg = { ...entry, side: "sell", parent_id: "ord_w1", status: "held", reduce_only: true };
  return [
    { ...entry, id: "ord_w1", type: "limit", limit: "6004.25" },
    { ...leg, id: "ord_w2", type: "limit", limit: "6030", role: "tp", label: "12 tp" },
    { ...leg, id: "ord_w3", type: "stop", stop: "5990.5", role: "sl", label: "12 sl" },
    {
      ...entry,
      id: "ord_w4",
      symbol: "BTCUSDT",
      type: "stop_limit",
      stop: "98100",
      limit: "98150",
      quantity: "0.5",
      filled: "0.2",
      status: "partially_filled",
      signal_id: null,
      label: "13",
      time_in_force: "day",
      expires_at: "2026-11-21T00:00:00Z",
      waits_for_alert: false,
    },
  ];
}

export function sampleTrades(size = 118): Trade[] {
  const walk = steps();
  const symbols = ["BTCUSDT", "ES1!", "TSLA", "ETHUSDT"];
  return Array.from({ length: size }, (_, index) => {
    const gross = walk.next().value * 300 + 26;
    const closed = NOW - index * 3 * HOUR - 40_000;
    const money = (value: number) => value.toFixed(2);
    return {
      id: `trd_${index}`,
      account_id: "acc_paper",
      webhook_id: null,
      signal_id: index % 6 === 5 ? null : `sig_t${index}`,
      symbol: symbols[index % 4]!,
      direction: index % 3 === 2 ? "short" : "long",
      quantity_max: index % 2 === 0 ? "1" : "0.1488",
      price_entry: "6012.25",
      price_exit: (6012.25 + gross / 50).toFixed(2),
      gross: money(gross),
      fees: "6.02",
      net: money(gross - 6.02),
      risk: index % 4 === 0 ? null : "150",
      r: index % 4 === 0 ? null : (gross / 150).toFixed(2),
      mae: money(Math.min(0, gross) - 40),
      mfe: money(Math.max(0, gross) + 55),
      bars: 0,
      exit_reasons: [["signal"], ["take_profit"], ["stop_loss"], ["take_profit", "user"]][index % 4]!,
      opened_by: `ord_o${index}`,
      closed_by: `ord_c${index}`,
      opened_at: iso(closed - (7 + (index % 30)) * 60_000),
      closed_at: iso(closed),
    };
  });
}

export function sampleReport(): Analytics {
  return {
    n: 40,
    total_return: 0.0241855,
    cagr: 0.2436,
    volatility: 0.231,
    sharpe: 0.95,
    sortino: 1.38,
    max_drawdown_pct: -0.0312,
    max_drawdown_abs: "3180.42",
    calmar: 7.81,
    longest_underwater_periods: 14,
    ulcer_index: 0.0121,
    trades: {
      trades: 118,
      wins: 64,
      losses: 53,
      breakeven: 1,
      win_rate: 0.5424,
      win_rate_ex_breakeven: 0.547,
      gross_profit: "8191.9",
      gross_loss: "5057.1",
      net_profit: "3134.8",
      profit_factor: 1.62,
      avg_trade: 26.55,
      avg_win: 128.0,
      avg_loss: 95.42,
      payoff_ratio: 1.34,
      expectancy: 26.55,
      expectancy_r: null,
      largest_win: "612.5",
      largest_loss: "402.75",
      max_consecutive_wins: 7,
      max_consecutive_losses: 5,
      kelly: 0.2007,
      sqn: null,
      total_fees: "112.2",
      avg_mae: -61.2,
      avg_mfe: 98.71,
    },
    tradingview: {
      period: "day",
      n: 40,
      sharpe: 0.41,
      sortino: null,
      net_profit: "3134.8",
      percent_profitable: 54.24,
      profit_factor: 1.62,
      max_drawdown: "3391.2",
    },
    periods_per_year: 365,
    risk_free: 0,
    notes: ["Expectancy in R and the system quality number need trades that were opened with a stop."],
  };
}

// [key, name, unit, limit, actual, refuses]
const USES: [string, string, string, string | null, string | null, boolean?][] = [
  ["risk.max_daily_loss", "Loss today", "money", "1000", "0"],
  ["risk.max_drawdown_pct", "Drawdown", "percent", "10", "1.2"],
  ["risk.max_order_notional", "Largest entry", "money", null, null],
  ["risk.max_gross_exposure_pct", "Gross exposure", "percent", "200", "61"],
  ["risk.max_open_positions", "Open positions", "count", "8", "4"],
  ["risk.max_orders_per_day", "Entries today", "count", null, "23"],
  ["risk.max_consecutive_losses", "Losses in a row", "count", "3", "3", true],
  ["risk.cooldown_after_loss_ms", "Since the last loss", "ms", "90000", "40000", true],
];

export function sampleUses(): RiskUse[] {
  return USES.map(([key, name, unit, limit, actual, refuses = false]) => ({
    key,
    name,
    unit,
    limit,
    actual,
    refuses,
    meaning: `${name}.`,
    used: limit === null || actual === null ? null : Number(actual) / Number(limit),
  }));
}

/** An account's settings to go with them. */
export const SAMPLE_LIMITS: Record<string, string> = Object.fromEntries(
  USES.map(([key, , , limit]) => [key, limit ?? "off"]),
);

export function sampleInstrument(): Instrument {
  return {
    account_id: "acc_paper",
    symbol: "ES1!",
    market: "future",
    tick: "0.25",
    step: "1",
    min_qty: "1",
    max_qty: null,
    min_notional: "0",
    multiplier: "50",
    init_margin_long: "1",
    init_margin_short: "1",
    pip: "0.25",
    shortable: true,
    mark: "6018.5",
    mark_at: iso(NOW - 1_000),
    settings: { multiplier: "50", tick: "0.25" },
  };
}

/** What the desk knows of the symbols that are traded. */
export function sampleInstruments(): Instrument[] {
  const future = sampleInstrument();
  const plain = { ...future, market: "crypto", multiplier: "1", tick: "0.01", step: "0.0001", settings: {} };
  return [
    { ...plain, symbol: "BTCUSDT", mark: "97310" },
    future,
    { ...plain, symbol: "ETHUSDT", mark: "3142.1" },
    { ...plain, symbol: "TSLA", market: "stock", step: "1", mark: "252.1", mark_at: iso(NOW - 41_000) },
  ];
}

export function sampleAccountReport(account: string, webhook: string | null, empty: boolean): Report {
  const curve = empty ? [] : sampleEquity();
  return {
    account_id: account,
    webhook_id: webhook,
    currency: "USD",
    from: curve[0]?.at ?? iso(NOW),
    to: iso(NOW),
    opening: "100000",
    transferred: "0",
    equity: curve.at(-1)?.equity ?? "100000",
    analytics: sampleReport(),
    curve,
    thinned: false,
  };
}
