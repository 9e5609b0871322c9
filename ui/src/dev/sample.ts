// A made-up history for the browser: always the same, so that pictures can be compared.
import type { Account, Check, Fill, Order, Position, SignalDetail, SignalRow, Webhook } from "@/bindings";

export const NOW = Date.parse("2026-11-20T14:31:07.000Z");

const iso = (milliseconds: number, micros = "204") =>
  new Date(milliseconds).toISOString().replace("Z", `${micros}Z`);

export const ACCOUNT_ID = "acc_paper";

/** Where the documents have a reason. */
export const page = (code: string) => `docs/WEBHOOKS.md#${code.toLowerCase()}`;

export const REASONS: Record<string, [string, string]> = {
  NO_POSITION: [
    "There is no position to exit.",
    "Send sell only after buy; to open a short send short, or set the webhook to flip.",
  ],
  STALE_SIGNAL: ["The signal was too old to be executed.", "Replay it if it is still wanted."],
  PRICE_UNAVAILABLE: ["No price is known for the symbol.", 'Add a price to the message: "price": {{close}}.'],
  KILL_SWITCH_ACTIVE: ["Everything is paused.", "Resume with the Resume all button or `pitwire kill off`."],
  UNRECOGNISED: [
    "The message is of no known format.",
    'Use one of the supported formats; the smallest is {"action":"buy","symbol":"BTCUSDT"}.',
  ],
  INTERNAL_ERROR: ["Pitwire could not finish this signal.", "See the log; replay the signal."],
};

const NAMES = ["ES long", "BTC RSI", "Scanner"] as const;

function webhook(index: number, over: Partial<Webhook>): Webhook {
  const part = ["7k2mq4d5sa2b", "c4xzt6yhq3ne", "p8aav5rwk2lo"][index] ?? "aaaaaaaaaaaa";
  const path = `/webhooks/tradingview/wh_${part}/<token>`;
  return {
    id: `wh_${part}`,
    name: NAMES[index] ?? "Another",
    description: "",
    mode: "direct",
    strategy_id: null,
    account_id: ACCOUNT_ID,
    dialect: null,
    sizing: "fixed:1",
    sell_mode: "directional",
    symbol: null,
    default_side: null,
    allow_ips: [],
    rate: "30/min,10/s",
    dedupe_ms: 1000,
    hold_ms: null,
    max_lag_s: 300,
    delay_s: null,
    units: {},
    symbol_map: {},
    remind_after_s: null,
    recent_warning: false,
    silent: false,
    drift: [],
    token_preview: `pw_${part.slice(0, 4)}…q9f4`,
    token_expires_at: null,
    token_sealed: index !== 2,
    state: "active",
    paused: false,
    reduce_only: false,
    created_at: iso(NOW - 40 * 86_400_000),
    url_path: path,
    local_url: `http://127.0.0.1:8787${path}`,
    public_url: null,
    last_signal: null,
    counts: { all: 0, received: 0, executed: 0, rejected: 0, failed: 0, replayed: 0 },
    recent_3min: 0,
    ...over,
  };
}

export function sampleWebhooks(): Webhook[] {
  return [
    webhook(0, {
      description: "Breakout on the 5 minute chart",
      recent_3min: 3,
      counts: { all: 4120, received: 0, executed: 3998, rejected: 110, failed: 12, replayed: 9 },
    }),
    webhook(1, {
      sizing: "pct-balance:5",
      mode: "pipeline",
      strategy_id: "str_trend",
      sell_mode: "flip",
      symbol: "BTCUSDT",
      recent_3min: 13,
      recent_warning: true,
      token_expires_at: "2026-12-31T23:59:59Z",
      allow_ips: ["52.89.214.238", "34.212.75.30", "54.218.53.128", "52.32.178.7"],
      counts: { all: 7301, received: 1, executed: 7009, rejected: 271, failed: 20, replayed: 22 },
    }),
    webhook(2, {
      sizing: null,
      sell_mode: "target",
      state: "paused",
      paused: true,
      counts: { all: 987, received: 0, executed: 895, rejected: 50, failed: 6, replayed: 6 },
    }),
  ];
}

// [status, action, symbol, price, webhook, reason]
const SCRIPT: [string, string, string, string | null, 0 | 1 | 2, string?][] = [
  ["received", "buy", "BTCUSDT", null, 1],
  ["rejected", "sell", "NVDA", null, 0, "NO_POSITION"],
  ["executed", "buy", "ES1!", "6012.25", 0],
  ["executed", "sell", "ETHUSDT", "3142.10", 1],
  ["executed", "buy", "SOLUSDT", "184.07", 1],
  ["executed", "close", "BTCUSDT", "97310.00", 1],
  ["failed", "buy", "AVAXUSDT", null, 1, "INTERNAL_ERROR"],
  ["executed", "buy", "BTCUSDT", "96950.5", 1],
  ["executed", "short", "TSLA", "250.75", 2],
  ["executed", "cover", "TSLA", "247.1", 2],
  ["rejected", "buy", "DOGEUSDT", null, 2, "PRICE_UNAVAILABLE"],
  ["executed", "buy", "AAPL", "229.87", 2],
  ["executed", "sell", "AAPL", "231.02", 2],
  ["executed", "buy", "ETHUSDT", "3098.44", 1],
  ["rejected", "buy", "BTCUSDT", null, 1, "STALE_SIGNAL"],
  ["executed", "close", "ES1!", "6018.5", 0],
];

export function order(
  signalId: string,
  side: string,
  symbol: string,
  at: string,
  price: string | null,
): Order {
  return {
    id: `ord_${signalId.replace(/^.*_/, "")}`,
    signal_id: signalId,
    account_id: ACCOUNT_ID,
    symbol,
    side,
    type: "market",
    quantity: "1",
    filled: price === null ? "0" : "1",
    price_average: price,
    limit: null,
    stop: null,
    trail: null,
    activation: null,
    watermark: null,
    time_in_force: "gtc",
    expires_at: null,
    waits_for_alert: true,
    status: price === null ? "working" : "filled",
    live: price === null,
    reason_code: null,
    reduce_only: /close|cover/.test(side),
    parent_id: null,
    number: 1,
    role: "main",
    label: "1",
    created_at: at,
    updated_at: at,
  };
}

export function sampleRows(webhooks: Webhook[], size: number): SignalRow[] {
  let at = NOW - 7_000;
  return Array.from({ length: size }, (_, index) => {
    const [status, action, symbol, price, owner, reason] = SCRIPT[index % SCRIPT.length]!;
    const from = webhooks[owner]!;
    at -= 1000 * (7 + ((index * 37) % 53)) + ((index * 173) % 1000);
    const received = iso(at);
    const replay = index === 4;
    const id = `${replay ? "replayed-" : ""}sig_${(100_000 - index).toString(32)}q7m2`;
    const [sentence, fix] = reason === undefined ? [null, null] : (REASONS[reason] ?? [null, null]);
    const decided = status !== "received";
    return {
      id,
      webhook_id: from.id,
      webhook_name: from.name,
      mode: "direct",
      received_at: received,
      source: "tradingview",
      source_ip: "52.89.214.238",
      dialect: index % 3 === 0 ? "traderspost" : "generic",
      repairs: index % 16 === 3 ? ["A comma after the last field was removed."] : [],
      action,
      symbol,
      status,
      reason_code: reason ?? null,
      reason: sentence,
      fix,
      docs: reason === undefined ? null : page(reason),
      details: reason === "STALE_SIGNAL" ? { age_s: "412", limit_s: "300" } : {},
      reordered: false,
      drift: null,
      replayed: replay,
      replay_of: replay ? `sig_${(100_000 - 10).toString(32)}q7m2` : null,
      replays: index === 10 ? [`replayed-sig_${(100_000 - 4).toString(32)}q7m2`] : [],
      orders:
        price === null ? [] : [order(id, /buy|cover/.test(action) ? "buy" : "sell", symbol, received, price)],
      pipeline: null,
      timings_us: {
        auth: 4 + (index % 5),
        parse: 9 + (index % 7),
        commit: 812 + ((index * 61) % 900),
        queue: decided ? 96 + ((index * 13) % 80) : null,
        decide: decided ? 21 + (index % 9) : null,
        execute: status === "executed" ? 640 + ((index * 29) % 300) : null,
      },
      alert_time: iso(at - 1200),
      lag_ms: 1200,
      test: index % 16 === 15,
      leg: 0,
      replayable: reason !== "UNRECOGNISED",
      also_refused: index === 14 ? 12 : 0,
    } satisfies SignalRow;
  });
}

const CHECKS: Check[] = [
  { name: "kill switch", outcome: "pass", limit: null, actual: null, code: null },
  { name: "age of signal", outcome: "pass", limit: "300 s", actual: "1.2 s", code: null },
  { name: "symbol allowed", outcome: "pass", limit: null, actual: null, code: null },
];

export function detailOf(row: SignalRow, body?: string): SignalDetail {
  const failed = row.reason_code;
  return {
    ...row,
    fills: row.orders.map(fillOf),
    raw_body:
      body ??
      `{"ticker":"${row.symbol ?? ""}","action":"${row.action ?? ""}","quantity":10,"price":187.42,"time":"2026-11-20T14:30:05Z","comment":"<img src=x onerror=alert(1)>"}`,
    content_type: "application/json; charset=utf-8",
    headers: { "content-type": "application/json; charset=utf-8", "user-agent": "Go-http-client/1.1" },
    canonical: null,
    checks: [
      ...CHECKS,
      failed === null
        ? { name: "position logic", outcome: "pass", limit: null, actual: null, code: null }
        : { name: "position logic", outcome: "fail", limit: null, actual: null, code: failed },
      {
        name: "buying power",
        outcome: failed === null ? "pass" : "skipped",
        limit: null,
        actual: null,
        code: null,
      },
    ],
    config: { sizing: "fixed:1", sell_mode: "directional", max_lag_s: 300 },
  };
}

export function sampleAccounts(): Account[] {
  const base: Account = {
    id: ACCOUNT_ID,
    name: "Paper",
    currency: "USD",
    venue: "alert",
    opening: "100000",
    cash: "68212.4471",
    balance: "101989.08",
    equity: "102418.55",
    available: "68212.4471",
    realized_gross: "2101.28",
    unrealized: "429.47",
    fees: "112.2",
    margin: "34206.1029",
    total_return: 0.0241855,
    positions: 4,
    settings: { "fees.taker_bps": "5", "fees.min_fee": "0", "slippage.kind": "ticks", "slippage.value": "1" },
    orders_live: 0,
    state: "active",
    liquidated_at: null,
    created_at: iso(NOW - 40 * 86_400_000),
    opened_at: iso(NOW - 40 * 86_400_000),
  };
  return [
    base,
    {
      ...base,
      id: "acc_second",
      name: "Crypto only",
      currency: "USDT",
      equity: "9876.5",
      total_return: -0.01235,
      settings: {},
      positions: 0,
    },
  ];
}

export function samplePositions(): Position[] {
  const at = (seconds: number) => iso(NOW - seconds * 1000);
  const position = (
    symbol: string,
    quantity: string,
    average: string,
    mark: string,
    age: number,
    unrealized: string,
  ): Position => ({
    account_id: ACCOUNT_ID,
    symbol,
    quantity,
    price_average: average,
    mark,
    mark_at: at(age),
    unrealized,
    realized: "0",
    opened_at: at(age + 3_600),
    stop_loss: null,
    take_profit: null,
  });
  return [
    position("BTCUSDT", "0.1488", "96950.5", "97310.00", 3, "53.4936"),
    position("ES1!", "1", "6012.25", "6018.5", 1, "312.5"),
    position("TSLA", "-50", "250.75", "252.1", 410, "-67.5"),
    position("ETHUSDT", "3", "3098.44", "3142.1", 2, "130.98"),
  ];
}

export function fillOf(of: Order): Fill {
  return {
    id: of.id.replace("ord_", "fil_"),
    order_id: of.id,
    signal_id: of.signal_id,
    symbol: of.symbol,
    side: of.side,
    quantity: of.filled,
    price: of.price_average ?? "0",
    account_id: of.account_id,
    fee: "3.01",
    realized: "0",
    liquidity: "taker",
    at: of.created_at,
    why: {
      reference: of.price_average ?? "0",
      source: "alert",
      spread: "0",
      slippage: "0.25",
      rounding: "0",
      observed_at: of.created_at,
      cap: "0",
      notional: of.price_average ?? "0",
      fee_bps: "5",
      fee_dp: 2,
      fee_minimum: "0",
    },
  };
}
