// Made-up strategies and what became of their conditions.
import type {
  PipelineVerdict,
  SignalRow,
  Strategy as Saved,
  StrategyCheck,
  StrategyRevision,
  StrategyTest,
  StrategyTestRequest,
} from "@/bindings";
import { FileProblem, readFile, readStrategy, type Strategy, writeFile } from "@/components/pipeline/file";
import { type Outcome, type Outcomes, withGroups } from "@/components/pipeline/outcome";
import { TEMPLATES } from "@/components/pipeline/templates";
import { type Condition, leavesOf, pathOf } from "@/components/pipeline/tree";

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

const AT = "2026-11-19T10:00:00.000000Z";

export function savedStrategy(
  id: string,
  file: string,
  revision = 1,
  revisions: readonly StrategyRevision[] = [],
): Saved {
  const read = readFile(file);
  const frames = leavesOf(read.when).map(({ timeframe }) => timeframe);
  return {
    id,
    name: read.name,
    enabled: true,
    revision,
    revisions: [...revisions, { number: revision, created_at: AT }],
    apply_to: read.applyTo,
    timeframes: [...new Set(frames.filter((frame) => frame !== ""))],
    file: JSON.parse(file) as unknown,
    webhook_ids: [],
    created_at: AT,
    updated_at: AT,
  };
}

export function sampleStrategies(): Saved[] {
  const first = savedStrategy("str_trend", JSON.stringify(STRATEGY_FILE), 3, [
    { number: 1, created_at: AT },
    { number: 2, created_at: AT },
  ]);
  const second = savedStrategy("str_rsi", writeFile(TEMPLATES[0]!.make()));
  return [
    { ...first, webhook_ids: ["wh_c4xzt6yhq3ne"] },
    { ...second, enabled: false },
  ];
}

export function sampleCheck(file: string): StrategyCheck {
  try {
    readFile(file);
    return { ok: true, faults: [], needs: [] };
  } catch (thrown) {
    const path = thrown instanceof FileProblem ? thrown.path : "";
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    return { ok: false, faults: [{ path, line: null, column: null, error }], needs: [] };
  }
}

/** A denial with its conditions, as the desk says it of a tree. */
export function sampleVerdict(root: Condition, confirmed = false): PipelineVerdict {
  const leaves = leavesOf(root).map((leaf, index) => ({
    path: pathOf(root, leaf.id) ?? "",
    text: `${leaf.left} ${leaf.op} ${leaf.right}`,
    passed: confirmed || index !== 1,
    symbol: "BTCUSDT",
    timeframe: leaf.timeframe === "" ? null : leaf.timeframe,
    candle_opened_at: leaf.timeframe === "" ? null : "2026-11-20T14:00:00.000000Z",
    values: [
      { operand: leaf.left, value: 67.3125 + index, before: 66.1 },
      { operand: leaf.right, value: 40, before: null },
      { operand: leaf.upper, value: 60, before: null },
    ],
  }));
  return {
    verdict: confirmed ? "confirm" : "deny",
    reason_code: confirmed ? null : "PIPELINE_DENIED",
    reason: confirmed ? null : "rsi(close,14) is 67.31, which is not between 40 and 60.",
    first_failing: confirmed ? null : (leaves[1]?.path ?? null),
    strategy_id: "str_trend",
    strategy_name: "Trend with pullback",
    revision: 3,
    leaves,
  };
}

export function sampleTest(request: StrategyTestRequest, rows: readonly SignalRow[]): StrategyTest {
  const root = request.file === undefined ? sampleStrategy().when : readFile(request.file).when;
  const asked =
    request.signal_id === undefined ? rows.slice(0, 40) : rows.filter(({ id }) => id === request.signal_id);
  const answers = asked.map((row, index) => ({
    signal_id: row.id,
    received_at: row.received_at,
    status: row.status,
    pipeline: sampleVerdict(root, index % 3 === 2),
  }));
  return {
    signals: 412,
    confirmed: 138,
    denied: 240,
    unknown: 12,
    exits: 22,
    rows: request.signal_id === undefined ? answers.reverse() : answers,
    took_ms: 38,
  };
}
