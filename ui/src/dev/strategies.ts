// Made-up strategies and what became of their conditions.
import { readStrategy, type Strategy } from "@/components/pipeline/file";
import { type Outcome, type Outcomes, withGroups } from "@/components/pipeline/outcome";
import { type Condition, leavesOf } from "@/components/pipeline/tree";

export const STRATEGY_FILE = {
  name: "Trend with pullback",
  format: 1,
  apply_to: "entries",
  source: "binance",
  when: {
    all: [
      { left: "close", op: ">", right: "ema(close,200)", timeframe: "1d" },
      { left: "rsi(close,14)", op: "between", right: [40, 60], timeframe: "1h" },
      {
        any: [
          { left: "macd(close,12,26,9).hist", op: "rising", n: 3, timeframe: "15m" },
          { left: "alert.price", op: ">", right: "highest(high,20)", timeframe: "15m" },
        ],
      },
      { not: { left: "dmi(14,14).adx", op: "<", right: 20, timeframe: "1h", symbol: "BTCUSDT" } },
    ],
  },
};

export function sampleStrategy(): Strategy {
  return readStrategy(STRATEGY_FILE);
}

export function sampleOutcomes(root: Condition): Outcomes {
  const candle = "2026-11-20 14:00";
  const found: Outcome[] = [
    { result: "pass", values: "97310.00 > 88412.71", candle: "2026-11-19 00:00", note: null },
    { result: "fail", values: "67.31, 40 to 60", candle, note: null },
    { result: "pass", values: "12.4, 9.81, 7.02", candle: "2026-11-20 14:15", note: null },
    { result: "fail", values: "97310 > 97455.5", candle: "2026-11-20 14:15", note: null },
    { result: "unknown", values: null, candle, note: "warming up: 12 of 28 candles" },
  ];
  const leaves = leavesOf(root).flatMap((leaf, index) => {
    const outcome = found[index];
    return outcome ? [[leaf.id, outcome] as const] : [];
  });
  return withGroups(root, new Map(leaves));
}
