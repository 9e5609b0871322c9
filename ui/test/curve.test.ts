import { expect, test } from "vitest";
import { curve, days, deeper, DRAWN_MAX, pointOf, sampled, within } from "@/components/shared/chart/curve";
import { marksOf, MARKS_MAX } from "@/components/shared/chart/marks";
import { fillOf, order } from "@/dev/sample";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const place = (time: number, drawdown = 0, equity = "1") => ({ time, equity, drawdown });

test("marks are put in order of time, and the last of a second stays", () => {
  const found = curve([
    { at: at(20.9), equity: "3", drawdown: -0.1 },
    { at: at(10), equity: "1", drawdown: 0 },
    { at: at(20.1), equity: "2", drawdown: -0.5 },
    { at: "nonsense", equity: "9", drawdown: 0 },
  ]);
  expect(found).toEqual([place(10, 0, "1"), place(20, -0.1, "3")]);
});

test("a range ends with the last value and begins with the one that held at its start", () => {
  const day = 86_400;
  const places = [place(0, 0, "1"), place(3 * day, 0, "2"), place(10 * day, 0, "3")];
  const times = (range: "day" | "week" | "month" | "all") =>
    within(places, range).map(({ time, equity }) => [time / day, equity]);
  expect(times("day")).toEqual([
    [9, "2"],
    [10, "3"],
  ]);
  expect(times("week")).toEqual([
    [3, "2"],
    [10, "3"],
  ]);
  expect(times("month")).toEqual(times("all"));
  expect(within([], "day")).toEqual([]);
});

test("time runs evenly: gaps go on with the value before, crowds become one", () => {
  // 1,200 seconds over at most 599 distances: 5 seconds each.
  const drawn = sampled(
    [place(0, 0, "1"), place(1, -0.5, "2"), place(2, -0.1, "3"), place(1_200, 0, "4")],
    deeper,
  );
  expect(drawn).toHaveLength(241);
  expect(drawn[0]).toEqual(place(0, -0.5, "3"));
  // What goes on is the last value, not the worst.
  expect(drawn[1]).toEqual(place(5, -0.1, "3"));
  expect(drawn.at(-1)).toEqual(place(1_200, 0, "4"));
  const distances = new Set(drawn.slice(1).map(({ time }, index) => time - drawn[index]!.time));
  expect([...distances]).toEqual([5]);
});

test("however long the history, few points are drawn", () => {
  const check = (seconds: number) => {
    const places = Array.from({ length: 5_000 }, (_, index) => place(Math.floor((index * seconds) / 4_999)));
    expect(sampled(places, deeper).length, `${seconds} s`).toBeLessThanOrEqual(DRAWN_MAX + 1);
  };
  check(4_999);
  check(86_400);
  check(20 * 365 * 86_400);
});

test("a day has its last value and its deepest drawdown", () => {
  const day = 86_400;
  expect(days([place(0, -0.2, "1"), place(100, 0, "2"), place(day, -0.1, "3")])).toEqual([
    place(day, -0.1, "3"),
    place(100, -0.2, "2"),
  ]);
});

test("fills stand at the last point not after them", () => {
  const drawn = [{ time: 10 }, { time: 20 }, { time: 30 }];
  const check = (time: number, expected: number | null) =>
    expect(pointOf(drawn, time), String(time)).toBe(expected);
  check(9, null);
  check(10, 0);
  check(19, 0);
  check(20, 1);
  check(999, 2);
  expect(pointOf([], 1)).toBeNull();
});

test("marks: one of a kind at a point of a line, each at its price among prices", () => {
  const fill = (seconds: number, side: string, price: string) =>
    fillOf(order(`sig_${seconds}${side}`, side, "BTCUSDT", at(seconds), price));
  const drawn = [{ time: 10 }, { time: 20 }];
  const fills = [
    fill(25, "sell", "103"),
    fill(21, "buy", "102"),
    fill(20, "buy", "101"),
    fill(1, "buy", "99"),
  ];
  expect(marksOf(fills, drawn)).toEqual([
    { time: 20, buy: false },
    { time: 20, buy: true },
  ]);
  expect(marksOf(fills, drawn, "price").map(({ price }) => price)).toEqual([103, 102, 101]);
  const many = Array.from({ length: MARKS_MAX + 50 }, (_, index) => fill(10 + index / 1_000, "buy", "1"));
  expect(marksOf(many, drawn, "price")).toHaveLength(MARKS_MAX);
});
