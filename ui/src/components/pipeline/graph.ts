// The tree as nodes and lines of a picture.
import { type Edge, type Node, Position } from "@xyflow/svelte";
import {
  arrangement,
  GROUP_HEIGHT,
  GROUP_WIDTH,
  LEAF_HEIGHT,
  LEAF_WIDTH,
  VERDICT_WIDTH,
} from "@/components/pipeline/layout";
import type { Outcome, Outcomes, Result } from "@/components/pipeline/outcome";
import type { Problem, Problems } from "@/components/pipeline/problems";
import { childrenOf, type Condition, everyOf } from "@/components/pipeline/tree";
import { KINDS, leafWords } from "@/components/pipeline/words";

export const VERDICT = "verdict";

export interface NodeData extends Record<string, unknown> {
  condition: Condition | null;
  problems: readonly Problem[];
  outcome: Outcome | null;
  /** Of the whole, at the node that stands for the verdict. */
  verdict: Result | null;
  chosen: boolean;
}

export type FlowNode = Node<NodeData, "leaf" | "gate" | "verdict">;

interface Shown {
  problems: Problems;
  outcomes: Outcomes | null;
  verdict: Result | null;
  chosen: string | null;
}

const HANDLE = 10;

/** Sizes and handles are given, so that nothing waits for the page to be measured. */
function box(id: string, x: number, y: number, width: number, height: number, ends: ("source" | "target")[]) {
  return {
    id,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    draggable: false,
    handles: ends.map((type) => ({
      id: null,
      type,
      position: type === "source" ? Position.Right : Position.Left,
      x: (type === "source" ? width : 0) - HANDLE / 2,
      y: height / 2 - HANDLE / 2,
      width: HANDLE,
      height: HANDLE,
    })),
  };
}

export function nodesOf(root: Condition, shown: Shown): FlowNode[] {
  const { places, verdict } = arrangement(root);
  const at = new Map(places.map((place) => [place.id, place]));
  const nodes = everyOf(root).map((condition): FlowNode => {
    const place = at.get(condition.id) ?? { x: 0, y: 0 };
    const isLeaf = condition.kind === "leaf";
    const problems = shown.problems.at.get(condition.id) ?? [];
    const outcome = shown.outcomes?.get(condition.id) ?? null;
    return {
      ...box(
        condition.id,
        place.x,
        place.y,
        isLeaf ? LEAF_WIDTH : GROUP_WIDTH,
        isLeaf ? LEAF_HEIGHT : GROUP_HEIGHT,
        isLeaf ? ["source"] : ["target", "source"],
      ),
      type: isLeaf ? "leaf" : "gate",
      ariaLabel: label(condition, problems, outcome),
      ariaRole: "group",
      data: { condition, problems, outcome, verdict: null, chosen: condition.id === shown.chosen },
    };
  });
  const end: FlowNode = {
    ...box(VERDICT, verdict.x, verdict.y, VERDICT_WIDTH, GROUP_HEIGHT, ["target"]),
    type: "verdict",
    selectable: false,
    focusable: false,
    data: { condition: null, problems: [], outcome: null, verdict: shown.verdict, chosen: false },
  };
  return [...nodes, end];
}

export function edgesOf(root: Condition, outcomes: Outcomes | null): Edge[] {
  const edge = (source: string, target: string): Edge => {
    const result = outcomes?.get(source)?.result ?? null;
    return {
      id: `${source}-${target}`,
      source,
      target,
      selectable: false,
      focusable: false,
      ...(result === null ? {} : { class: `edge-${result}` }),
    };
  };
  const inner = everyOf(root).flatMap((node) => childrenOf(node).map((child) => edge(child.id, node.id)));
  return [...inner, edge(root.id, VERDICT)];
}

function label(node: Condition, problems: readonly Problem[], outcome: Outcome | null): string {
  const words =
    node.kind === "leaf"
      ? `${leafWords(node)}${node.timeframe === "" ? "" : ` on ${node.timeframe}`}`
      : `${KINDS[node.kind].word}, ${childrenOf(node).length} inside`;
  const wrong = problems.map(({ message }) => message).join(" ");
  const result =
    outcome === null
      ? ""
      : outcome.result === "pass"
        ? "holds"
        : outcome.result === "fail"
          ? "does not hold"
          : "not known";
  return [words, wrong, result, outcome?.values ?? ""].filter((part) => part !== "").join(". ");
}
