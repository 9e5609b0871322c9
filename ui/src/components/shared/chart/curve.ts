// From the marks of an account's value to what a chart can show: a range, an even raster, days.
import type { EquityMark } from "@/bindings";
import { instant } from "@/lib/time";

/** One value with its time in seconds since 1970. */
export interface Place {
  time: number;
  equity: string;
  /** Below the highest value so far, as a fraction of it: 0 or negative. */
  drawdown: number;
}

export const RANGES = [
  { value: "day", word: "1D", seconds: 86_400 },
  { value: "week", word: "1W", seconds: 7 * 86_400 },
  { value: "month", word: "1M", seconds: 30 * 86_400 },
  { value: "all", word: "All", seconds: Infinity },
] as const;

export type Range = (typeof RANGES)[number]["value"];

/** The most points that are drawn. */
export const DRAWN_MAX = 600;

/** Even distances between drawn points, seconds; above the last, whole days. */
const STEPS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

/** A decimal as a float, for pixels only: what is read is written from the text. */
export function plotted(text: string): number {
  return Number(text);
}

/** Every value in order of time; of one second the last stays. */
export function curve(marks: readonly EquityMark[]): Place[] {
  const timed = marks.flatMap(({ at, equity, drawdown }) => {
    const when = instant(at);
    return when === null ? [] : [{ when, equity, drawdown }];
  });
  timed.sort((a, b) => a.when - b.when);
  const places: Place[] = [];
  for (const { when, equity, drawdown } of timed) {
    const place = { time: Math.floor(when / 1000), equity, drawdown };
    if (places.at(-1)?.time === place.time) places[places.length - 1] = place;
    else places.push(place);
  }
  return places;
}

/** What lies in the range that ends with the last value, and the value that it begins with. */
export function within<T extends { time: number }>(places: readonly T[], range: Range): T[] {
  const last = places.at(-1);
  const seconds = RANGES.find(({ value }) => value === range)?.seconds ?? Infinity;
  if (!last || seconds === Infinity) return [...places];
  const from = last.time - seconds;
  const first = places.findIndex(({ time }) => time >= from);
  const before = places[first - 1];
  const inside = places.slice(first);
  return before && inside[0]?.time !== from ? [{ ...before, time: from }, ...inside] : inside;
}

/**
 * The same course in even distances of time: a chart puts its points side by side, however far apart they are. Of
 * several in one distance `merged` makes one; where there is none, the value before goes on.
 */
export function sampled<T extends { time: number }>(
  places: readonly T[],
  merged: (earlier: T, later: T) => T,
): T[] {
  const first = places[0];
  const last = places.at(-1);
  if (!first || !last) return [];
  const least = (last.time - first.time) / (DRAWN_MAX - 1);
  const step = STEPS.find((one) => one >= least) ?? Math.ceil(least / 86_400) * 86_400;
  const drawn: T[] = [];
  let next = 0;
  let current = first;
  for (let time = first.time - (first.time % step); time <= last.time; time += step) {
    let here: T | null = null;
    for (let place = places[next]; place && place.time < time + step; place = places[next]) {
      here = here ? merged(here, place) : place;
      current = place;
      next += 1;
    }
    drawn.push({ ...(here ?? current), time });
  }
  return drawn;
}

/** The last value and the deepest drawdown so far. */
export function deeper(earlier: Place, later: Place): Place {
  return { ...later, drawdown: Math.min(earlier.drawdown, later.drawdown) };
}

/** The last value of each UTC day and its deepest drawdown, newest first. */
export function days(places: readonly Place[]): Place[] {
  const found: Place[] = [];
  for (const place of places) {
    const before = found.at(-1);
    if (before && Math.floor(before.time / 86_400) === Math.floor(place.time / 86_400)) {
      found[found.length - 1] = deeper(before, place);
    } else found.push(place);
  }
  return found.reverse();
}

/** The drawn point that a time belongs to: the last one not after it. */
export function pointOf(drawn: readonly { time: number }[], time: number): number | null {
  let low = 0;
  let high = drawn.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((drawn[middle]?.time ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : low - 1;
}
