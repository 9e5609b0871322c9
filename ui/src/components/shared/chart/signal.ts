// What the chart of a pipeline signal shows, from what the desk answers: places, lines, and the same as rows.
import type { ChartLine, Fill, SignalChart } from "@/bindings";
import { plotted, pointOf } from "@/components/shared/chart/curve";
import { marksOf } from "@/components/shared/chart/marks";
import type { Candle, Dot, Mark } from "@/components/shared/chart/plot";
import { figure, price, quantity } from "@/lib/decimal";
import { instant } from "@/lib/time";

/** An indicator over the candles, or below them on a scale of its own. */
export interface PlottedLine {
  label: string;
  separate: boolean;
  /** A dot without a value is a gap: the indicator is not known there. */
  dots: (Dot | { time: number })[];
  levels: number[];
}

export interface SignalPicture {
  candles: Candle[];
  lines: PlottedLine[];
  marks: Mark[];
  /** The open of the candle that the strategy was asked about; null when it is not among them. */
  judged: number | null;
  /** The open of the candle in which the signal came; null when that is not among them. */
  came: number | null;
}

/** A candle with all that belongs to it, for the table. */
export interface ChartRow {
  at: string;
  open: string;
  high: string;
  low: string;
  close: string;
  /** The value of each line, null while it is not known. */
  values: (string | null)[];
  /** "asked about", "the signal came", "buy 0.1 at 97,310.10": what happened in it. */
  events: string[];
}

const second = (text: string) => Math.floor((instant(text) ?? 0) / 1000);

export function pictureOf(chart: SignalChart): SignalPicture {
  const candles = chart.candles.map(({ opened_at, open, high, low, close }) => ({
    time: second(opened_at),
    open: plotted(open),
    high: plotted(high),
    low: plotted(low),
    close: plotted(close),
  }));
  const judged = second(chart.judged);
  return {
    candles,
    lines: chart.lines.map((line) => lineOf(line, candles)),
    marks: marksOf(chart.fills, candles, "price"),
    judged: candles.some(({ time }) => time === judged) ? judged : null,
    came: cameAt(chart, candles),
  };
}

function lineOf({ label, pane, values, levels }: ChartLine, candles: readonly Candle[]): PlottedLine {
  const dots = candles.map(({ time }, index) => {
    const value = values[index] ?? null;
    return value === null ? { time } : { time, value: plotted(value) };
  });
  return { label, separate: pane !== "price", dots, levels: levels.map(plotted) };
}

/**
 * The candle in which the signal came: the last one that had opened. Of the running one there is nothing to draw: a
 * signal that came in it stands at the last closed one.
 */
function cameAt(chart: SignalChart, candles: readonly { time: number }[]): number | null {
  const received = second(chart.received_at);
  const place = pointOf(candles, received);
  const found = place === null ? undefined : candles[place];
  if (!found || place === null) return null;
  const step = Math.min(...candles.slice(1).map(({ time }, index) => time - (candles[index]?.time ?? 0)));
  return received < found.time + 2 * step || candles.length === 1 ? found.time : null;
}

/** What is written above candles: one word where both moments stand at the same. */
export function momentsOf({ judged, came }: Pick<SignalPicture, "judged" | "came">) {
  if (judged !== null && judged === came) return [{ time: judged, words: "asked, signal" }];
  return [
    ...(judged === null ? [] : [{ time: judged, words: "asked" }]),
    ...(came === null ? [] : [{ time: came, words: "signal" }]),
  ];
}

/** Every candle as a row, newest first. */
export function rowsOf(chart: SignalChart, picture: SignalPicture): ChartRow[] {
  const filled = new Map<number, Fill[]>();
  for (const fill of chart.fills) {
    const place = pointOf(picture.candles, second(fill.at));
    if (place !== null) filled.set(place, [...(filled.get(place) ?? []), fill]);
  }
  const rows = chart.candles.map(({ opened_at, open, high, low, close }, index): ChartRow => {
    const time = second(opened_at);
    const fills = filled.get(index) ?? [];
    return {
      at: opened_at,
      open,
      high,
      low,
      close,
      values: chart.lines.map(({ values }) => values[index] ?? null),
      events: [
        ...(time === picture.judged ? ["asked about"] : []),
        ...(time === picture.came ? ["the signal came"] : []),
        ...fills.map((fill) => `${fill.side} ${quantity(fill.quantity)} at ${price(fill.price)}`),
      ],
    };
  });
  return rows.reverse();
}

/** A value of a line as it is read. */
export function lineValue(value: string | null): string {
  return value === null ? "not known" : figure(plotted(value));
}
