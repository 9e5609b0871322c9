import { expect, test } from "vitest";
import { Draft } from "@/components/pipeline/draft.svelte";
import {
  arrangement,
  GROUP_HEIGHT,
  GROUP_WIDTH,
  LEAF_HEIGHT,
  LEAF_WIDTH,
} from "@/components/pipeline/layout";
import { blank, PALETTE, TEMPLATES } from "@/components/pipeline/templates";
import { problemsOf } from "@/components/pipeline/problems";
import {
  atPath,
  type Condition,
  depthOf,
  everyOf,
  find,
  group,
  insert,
  leaf,
  move,
  not,
  parentOf,
  pathOf,
  remove,
  shift,
  unwrap,
  wrap,
} from "@/components/pipeline/tree";
import { conditionWords } from "@/components/pipeline/words";

const named = (left: string) => leaf({ left, op: ">", right: "1", timeframe: "" });

/** all(a, any(b, c), not(d)) */
function sample() {
  const [a, b, c, d] = ["a", "b", "c", "d"].map(named) as [Condition, Condition, Condition, Condition];
  const any = group("any", [b, c]);
  const no = not(d);
  return { a, b, c, d, any, no, root: group("all", [a, any, no]) };
}

/** A tree as text: what is where. */
function shape(node: Condition): string {
  switch (node.kind) {
    case "leaf":
      return node.left;
    case "not":
      return `not(${node.child ? shape(node.child) : ""})`;
    case "all":
    case "any":
      return `${node.kind}(${node.children.map(shape).join(" ")})`;
  }
}

test("every edit answers a new tree and leaves the old one", () => {
  const { root, a, b, c, d, any, no } = sample();
  const check = (edited: Condition, expected: string) => {
    expect(shape(edited)).toBe(expected);
    expect(shape(root)).toBe("all(a any(b c) not(d))");
  };
  const e = named("e");
  check(insert(root, root.id, e), "all(a any(b c) not(d) e)");
  check(insert(root, root.id, e, 0), "all(e a any(b c) not(d))");
  check(insert(root, any.id, e), "all(a any(b c e) not(d))");
  check(insert(root, b.id, e), "all(a any(b e c) not(d))");
  check(insert(root, no.id, e), "all(a any(b c) not(all(d e)))");
  check(insert(root, d.id, e), "all(a any(b c) not(all(d e)))");
  check(insert(root, "nowhere", e), "all(a any(b c) not(d))");
  check(remove(root, b.id), "all(a any(c) not(d))");
  check(remove(root, d.id), "all(a any(b c) not())");
  check(remove(root, any.id), "all(a not(d))");
  check(remove(root, root.id), "all()");
  check(move(root, a.id, any.id), "all(any(b c a) not(d))");
  check(move(root, d.id, root.id), "all(a any(b c) not() d)");
  check(move(root, any.id, no.id), "all(a not(all(d any(b c))))");
  check(shift(root, any.id, -1), "all(any(b c) a not(d))");
  check(shift(root, any.id, 1), "all(a not(d) any(b c))");
  check(wrap(root, a.id, "any"), "all(any(a) any(b c) not(d))");
  check(wrap(root, any.id, "not"), "all(a not(any(b c)) not(d))");
  check(wrap(root, root.id, "not"), "not(all(a any(b c) not(d)))");
  check(unwrap(root, any.id), "all(a b c not(d))");
  check(unwrap(root, no.id), "all(a any(b c) d)");
  const around = wrap(root, c.id, "any");
  check(unwrap(around, parentOf(around, c.id)?.id ?? ""), "all(a any(b c) not(d))");
});

test("what makes no sense changes nothing", () => {
  const { root, a, any, b, d } = sample();
  for (const edited of [
    move(root, any.id, any.id),
    move(root, any.id, b.id),
    move(root, root.id, any.id),
    move(root, a.id, "nowhere"),
    shift(root, a.id, -1),
    shift(root, d.id, 1),
    unwrap(root, root.id),
    unwrap(root, a.id),
    wrap(root, "nowhere", "any"),
  ]) {
    expect(edited).toBe(root);
  }
});

test("a place in the file names a condition, and the other way round", () => {
  const { root, a, c, d, no } = sample();
  expect(pathOf(root, root.id)).toBe("when");
  expect(pathOf(root, c.id)).toBe("when.all[1].any[1]");
  expect(pathOf(root, d.id)).toBe("when.all[2].not");
  expect(pathOf(root, "nowhere")).toBeNull();
  for (const node of everyOf(root)) expect(atPath(root, pathOf(root, node.id) ?? "")).toBe(node);
  expect(atPath(root, "when.all[0].left")).toBe(a);
  expect(atPath(root, "when.all[2].not.right[1]")).toBe(d);
  expect(atPath(root, "when.all[2].n")).toBe(no);
  expect(atPath(root, "name")).toBeNull();
});

test("a step can be taken back and forth, and typing is one step", () => {
  const draft = new Draft(blank(), true);
  const first = draft.strategy;
  const condition = everyOf(first.when)[1]!;
  draft.edit(condition.id, { right: "6" });
  draft.edit(condition.id, { right: "60" });
  draft.edit(condition.id, { right: "60.5" });
  draft.edit(condition.id, { timeframe: "4h" });
  draft.add(named("e"), null);
  expect(conditionWords(draft.strategy.when)).toBe("rsi(close,14) < 60.5 · 4h and e > 1");
  draft.undo();
  draft.undo();
  expect(conditionWords(draft.strategy.when)).toBe("rsi(close,14) < 60.5 · 1h");
  draft.undo();
  expect(draft.strategy).toBe(first);
  expect(draft.canUndo).toBe(false);
  draft.undo();
  draft.redo();
  draft.redo();
  draft.redo();
  draft.redo();
  expect(conditionWords(draft.strategy.when)).toBe("rsi(close,14) < 60.5 · 4h and e > 1");
  draft.undo();
  draft.remove(condition.id);
  expect(draft.canRedo).toBe(false);
});

test("what is chosen goes where the eye is", () => {
  const { root, a, b, c, any } = sample();
  const draft = new Draft({ ...blank(), when: root }, false);
  draft.chosen = b.id;
  draft.remove(b.id);
  expect(draft.chosen).toBe(c.id);
  draft.remove(c.id);
  expect(draft.chosen).toBe(any.id);
  draft.duplicate(a.id);
  expect(shape(draft.strategy.when)).toBe("all(a a any() not(d))");
  expect(draft.chosen).not.toBe(a.id);
  draft.wrap(a.id, "not");
  expect(draft.selected?.kind).toBe("not");
  draft.unwrap(draft.chosen);
  expect(draft.chosen).toBe(a.id);
  draft.move(a.id, any.id);
  expect(shape(draft.strategy.when)).toBe("all(a any(a) not(d))");
});

test("whether there is something to save", () => {
  const draft = new Draft(blank(), false);
  expect(draft.changed).toBe(false);
  draft.set({ name: "Other" }, "name");
  expect(draft.changed).toBe(true);
  draft.undo();
  expect(draft.changed).toBe(false);
  draft.set({ applyTo: "all" });
  draft.kept();
  expect(draft.changed).toBe(false);
  expect(new Draft(blank(), true).changed).toBe(true);
});

test("nothing in the picture lies on another thing", () => {
  const { root, any } = sample();
  const deep = insert(root, any.id, wrap(group("any", [named("f"), named("g")]), "", "not"));
  for (const when of [
    root,
    deep,
    named("alone"),
    group("all"),
    ...TEMPLATES.map(({ make }) => make().when),
  ]) {
    const { places, verdict } = arrangement(when);
    expect(places).toHaveLength(everyOf(when).length);
    const boxes = places.map(({ id, x, y }) => {
      const isLeaf = find(when, id)?.kind === "leaf";
      return {
        left: x,
        top: y,
        right: x + (isLeaf ? LEAF_WIDTH : GROUP_WIDTH),
        bottom: y + (isLeaf ? LEAF_HEIGHT : GROUP_HEIGHT),
      };
    });
    for (const [index, one] of boxes.entries()) {
      expect(one.right).toBeLessThanOrEqual(verdict.x);
      for (const other of boxes.slice(index + 1)) {
        const apart =
          one.right <= other.left ||
          other.right <= one.left ||
          one.bottom <= other.top ||
          other.bottom <= one.top;
        expect(apart, `${shape(when)} ${JSON.stringify([one, other])}`).toBe(true);
      }
    }
  }
});

test("templates and the palette hold nothing that is wrong", () => {
  for (const { title, make } of TEMPLATES) expect([title, problemsOf(make()).count]).toEqual([title, 0]);
  for (const { title, make } of PALETTE.flatMap(({ entries }) => entries)) {
    const made = make();
    if (made.kind !== "leaf") continue;
    const found = problemsOf({ ...blank(), when: group("all", [made]) });
    expect([title, [...found.at.values()]]).toEqual([title, []]);
    expect(depthOf(made)).toBe(1);
  }
});
