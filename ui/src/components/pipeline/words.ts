// Conditions in words: for nodes, lists and those who hear the page.
import { isOfAlert } from "@/components/pipeline/expression";
import { type Condition, countsBars, type Leaf, OPERATORS } from "@/components/pipeline/tree";

export const KINDS = {
  all: { word: "All of", what: "Every condition in it must hold" },
  any: { word: "Any of", what: "One condition in it is enough" },
  not: { word: "Not", what: "The condition in it must not hold" },
} as const;

export function operandWords(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "…";
  return isOfAlert(trimmed) ? `alert's ${trimmed.slice("alert.".length)}` : trimmed;
}

/** Such as `rsi(close,14) < 35`; without the timeframe. */
export function leafWords(node: Leaf): string {
  const sign = OPERATORS.find(({ value }) => value === node.op)?.sign ?? node.op;
  const left = operandWords(node.left);
  if (countsBars(node.op)) return `${left} ${sign} ${node.bars.trim() || "…"} bars`;
  if (node.op === "between") {
    return `${left} ${sign} ${operandWords(node.right)} and ${operandWords(node.upper)}`;
  }
  return `${left} ${sign} ${operandWords(node.right)}`;
}

/** The whole in one line, such as `rsi(close,14) < 35 · 1h and close > ema(close,200) · 1d`. */
export function conditionWords(node: Condition): string {
  switch (node.kind) {
    case "leaf": {
      const symbol = node.symbol.trim() === "" ? "" : `${node.symbol.trim()} `;
      return `${symbol}${leafWords(node)}${node.timeframe === "" ? "" : ` · ${node.timeframe}`}`;
    }
    case "not":
      return node.child ? `not (${conditionWords(node.child)})` : "not …";
    case "all":
    case "any": {
      const parts = node.children.map((child) =>
        (child.kind === "all" || child.kind === "any") &&
        child.kind !== node.kind &&
        child.children.length > 1
          ? `(${conditionWords(child)})`
          : conditionWords(child),
      );
      return parts.length === 0 ? "…" : parts.join(node.kind === "all" ? " and " : " or ");
    }
  }
}
