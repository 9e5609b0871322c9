// The conditions of a strategy as a tree, and what can be done with it. Nothing here changes a tree: every edit
// answers a new one, so that a step can be taken back.

export const OPERATORS = [
  { value: ">", word: "is above", sign: ">" },
  { value: ">=", word: "is at or above", sign: "≥" },
  { value: "<", word: "is below", sign: "<" },
  { value: "<=", word: "is at or below", sign: "≤" },
  { value: "==", word: "equals", sign: "=" },
  { value: "crosses_above", word: "crosses above", sign: "crosses ↑" },
  { value: "crosses_below", word: "crosses below", sign: "crosses ↓" },
  { value: "rising", word: "rises for", sign: "rises" },
  { value: "falling", word: "falls for", sign: "falls" },
  { value: "between", word: "is between", sign: "between" },
] as const;
export type Operator = (typeof OPERATORS)[number]["value"];

export function isOperator(text: string): text is Operator {
  return OPERATORS.some(({ value }) => value === text);
}

/** Whether an operator looks back over bars instead of comparing with something. */
export function countsBars(op: Operator): boolean {
  return op === "rising" || op === "falling";
}

/** What is compared: a number, an expression such as `rsi(close,14)`, or a field of the alert; as it is typed. */
export type Operand = string;

export interface Leaf {
  kind: "leaf";
  id: string;
  left: Operand;
  op: Operator;
  /** Empty where the operator counts bars. */
  right: Operand;
  /** The upper bound of `between`. */
  upper: Operand;
  /** Bars that `rising` and `falling` look at, as typed. */
  bars: string;
  /** Such as `1h`; empty where nothing of a chart is compared. */
  timeframe: string;
  /** Empty: the signal's own. */
  symbol: string;
}

export interface Group {
  kind: "all" | "any";
  id: string;
  children: readonly Condition[];
}

export interface Not {
  kind: "not";
  id: string;
  child: Condition | null;
}

export type Condition = Leaf | Group | Not;

/** The most a tree may hold: a screen of conditions, not a program. */
export const LEAVES_MAX = 50;
export const DEPTH_MAX = 8;
export const TIMEFRAMES_MAX = 3;
/** Of pairs of symbol and timeframe. */
export const SERIES_MAX = 6;

let made = 0;

/** A name for a condition within this window; files know none. */
export function freshId(): string {
  made += 1;
  return `c${made}`;
}

export function leaf(part: Partial<Omit<Leaf, "kind" | "id">> = {}): Leaf {
  return {
    kind: "leaf",
    id: freshId(),
    left: "close",
    op: ">",
    right: "",
    upper: "",
    bars: "",
    timeframe: "1h",
    symbol: "",
    ...part,
  };
}

export function group(kind: Group["kind"], children: readonly Condition[] = []): Group {
  return { kind, id: freshId(), children };
}

export function not(child: Condition | null = null): Not {
  return { kind: "not", id: freshId(), child };
}

export function childrenOf(node: Condition): readonly Condition[] {
  switch (node.kind) {
    case "leaf":
      return [];
    case "not":
      return node.child ? [node.child] : [];
    case "all":
    case "any":
      return node.children;
  }
}

/** The tree from the top, each condition before those in it. */
export function everyOf(root: Condition): Condition[] {
  return [root, ...childrenOf(root).flatMap(everyOf)];
}

export function leavesOf(root: Condition): Leaf[] {
  return everyOf(root).filter((node): node is Leaf => node.kind === "leaf");
}

export function find(root: Condition, id: string): Condition | null {
  return everyOf(root).find((node) => node.id === id) ?? null;
}

export function parentOf(root: Condition, id: string): Group | Not | null {
  const holds = (node: Condition) => childrenOf(node).some((child) => child.id === id);
  return everyOf(root).find((node): node is Group | Not => node.kind !== "leaf" && holds(node)) ?? null;
}

/** How deep a tree goes; a lone condition is 1 deep. */
export function depthOf(root: Condition): number {
  return 1 + Math.max(0, ...childrenOf(root).map(depthOf));
}

/** Where a condition stands in the file, such as `when.all[1].not`. */
export function pathOf(root: Condition, id: string, at = "when"): string | null {
  if (root.id === id) return at;
  for (const [index, child] of childrenOf(root).entries()) {
    const found = pathOf(child, id, root.kind === "not" ? `${at}.not` : `${at}.${root.kind}[${index}]`);
    if (found !== null) return found;
  }
  return null;
}

/** The condition that a place in the file belongs to: the deepest whose place it begins with. */
export function atPath(root: Condition, path: string): Condition | null {
  const holding = everyOf(root).filter((node) => {
    const place = pathOf(root, node.id) ?? "";
    const rest = path.slice(place.length);
    return path.startsWith(place) && (rest === "" || rest.startsWith("."));
  });
  return holding.at(-1) ?? null;
}

/** The tree with another condition in this one's place; null takes it out. */
export function replace(root: Condition, id: string, by: Condition | null): Condition | null {
  if (root.id === id) return by;
  switch (root.kind) {
    case "leaf":
      return root;
    case "not":
      return root.child ? { ...root, child: replace(root.child, id, by) } : root;
    case "all":
    case "any":
      return {
        ...root,
        children: root.children.flatMap((child) => replace(child, id, by) ?? []),
      };
  }
}

/** Puts a condition into a group, into an empty "not", or beside a leaf; at the end when no place is named. */
export function insert(root: Condition, into: string, node: Condition, index?: number): Condition {
  const target = find(root, into);
  if (!target) return root;
  switch (target.kind) {
    case "all":
    case "any": {
      const at = index ?? target.children.length;
      const children = [...target.children.slice(0, at), node, ...target.children.slice(at)];
      return replace(root, into, { ...target, children }) ?? root;
    }
    case "not": {
      const child = target.child ? joined(target.child, node) : node;
      return replace(root, into, { ...target, child }) ?? root;
    }
    case "leaf": {
      const parent = parentOf(root, into);
      if (parent && parent.kind !== "not") {
        const place = parent.children.findIndex((child) => child.id === into) + 1;
        return insert(root, parent.id, node, place);
      }
      return replace(root, into, joined(target, node)) ?? root;
    }
  }
}

function joined(first: Condition, second: Condition): Condition {
  if (first.kind === "all" || first.kind === "any") {
    return { ...first, children: [...first.children, second] };
  }
  return group("all", [first, second]);
}

/** Takes a condition out; an empty "all" stays of a tree that loses everything. */
export function remove(root: Condition, id: string): Condition {
  return replace(root, id, null) ?? group("all");
}

/** Moves a condition into another; unchanged where it would hold itself. */
export function move(root: Condition, id: string, into: string, index?: number): Condition {
  const node = find(root, id);
  if (!node || root.id === id || everyOf(node).some((inner) => inner.id === into)) return root;
  if (!find(root, into)) return root;
  return insert(remove(root, id), into, node, index);
}

/** Moves a condition up (-1) or down (1) among those beside it. */
export function shift(root: Condition, id: string, by: -1 | 1): Condition {
  const parent = parentOf(root, id);
  if (!parent || parent.kind === "not") return root;
  const from = parent.children.findIndex((child) => child.id === id);
  const to = from + by;
  const children = [...parent.children];
  const [node] = children.splice(from, 1);
  if (!node || to < 0 || to > children.length) return root;
  children.splice(to, 0, node);
  return replace(root, parent.id, { ...parent, children }) ?? root;
}

/** Puts a group or a "not" around a condition. */
export function wrap(root: Condition, id: string, kind: "all" | "any" | "not"): Condition {
  const node = find(root, id);
  if (!node) return root;
  return replace(root, id, kind === "not" ? not(node) : group(kind, [node])) ?? root;
}

/** Takes the group or "not" away and leaves what is in it, where that has a place. */
export function unwrap(root: Condition, id: string): Condition {
  const node = find(root, id);
  if (!node || node.kind === "leaf") return root;
  const inner = childrenOf(node);
  const only = inner[0];
  if (only && inner.length === 1) return replace(root, id, only) ?? root;
  const parent = parentOf(root, id);
  if (!parent || parent.kind === "not" || inner.length === 0) return root;
  const children = parent.children.flatMap((child) => (child.id === id ? inner : [child]));
  return replace(root, parent.id, { ...parent, children }) ?? root;
}

/** Another copy of a condition, with names of its own. */
export function copied(node: Condition): Condition {
  switch (node.kind) {
    case "leaf":
      return { ...node, id: freshId() };
    case "not":
      return { ...node, id: freshId(), child: node.child && copied(node.child) };
    case "all":
    case "any":
      return { ...node, id: freshId(), children: node.children.map(copied) };
  }
}
