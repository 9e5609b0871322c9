// What is wrong with a strategy, at the condition it is wrong at. Rust judges again when it is saved.
import { isNumber, isOfAlert, misread, needsCandles } from "@/components/pipeline/expression";
import type { Strategy } from "@/components/pipeline/file";
import {
  type Condition,
  countsBars,
  DEPTH_MAX,
  depthOf,
  everyOf,
  type Leaf,
  LEAVES_MAX,
  SERIES_MAX,
  leavesOf,
  TIMEFRAMES_MAX,
} from "@/components/pipeline/tree";

/** The part of a condition that is meant, so that its field can be marked. */
export type Part = "left" | "right" | "upper" | "bars" | "timeframe" | "symbol" | "whole";

export interface Problem {
  part: Part;
  message: string;
}

export interface Problems {
  /** Of the strategy itself. */
  name: string | null;
  /** By the id of the condition. */
  at: ReadonlyMap<string, readonly Problem[]>;
  count: number;
}

export const TIMEFRAMES = [
  "1m",
  "3m",
  "5m",
  "15m",
  "30m",
  "1h",
  "2h",
  "4h",
  "6h",
  "8h",
  "12h",
  "1d",
  "3d",
  "1w",
] as const;

const NAME_MAX = 80;
const BARS_MAX = 100;
const SYMBOL = /^[A-Z0-9][A-Z0-9 ._:!/&*+-]{0,39}$/;

export function problemsOf(strategy: Strategy): Problems {
  const at = new Map<string, Problem[]>();
  for (const node of everyOf(strategy.when)) {
    const found = node.kind === "leaf" ? leafProblems(node) : groupProblems(node);
    if (found.length > 0) at.set(node.id, found);
  }
  const whole = wholeProblems(strategy.when);
  if (whole.length > 0) at.set(strategy.when.id, [...whole, ...(at.get(strategy.when.id) ?? [])]);
  const name =
    strategy.name.trim() === ""
      ? "Give it a name."
      : [...strategy.name.trim()].length > NAME_MAX
        ? `At most ${NAME_MAX} characters.`
        : null;
  const count = [...at.values()].reduce((sum, list) => sum + list.length, name === null ? 0 : 1);
  return { name, at, count };
}

function wholeProblems(root: Condition): Problem[] {
  const whole = (message: string): Problem => ({ part: "whole", message });
  const problems: Problem[] = [];
  const leaves = leavesOf(root);
  if (leaves.length > LEAVES_MAX) problems.push(whole(`At most ${LEAVES_MAX} conditions.`));
  if (depthOf(root) > DEPTH_MAX) problems.push(whole(`At most ${DEPTH_MAX} groups inside one another.`));
  const frames = new Set(leaves.map(({ timeframe }) => timeframe).filter((frame) => frame !== ""));
  if (frames.size > TIMEFRAMES_MAX) {
    problems.push(whole(`At most ${TIMEFRAMES_MAX} timeframes; these are ${[...frames].join(", ")}.`));
  }
  const series = new Set(
    leaves
      .filter(({ timeframe }) => timeframe !== "")
      .map(({ symbol, timeframe }) => `${symbol} ${timeframe}`),
  );
  if (series.size > SERIES_MAX) {
    problems.push(whole(`At most ${SERIES_MAX} pairs of symbol and timeframe.`));
  }
  return problems;
}

function groupProblems(node: Exclude<Condition, Leaf>): Problem[] {
  if (node.kind === "not") {
    return node.child ? [] : [{ part: "whole", message: "Put a condition into it." }];
  }
  return node.children.length > 0 ? [] : [{ part: "whole", message: "Add a condition: nothing is asked." }];
}

function leafProblems(node: Leaf): Problem[] {
  const problems: Problem[] = [];
  const operand = (part: "left" | "right" | "upper", text: string) => {
    const wrong = misread(text);
    if (wrong) problems.push({ part, message: `Column ${wrong.column}: ${wrong.message}` });
  };
  operand("left", node.left);
  const counts = countsBars(node.op);
  if (!counts) operand("right", node.right);
  if (node.op === "between") operand("upper", node.upper);
  if (counts) {
    const bars = Number(node.bars);
    if (!/^\d{1,4}$/.test(node.bars.trim()) || bars < 1 || bars > BARS_MAX) {
      problems.push({ part: "bars", message: `A whole number of bars, 1 to ${BARS_MAX}.` });
    }
    if (isOfAlert(node.left)) problems.push({ part: "left", message: "A field of the alert has no bars." });
  }
  const compared = [
    node.left,
    ...(counts ? [] : [node.right]),
    ...(node.op === "between" ? [node.upper] : []),
  ];
  if (!counts && compared.every(isNumber)) {
    problems.push({ part: "left", message: "Nothing here can change: compare an indicator or the alert." });
  }
  const candles = compared.some(needsCandles);
  if (candles && node.timeframe === "") {
    problems.push({ part: "timeframe", message: "Say of which candles." });
  }
  const symbol = node.symbol.trim();
  if (symbol !== "" && !SYMBOL.test(symbol)) {
    problems.push({ part: "symbol", message: "Write it as TradingView does, such as BTCUSDT." });
  }
  return problems;
}
