// Where the conditions stand in the picture: as they flow, from the conditions at the left to the verdict at the
// right. A tree needs no search for places: leaves stand below one another, a group stands amid what is in it.
import { childrenOf, type Condition, depthOf } from "@/components/pipeline/tree";

export interface Place {
  id: string;
  x: number;
  y: number;
}

export const LEAF_WIDTH = 264;
export const GROUP_WIDTH = 104;
export const VERDICT_WIDTH = 132;
export const LEAF_HEIGHT = 72;
export const GROUP_HEIGHT = 44;
const GAP = 14;
const STEP = 48;

export interface Arrangement {
  places: readonly Place[];
  verdict: { x: number; y: number };
}

export function arrangement(root: Condition): Arrangement {
  const places: Place[] = [];
  const columns = depthOf(root);
  const leaves = LEAF_WIDTH + STEP;
  let below = 0;

  /** Answers the middle of what it placed, pixels from the top. */
  function place(node: Condition, level: number): number {
    const children = childrenOf(node);
    const x = leaves + (columns - 1 - level) * (GROUP_WIDTH + STEP) - (GROUP_WIDTH + STEP);
    if (children.length === 0) {
      const height = node.kind === "leaf" ? LEAF_HEIGHT : GROUP_HEIGHT;
      const y = below;
      below += height + GAP;
      // A leaf ends where the groups of its level begin, however deep the rest of the tree is.
      const left = node.kind === "leaf" ? x + GROUP_WIDTH - LEAF_WIDTH : x;
      places.push({ id: node.id, x: left, y });
      return y + height / 2;
    }
    const middles = children.map((child) => place(child, level + 1));
    const middle = ((middles[0] ?? 0) + (middles.at(-1) ?? 0)) / 2;
    places.push({ id: node.id, x, y: middle - GROUP_HEIGHT / 2 });
    return middle;
  }

  const middle = place(root, 0);
  const right = leaves + (columns - 1) * (GROUP_WIDTH + STEP);
  return { places, verdict: { x: right, y: middle - GROUP_HEIGHT / 2 } };
}
