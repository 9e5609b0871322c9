// From a condition to those around it, by the arrow keys.
import { childrenOf, type Condition, everyOf, parentOf } from "@/components/pipeline/tree";

/** `in` leads to what flows into it, `out` to what it flows into. */
export type Step = "up" | "down" | "in" | "out";

/** Null at the edge. */
export function beside(root: Condition, id: string, step: Step): string | null {
  const node = everyOf(root).find((one) => one.id === id);
  if (!node) return null;
  switch (step) {
    case "in":
      return childrenOf(node)[0]?.id ?? null;
    case "out":
      return parentOf(root, id)?.id ?? null;
    case "up":
    case "down": {
      const level = rowOf(root, id);
      const place = level.findIndex((one) => one.id === id);
      return level[place + (step === "up" ? -1 : 1)]?.id ?? null;
    }
  }
}

/** Leaves go along all leaves, groups along those equally deep. */
function rowOf(root: Condition, id: string): Condition[] {
  const everything = everyOf(root);
  const node = everything.find((one) => one.id === id);
  if (node?.kind === "leaf") return everything.filter((one) => one.kind === "leaf");
  const deep = levelOf(root, id);
  return everything.filter((one) => one.kind !== "leaf" && levelOf(root, one.id) === deep);
}

function levelOf(root: Condition, id: string): number {
  const parent = parentOf(root, id);
  return parent ? 1 + levelOf(root, parent.id) : 0;
}
