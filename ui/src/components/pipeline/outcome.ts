// What became of each condition when a strategy was asked about a signal.
import { childrenOf, type Condition } from "@/components/pipeline/tree";

export type Result = "pass" | "fail" | "unknown";

export interface Outcome {
  result: Result;
  /** The figures that were compared, as text; nothing for groups. */
  values: string | null;
  /** When the candle that was looked at opened. */
  candle: string | null;
  /** Why nothing is known. */
  note: string | null;
}

export type Outcomes = ReadonlyMap<string, Outcome>;

/** Of groups from what is in them: unknown only where what is known does not decide. */
export function withGroups(root: Condition, leaves: Outcomes): Outcomes {
  const all = new Map(leaves);
  const result = (node: Condition): Result => {
    const inner = childrenOf(node).map(result);
    const found =
      node.kind === "leaf" ? (leaves.get(node.id)?.result ?? "unknown") : joined(node.kind, inner);
    if (node.kind !== "leaf") all.set(node.id, { result: found, values: null, candle: null, note: null });
    return found;
  };
  result(root);
  return all;
}

function joined(kind: "all" | "any" | "not", inner: readonly Result[]): Result {
  switch (kind) {
    case "all":
      return inner.includes("fail")
        ? "fail"
        : inner.includes("unknown") || inner.length === 0
          ? "unknown"
          : "pass";
    case "any":
      return inner.includes("pass")
        ? "pass"
        : inner.includes("unknown") || inner.length === 0
          ? "unknown"
          : "fail";
    case "not": {
      const only = inner[0] ?? "unknown";
      return only === "pass" ? "fail" : only === "fail" ? "pass" : "unknown";
    }
  }
}

export const RESULTS: Record<Result, { word: string; tone: string; border: string; box: string }> = {
  pass: { word: "holds", tone: "text-green", border: "border-green", box: "bg-ok-bg" },
  fail: { word: "does not hold", tone: "text-warn", border: "border-warn", box: "bg-warn-bg" },
  unknown: { word: "not known", tone: "text-dim", border: "border-edge", box: "bg-raise" },
};
