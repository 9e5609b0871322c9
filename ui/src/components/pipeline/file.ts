// The strategy file: read strictly, so that nothing in it is ignored in silence, and written again.
import {
  type Condition,
  countsBars,
  DEPTH_MAX,
  freshId,
  type Group,
  isOperator,
  type Leaf,
  leaf,
  type Operand,
} from "@/components/pipeline/tree";
import { isNumber } from "@/components/pipeline/expression";

export interface Strategy {
  name: string;
  applyTo: "entries" | "all";
  /** Whether closed candles are looked at, or the one that is still running. */
  evaluate: "on_close" | "intrabar";
  /** What becomes of a signal when nothing is known. */
  onUnknown: "reject" | "skip_pipeline";
  /** Where candles come from when neither signal nor account says it; empty: nowhere. */
  source: string;
  when: Condition;
}

export const SOURCES = ["binance", "kraken", "coinbase", "bybit", "okx"] as const;
const FORMAT = 1;

/** Before there is one. */
export const NOTHING: Strategy = {
  name: "",
  applyTo: "entries",
  evaluate: "on_close",
  onUnknown: "reject",
  source: "",
  when: { kind: "all", id: "nothing", children: [] },
};

/** What is wrong with a file, and where in it. */
export class FileProblem extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(`${path === "" ? "The file" : path}: ${message}`);
    this.path = path;
  }
}

type Fields = Record<string, unknown>;

/** @throws FileProblem */
export function readFile(text: string): Strategy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new FileProblem("", `is no JSON (${thrown instanceof Error ? thrown.message : String(thrown)}).`);
  }
  return readStrategy(json);
}

/** @throws FileProblem */
export function readStrategy(json: unknown): Strategy {
  const fields = object(json, "");
  only(fields, ["name", "format", "apply_to", "evaluate", "on_unknown", "source", "when"], "");
  if (fields.format !== FORMAT) throw new FileProblem("format", `${FORMAT} is the format known here.`);
  const applyTo = fields.apply_to ?? "entries";
  if (applyTo !== "entries" && applyTo !== "all") {
    throw new FileProblem("apply_to", 'is "entries" or "all".');
  }
  const evaluate = fields.evaluate ?? "on_close";
  if (evaluate !== "on_close" && evaluate !== "intrabar") {
    throw new FileProblem("evaluate", 'is "on_close" or "intrabar".');
  }
  const onUnknown = fields.on_unknown ?? "reject";
  if (onUnknown !== "reject" && onUnknown !== "skip_pipeline") {
    throw new FileProblem("on_unknown", 'is "reject" or "skip_pipeline".');
  }
  const source = fields.source === undefined ? "" : text(fields.source, "source");
  if (source !== "" && !SOURCES.some((known) => known === source)) {
    throw new FileProblem("source", `is one of ${SOURCES.join(", ")}.`);
  }
  if (fields.when === undefined) throw new FileProblem("when", "is missing: the conditions.");
  const when = condition(fields.when, "when", 1);
  return { name: text(fields.name, "name"), applyTo, evaluate, onUnknown, source, when };
}

function condition(json: unknown, path: string, depth: number): Condition {
  if (depth > DEPTH_MAX) throw new FileProblem(path, `is more than ${DEPTH_MAX} deep.`);
  const fields = object(json, path);
  const kinds = (["all", "any", "not"] as const).filter((key) => key in fields);
  const kind = kinds[0];
  if (kind === undefined) return readLeaf(fields, path);
  only(fields, [kind], path);
  if (kind === "not") {
    return { kind, id: freshId(), child: condition(fields.not, `${path}.not`, depth + 1) };
  }
  const list = fields[kind];
  if (!Array.isArray(list)) throw new FileProblem(`${path}.${kind}`, "is a list of conditions.");
  const children = list.map((one, index) => condition(one, `${path}.${kind}[${index}]`, depth + 1));
  return { kind, id: freshId(), children } satisfies Group;
}

function readLeaf(fields: Fields, path: string): Leaf {
  only(fields, ["left", "op", "right", "n", "timeframe", "symbol"], path);
  const op = text(fields.op, `${path}.op`);
  if (!isOperator(op)) throw new FileProblem(`${path}.op`, `${op} is no operator.`);
  const made = leaf({ left: operand(fields.left, `${path}.left`), op, timeframe: "" });
  if (op === "between") {
    const bounds = fields.right;
    if (!Array.isArray(bounds) || bounds.length !== 2) {
      throw new FileProblem(`${path}.right`, "is a list of two: from and to.");
    }
    made.right = operand(bounds[0], `${path}.right[0]`);
    made.upper = operand(bounds[1], `${path}.right[1]`);
  } else if (!countsBars(op)) made.right = operand(fields.right, `${path}.right`);
  else if (fields.right !== undefined) throw new FileProblem(`${path}.right`, `${op} compares with nothing.`);
  if (fields.n !== undefined) {
    if (!countsBars(op)) throw new FileProblem(`${path}.n`, `${op} counts no bars.`);
    if (typeof fields.n !== "number" || !Number.isInteger(fields.n))
      throw new FileProblem(`${path}.n`, "is a whole number of bars.");
    made.bars = String(fields.n);
  }
  if (fields.timeframe !== undefined) made.timeframe = text(fields.timeframe, `${path}.timeframe`);
  if (fields.symbol !== undefined) made.symbol = text(fields.symbol, `${path}.symbol`);
  return made;
}

function operand(json: unknown, path: string): Operand {
  if (typeof json === "number") return String(json);
  if (typeof json === "string") return json;
  throw new FileProblem(path, json === undefined ? "is missing." : "is a number or an expression.");
}

function text(json: unknown, path: string): string {
  if (typeof json === "string") return json;
  throw new FileProblem(path, json === undefined ? "is missing." : "is a text.");
}

function object(json: unknown, path: string): Fields {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Fields;
  throw new FileProblem(path, "is an object.");
}

function only(fields: Fields, known: readonly string[], path: string): void {
  const stranger = Object.keys(fields).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  const at = path === "" ? stranger : `${path}.${stranger}`;
  throw new FileProblem(at, `is unknown here; known are ${known.join(", ")}.`);
}

export function writeStrategy(strategy: Strategy): Fields {
  return {
    name: strategy.name.trim(),
    format: FORMAT,
    apply_to: strategy.applyTo,
    ...(strategy.evaluate === "on_close" ? {} : { evaluate: strategy.evaluate }),
    ...(strategy.onUnknown === "reject" ? {} : { on_unknown: strategy.onUnknown }),
    ...(strategy.source === "" ? {} : { source: strategy.source }),
    when: writeCondition(strategy.when),
  };
}

export function writeFile(strategy: Strategy): string {
  return `${JSON.stringify(writeStrategy(strategy), null, 2)}\n`;
}

function writeCondition(node: Condition): Fields {
  switch (node.kind) {
    case "all":
    case "any":
      return { [node.kind]: node.children.map(writeCondition) };
    case "not":
      return { not: node.child ? writeCondition(node.child) : { all: [] } };
    case "leaf":
      return writeLeaf(node);
  }
}

function writeLeaf(node: Leaf): Fields {
  return {
    left: writeOperand(node.left),
    op: node.op,
    ...(node.op === "between"
      ? { right: [writeOperand(node.right), writeOperand(node.upper)] }
      : countsBars(node.op)
        ? {}
        : { right: writeOperand(node.right) }),
    ...(countsBars(node.op) && node.bars.trim() !== "" ? { n: Number(node.bars) } : {}),
    ...(node.timeframe === "" ? {} : { timeframe: node.timeframe }),
    ...(node.symbol.trim() === "" ? {} : { symbol: node.symbol.trim() }),
  };
}

/** A number is a number in the file, everything else a text. */
function writeOperand(operand: Operand): number | string {
  const trimmed = operand.trim();
  return isNumber(trimmed) ? Number(trimmed) : trimmed;
}
