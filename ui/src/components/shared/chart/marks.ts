// Where fills stand in a chart.
import type { Fill } from "@/bindings";
import { plotted, pointOf } from "@/components/shared/chart/curve";
import { instant } from "@/lib/time";

/** Enough to see where trading was; more would hide the line. */
export const MARKS_MAX = 300;

export interface FillMark {
  time: number;
  buy: boolean;
  price?: number;
}

/** The newest fills at the drawn points they belong to, oldest first; fills before the first point are left out. */
export function marksOf(
  fills: readonly Fill[],
  drawn: readonly { time: number }[],
  at: "line" | "price" = "line",
): FillMark[] {
  const placed = fills.flatMap((fill) => {
    const when = instant(fill.at);
    const place = when === null ? null : pointOf(drawn, Math.floor(when / 1000));
    const point = place === null ? undefined : drawn[place];
    if (!point) return [];
    const mark = { time: point.time, buy: fill.side === "buy" };
    return [at === "line" ? mark : { ...mark, price: plotted(fill.price) }];
  });
  placed.sort((a, b) => a.time - b.time);
  // On a line, many of one kind at one point are one mark.
  const seen = new Set<string>();
  const different = placed.filter(({ time, buy }) => {
    if (at === "price") return true;
    const name = `${time} ${buy}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
  return different.slice(-MARKS_MAX);
}
