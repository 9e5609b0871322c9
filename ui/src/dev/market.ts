// Made-up venues in each of their states.
import type {
  Account,
  Candle,
  CandleQuery,
  CandleSeries,
  ChartQuery,
  SignalChart,
  VenueStatus,
} from "@/bindings";
import { sampleBars, sampleFills } from "@/dev/books";
import { ACCOUNT_ID, NOW } from "@/dev/sample";

const iso = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString().replace("Z", "000Z");

export type MarketScene = "up" | "down" | "none";

const KRAKEN: VenueStatus = {
  venue: "kraken",
  title: "Kraken",
  state: "connected",
  since: iso(7_500),
  heard_at: iso(1),
  symbols: [
    { symbol: "BTCUSD", quoted_at: iso(1) },
    { symbol: "ETHUSD", quoted_at: iso(2) },
    { symbol: "SOLUSD", quoted_at: iso(95) },
  ],
  candles: ["BTCUSD 1h", "BTCUSD 15m"],
  lanes: [],
  waiting: 0,
  error: null,
  fix: null,
  retry_at: null,
};

const IDLE: VenueStatus = {
  ...KRAKEN,
  venue: "okx",
  title: "OKX",
  state: "idle",
  since: null,
  heard_at: null,
  symbols: [],
  candles: [],
};

const DOWN: VenueStatus = {
  ...KRAKEN,
  venue: "binance",
  title: "Binance",
  state: "down",
  since: iso(190),
  heard_at: iso(191),
  symbols: [
    { symbol: "BTCUSDT", quoted_at: iso(191) },
    { symbol: "ETHUSDT", quoted_at: null },
  ],
  candles: [],
  lanes: [
    { account_id: ACCOUNT_ID, symbol: "BTCUSDT", signals: 1 },
    { account_id: ACCOUNT_ID, symbol: "ETHUSDT", signals: 3 },
  ],
  waiting: 4,
  error: "Binance cannot be reached: the connection was refused.",
  fix: "Check the network and the venue's status page; it is tried again by itself.",
  retry_at: iso(-18),
};

const CONNECTING: VenueStatus = {
  ...IDLE,
  venue: "bybit",
  title: "Bybit",
  state: "connecting",
  since: iso(2),
  symbols: [{ symbol: "BTCUSDT.P", quoted_at: null }],
};

export function sampleVenues(scene: MarketScene): VenueStatus[] {
  if (scene === "none") return [];
  return scene === "up" ? [KRAKEN, IDLE] : [CONNECTING, KRAKEN, DOWN];
}

/** The same accounts on the venues of a scene. */
export function placed(accounts: Account[], scene: MarketScene): Account[] {
  const venues = { up: ["alert", "kraken"], down: ["binance", "kraken"], none: ["alert", "alert"] }[scene];
  const found = accounts.map((account, index) => ({ ...account, venue: venues[index] ?? "alert" }));
  const other = found[1];
  if (scene !== "down" || !other) return found;
  return [...found, { ...other, id: "acc_third", name: "Perpetuals", venue: "bybit" }];
}

export function sampleCandles({ limit }: CandleQuery): CandleSeries {
  const candles = sampleBars(limit ?? 300).map(({ at, ...prices }): Candle => ({
    opened_at: at,
    ...prices,
    volume: "12.5",
  }));
  return { closed: candles.slice(0, -1), running: candles.at(-1) ?? null };
}

/** A signal three candles before the newest, with a line over the candles and two below. */
export function sampleChart({ id, symbol = "BTCUSDT", timeframe = "1h" }: ChartQuery): SignalChart {
  const { closed } = sampleCandles({ venue: "binance", symbol, timeframe, limit: 120 });
  const place = closed.length - 4;
  const closes = closed.map(({ close }) => Number(close));
  const mean = (end: number, size: number) =>
    closes.slice(end - size, end).reduce((sum, close) => sum + close, 0) / size;
  const known = (from: number, value: (index: number) => number) =>
    closes.map((_, index) => (index < from ? null : value(index).toFixed(4)));
  return {
    signal_id: id,
    venue: "binance",
    symbol,
    timeframe,
    series: [
      { symbol: "BTCUSDT", timeframe: "1h" },
      { symbol: "BTCUSDT", timeframe: "4h" },
    ],
    candles: closed,
    judged: closed[place]!.opened_at,
    lines: [
      { label: "ema(close,20)", pane: "price", values: known(20, (index) => mean(index, 20)), levels: [] },
      {
        label: "rsi(close,14)",
        pane: "separate",
        values: known(14, (index) => 50 + (closes[index]! - mean(index, 14)) / 20),
        levels: ["70"],
      },
    ],
    received_at: new Date(Date.parse(closed[place + 1]!.opened_at) + 90_000).toISOString(),
    fills: sampleFills(30).filter(({ at }) => at >= closed[0]!.opened_at),
    missing: null,
  };
}
