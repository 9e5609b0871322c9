// Strategies to begin with, and conditions to add.
import type { Strategy } from "@/components/pipeline/file";
import { type Condition, group, type Leaf, leaf, not } from "@/components/pipeline/tree";

export interface Template {
  id: string;
  title: string;
  what: string;
  make: () => Strategy;
}

const strategy = (name: string, when: Condition): Strategy => ({
  name,
  applyTo: "entries",
  evaluate: "on_close",
  onUnknown: "reject",
  source: "",
  when,
});

export const TEMPLATES: readonly Template[] = [
  {
    id: "rsi",
    title: "RSI filter",
    what: "Enters only where the market is not overbought: RSI of the hour below 70, and rising.",
    make: () =>
      strategy(
        "RSI filter",
        group("all", [
          leaf({ left: "rsi(close,14)", op: "<", right: "70", timeframe: "1h" }),
          leaf({ left: "rsi(close,14)", op: "rising", bars: "2", timeframe: "1h" }),
        ]),
      ),
  },
  {
    id: "trend",
    title: "Trend filter",
    what: "Enters only with the trend: price above its 200-bar average, and ADX says that there is one.",
    make: () =>
      strategy(
        "Trend filter",
        group("all", [
          leaf({ left: "close", op: ">", right: "ema(close,200)", timeframe: "1h" }),
          leaf({ left: "ema(close,20)", op: ">", right: "ema(close,50)", timeframe: "1h" }),
          leaf({ left: "dmi(14,14).adx", op: ">", right: "20", timeframe: "1h" }),
        ]),
      ),
  },
  {
    id: "volatility",
    title: "Volatility filter",
    what: "Stays out of dead and of wild markets: the range is near its average, and the price inside its bands.",
    make: () =>
      strategy(
        "Volatility filter",
        group("all", [
          leaf({ left: "atr(14)", op: ">", right: "sma(atr(14),50)", timeframe: "15m" }),
          not(leaf({ left: "close", op: ">", right: "bb(close,20,3).upper", timeframe: "15m" })),
        ]),
      ),
  },
  {
    id: "frames",
    title: "Several timeframes",
    what: "The day says which way, the hour how far, 15 minutes when.",
    make: () =>
      strategy(
        "Several timeframes",
        group("all", [
          leaf({ left: "supertrend(3,10).direction", op: "<", right: "0", timeframe: "1d" }),
          leaf({ left: "rsi(close,14)", op: "between", right: "40", upper: "70", timeframe: "1h" }),
          group("any", [
            leaf({
              left: "macd(close,12,26,9).macd",
              op: "crosses_above",
              right: "macd(close,12,26,9).signal",
              timeframe: "15m",
            }),
            leaf({ left: "alert.price", op: ">", right: "highest(high,20)", timeframe: "15m" }),
          ]),
        ]),
      ),
  },
];

/** An empty strategy: one condition to change. */
export function blank(): Strategy {
  return strategy(
    "New strategy",
    group("all", [leaf({ left: "rsi(close,14)", op: "<", right: "70", timeframe: "1h" })]),
  );
}

export interface PaletteEntry {
  title: string;
  make: () => Condition;
}

const entry = (title: string, part: Partial<Omit<Leaf, "kind" | "id">>): PaletteEntry => ({
  title,
  make: () => leaf(part),
});

export const PALETTE: readonly { title: string; entries: readonly PaletteEntry[] }[] = [
  {
    title: "Groups",
    entries: [
      { title: "All of", make: () => group("all") },
      { title: "Any of", make: () => group("any") },
      { title: "Not", make: () => not() },
    ],
  },
  {
    title: "Momentum",
    entries: [
      entry("RSI", { left: "rsi(close,14)", op: "<", right: "70" }),
      entry("MACD", {
        left: "macd(close,12,26,9).macd",
        op: "crosses_above",
        right: "macd(close,12,26,9).signal",
      }),
      entry("Stochastic", { left: "stoch(close,high,low,14)", op: "<", right: "80" }),
      entry("CCI", { left: "cci(hlc3,20)", op: ">", right: "0" }),
      entry("Money flow", { left: "mfi(hlc3,14)", op: "<", right: "80" }),
      entry("Williams %R", { left: "wpr(14)", op: "<", right: "-20" }),
      entry("Rate of change", { left: "roc(close,10)", op: ">", right: "0" }),
    ],
  },
  {
    title: "Trend",
    entries: [
      entry("Above average", { left: "close", op: ">", right: "ema(close,200)" }),
      entry("Averages cross", { left: "ema(close,20)", op: "crosses_above", right: "ema(close,50)" }),
      entry("Supertrend", { left: "supertrend(3,10).direction", op: "<", right: "0" }),
      entry("ADX", { left: "dmi(14,14).adx", op: ">", right: "20" }),
      entry("Rising", { left: "close", op: "rising", bars: "3" }),
    ],
  },
  {
    title: "Volatility and volume",
    entries: [
      entry("ATR", { left: "atr(14)", op: ">", right: "sma(atr(14),50)" }),
      entry("Bollinger", { left: "close", op: "<", right: "bb(close,20,2).upper" }),
      entry("Breakout", { left: "close", op: ">", right: "highest(high,20)[1]" }),
      entry("VWAP", { left: "close", op: ">", right: "vwap()" }),
      entry("Volume", { left: "volume", op: ">", right: "sma(volume,20)" }),
    ],
  },
  {
    title: "The alert",
    entries: [
      entry("Price", { left: "alert.price", op: ">", right: "ema(close,50)" }),
      entry("A field", { left: "alert.confidence", op: ">=", right: "70", timeframe: "" }),
    ],
  },
];
