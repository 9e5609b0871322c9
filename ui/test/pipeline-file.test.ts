import { expect, test } from "vitest";
import { INDICATORS, misread, SOURCES } from "@/components/pipeline/expression";
import {
  FileProblem,
  readFile,
  readStrategy,
  type Strategy,
  writeFile,
  writeStrategy,
} from "@/components/pipeline/file";
import { problemsOf, type Part } from "@/components/pipeline/problems";
import { TEMPLATES } from "@/components/pipeline/templates";
import { type Condition, group, leaf, type Leaf, leavesOf, not } from "@/components/pipeline/tree";
import { conditionWords } from "@/components/pipeline/words";

const plain = (when: Condition): Strategy => ({
  name: "x",
  applyTo: "all",
  evaluate: "on_close",
  onUnknown: "reject",
  source: "",
  when,
});
const LEAF = { left: "rsi(close,14)", op: "<", right: 35, timeframe: "1h" };
const file = (over: object = {}) => ({ name: "x", format: 1, when: { all: [LEAF] }, ...over });

test("a file is read and written again as it was", () => {
  const check = (when: object, over: object = {}) => {
    const given = { name: "x", format: 1, apply_to: "entries", ...over, when };
    expect(writeStrategy(readStrategy(given))).toEqual(given);
    expect(writeStrategy(readFile(writeFile(readStrategy(given))))).toEqual(given);
  };
  check(LEAF);
  check(
    { all: [LEAF, { any: [LEAF, { not: LEAF }] }] },
    { apply_to: "all", evaluate: "intrabar", on_unknown: "skip_pipeline", source: "kraken" },
  );
  check({ not: { all: [] } });
  check({ left: "alert.price", op: "crosses_above", right: "ema(close,20)[1]", timeframe: "15m" });
  check({ left: "close", op: "rising", n: 3, timeframe: "1d", symbol: "BTCUSDT.P" });
  check({ left: 0.5, op: "between", right: [-1.25, "atr(14)"], timeframe: "1h" });
  check({ left: "alert.confidence", op: ">=", right: 70 });
  for (const { make } of TEMPLATES) {
    const written = writeFile(make());
    expect(writeFile(readFile(written))).toBe(written);
  }
});

test("what is wrong in a file is refused with its place", () => {
  const check = (given: unknown, place: string, word: string) => {
    let problem: unknown = null;
    try {
      readStrategy(given);
    } catch (thrown) {
      problem = thrown;
    }
    expect(problem).toBeInstanceOf(FileProblem);
    if (!(problem instanceof FileProblem)) return;
    expect([problem.path, problem.message.includes(word), problem.message]).toEqual([
      place,
      true,
      problem.message,
    ]);
  };
  check([], "", "object");
  check(file({ format: 2 }), "format", "1 is");
  check(file({ colour: "red" }), "colour", "unknown");
  check(file({ name: 7 }), "name", "text");
  check({ format: 1, when: LEAF }, "name", "missing");
  check({ format: 1, name: "x" }, "when", "missing");
  check(file({ apply_to: "exits" }), "apply_to", "entries");
  check(file({ evaluate: "never" }), "evaluate", "on_close");
  check(file({ on_unknown: "execute" }), "on_unknown", "skip_pipeline");
  check(file({ source: "yahoo" }), "source", "binance");
  check(file({ when: { all: {} } }), "when.all", "list");
  check(file({ when: { all: [LEAF], any: [] } }), "when.any", "unknown");
  check(file({ when: { all: [LEAF, 3] } }), "when.all[1]", "object");
  check(file({ when: { not: { ...LEAF, op: "=>" } } }), "when.not.op", "no operator");
  check(file({ when: { ...LEAF, why: 1 } }), "when.why", "unknown");
  check(file({ when: { ...LEAF, left: null } }), "when.left", "number or an expression");
  check(file({ when: { left: "close", op: ">" } }), "when.right", "missing");
  check(file({ when: { ...LEAF, op: "between" } }), "when.right", "list of two");
  check(file({ when: { ...LEAF, op: "rising", n: 2 } }), "when.right", "compares with nothing");
  check(file({ when: { ...LEAF, n: 2 } }), "when.n", "counts no bars");
  check(file({ when: { left: "close", op: "falling", n: 1.5 } }), "when.n", "whole");
  check(file({ when: { ...LEAF, timeframe: 60 } }), "when.timeframe", "text");
  let deep: object = LEAF;
  for (let level = 0; level < 9; level += 1) deep = { not: deep };
  check(file({ when: deep }), "when.not.not.not.not.not.not.not.not", "deep");
  expect(() => readFile("{")).toThrow(FileProblem);
});

test("an operand is read as Rust reads it", () => {
  const good = [
    "30",
    "-0.5",
    "0",
    "close",
    "close[1]",
    "hlc3",
    " ema( hlc3 , 20 ) ",
    "rsi(ema(close,3),14)",
    "ema(close[2],20)[1]",
    "macd(close,12,26,9).signal",
    "bb(close,20,2.5).upper[3]",
    "supertrend(3,10).direction",
    "dmi(14,14).adx",
    "sma(macd(close,12,26,9).hist,5)",
    "vwap()",
    "obv()",
    "alert.price",
    "alert.confidence_1",
    ...SOURCES,
    ...INDICATORS.map(({ example }) => example),
  ];
  for (const text of good) expect([text, misread(text)]).toEqual([text, null]);
  const bad: [string, number][] = [
    ["", 1],
    ["alert.", 7],
    ["alert.1", 7],
    ["clsoe", 1],
    ["rsi", 1],
    ["rsi(close)", 10],
    ["rsi(close,14", 13],
    ["rsi(close,14,2)", 13],
    ["rsi(close,1.5)", 11],
    ["rsi(close,0)", 11],
    ["rsi(close,x)", 11],
    ["rsi(14,close)", 5],
    ["rsi(close,14) 3", 15],
    ["foo(close,3)", 1],
    ["macd(close,12,26,9)", 20],
    ["macd(close,12,26,9).histogram", 20],
    ["rsi(close,14).value", 14],
    ["close[-1]", 6],
    ["close[a]", 6],
    ["vwap(3)", 6],
    ["1e5", 1],
    ["01", 1],
    ["close > 3", 7],
  ];
  for (const [text, column] of bad) expect([text, misread(text)?.column]).toEqual([text, column]);
  expect(misread("RSI(close,14)")?.message).toContain("rsi?");
});

test("what is wrong with a condition is said at its field", () => {
  const check = (part: Partial<Leaf>, expected: Part[]) => {
    const when = group("all", [leaf({ left: "close", right: "1", ...part })]);
    const node = leavesOf(when)[0]!;
    const found = problemsOf(plain(when)).at.get(node.id) ?? [];
    expect(found.map((problem) => problem.part)).toEqual(expected);
  };
  check({}, []);
  check({ left: "" }, ["left"]);
  check({ right: "foo" }, ["right"]);
  check({ op: "between", upper: "" }, ["upper"]);
  check({ op: "between", upper: "2" }, []);
  check({ op: "rising" }, ["bars"]);
  check({ op: "rising", bars: "0" }, ["bars"]);
  check({ op: "rising", bars: "101" }, ["bars"]);
  check({ left: "3", timeframe: "" }, ["left"]);
  check({ left: "3", op: "between", upper: "4", timeframe: "" }, ["left"]);
  check({ left: "3", op: "between", upper: "atr(14)" }, []);
  check({ op: "rising", bars: "3", right: "" }, []);
  check({ op: "falling", bars: "3", left: "alert.price", timeframe: "" }, ["left"]);
  check({ timeframe: "" }, ["timeframe"]);
  check({ timeframe: "", left: "alert.price" }, []);
  check({ timeframe: "", left: "alert.price", right: "close" }, ["timeframe"]);
  check({ symbol: "btc" }, ["symbol"]);
  check({ symbol: "BTCUSDT.P" }, []);
});

test("what is wrong with the whole is said at its top", () => {
  const frames = group(
    "any",
    ["1m", "5m", "1h", "1d"].map((timeframe) => leaf({ right: "1", timeframe })),
  );
  const check = (when: Parameters<typeof problemsOf>[0]["when"], word: string) => {
    const found = problemsOf(plain(when));
    const messages = (found.at.get(when.id) ?? []).map(({ message }) => message).join(" ");
    expect(messages).toContain(word);
    expect(found.count).toBeGreaterThan(0);
  };
  check(frames, "At most 3 timeframes; these are 1m, 5m, 1h, 1d.");
  check(group("all"), "Add a condition");
  check(not(), "Put a condition");
  check(
    group(
      "all",
      Array.from({ length: 51 }, () => leaf({ right: "1" })),
    ),
    "At most 50",
  );
  expect(problemsOf({ ...plain(leaf({ right: "1" })), name: " " }).name).toBe("Give it a name.");
});

test("conditions are said in words", () => {
  const check = (when: object, expected: string) =>
    expect(conditionWords(readStrategy(file({ when })).when)).toBe(expected);
  check(LEAF, "rsi(close,14) < 35 · 1h");
  check({ not: LEAF }, "not (rsi(close,14) < 35 · 1h)");
  check(
    { all: [LEAF, { any: [LEAF, LEAF] }] },
    "rsi(close,14) < 35 · 1h and (rsi(close,14) < 35 · 1h or rsi(close,14) < 35 · 1h)",
  );
  check(
    { left: "close", op: "rising", n: 3, timeframe: "1d", symbol: "ETHUSDT" },
    "ETHUSDT close rises 3 bars · 1d",
  );
  check({ left: "alert.price", op: "between", right: [1, 2] }, "alert's price between 1 and 2");
  check({ all: [] }, "…");
});
