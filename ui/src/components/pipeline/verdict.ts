// What a strategy said of a signal, brought to the conditions it was said of.
import type { PipelineLeaf, PipelineVerdict } from "@/bindings";
import { type Outcome, type Outcomes, type Result, withGroups } from "@/components/pipeline/outcome";
import { atPath, type Condition, type Leaf } from "@/components/pipeline/tree";
import { figure } from "@/lib/decimal";
import { rowTime, type Zone } from "@/lib/time";

export function resultOf(verdict: PipelineVerdict): Result {
  return verdict.verdict === "confirm" ? "pass" : verdict.verdict === "deny" ? "fail" : "unknown";
}

/** By the ids of the tree that was asked. */
export function outcomesOf(root: Condition, verdict: PipelineVerdict, zone: Zone, now: number): Outcomes {
  const leaves = new Map<string, Outcome>();
  for (const leaf of verdict.leaves) {
    const node = atPath(root, leaf.path);
    if (node?.kind !== "leaf") continue;
    leaves.set(node.id, {
      result: leaf.passed === null ? "unknown" : leaf.passed ? "pass" : "fail",
      values: valueWords(node, leaf),
      candle: leaf.candle_opened_at === null ? null : rowTime(leaf.candle_opened_at, zone, now),
      note: leaf.passed === null ? "a value is not available" : null,
    });
  }
  return withGroups(root, leaves);
}

function valueWords(node: Leaf, leaf: PipelineLeaf): string | null {
  const [left, right, upper] = leaf.values.map(({ value }) => (value === null ? "na" : figure(value)));
  if (left === undefined) return null;
  const before = leaf.values[0]?.before ?? null;
  switch (node.op) {
    case "rising":
    case "falling":
      return before === null ? left : `${figure(before)} → ${left}`;
    case "between":
      return `${left}, ${right ?? "na"} to ${upper ?? "na"}`;
    case "crosses_above":
    case "crosses_below":
      return `${before === null ? "" : `${figure(before)} → `}${left} over ${right ?? "na"}`;
    case ">":
    case ">=":
    case "<":
    case "<=":
    case "==":
      return `${left} ${node.op} ${right ?? "na"}`;
  }
}
