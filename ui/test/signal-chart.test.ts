import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { SignalChart as Answer } from "@/bindings";
import type { SignalPicture } from "@/components/shared/chart/signal";
import { lineValue, momentsOf, pictureOf, rowsOf } from "@/components/shared/chart/signal";
import SignalChart from "@/components/shared/chart/SignalChart.svelte";
import { PageDesk, refusal } from "@/dev/desk";
import { fillOf, order } from "@/dev/sample";

// The simulated browser has no canvas: what would be drawn is kept.
const drawn = vi.hoisted(() => ({
  pictures: [] as SignalPicture[],
  point: null as ((time: number | null) => void) | null,
}));
vi.mock("@/components/shared/chart/plot", () => ({
  signalPlot: ({ onpoint }: { onpoint: (time: number | null) => void }) => {
    drawn.point = onpoint;
    return { show: (picture: SignalPicture) => drawn.pictures.push(picture), end: () => undefined };
  },
}));

const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 10, 20, hour, minute)).toISOString();
const second = (hour: number) => Date.UTC(2026, 10, 20, hour) / 1000;

/** Four hours; the strategy was asked about the second, the signal came in the third and was filled there. */
const CHART: Answer = {
  signal_id: "sig_a",
  venue: "binance",
  symbol: "BTCUSDT",
  timeframe: "1h",
  series: [
    { symbol: "BTCUSDT", timeframe: "1h" },
    { symbol: "BTCUSDT", timeframe: "4h" },
  ],
  candles: [9, 10, 11, 12].map((hour, index) => ({
    opened_at: at(hour),
    open: `${100 + index}`,
    high: `${102 + index}`,
    low: `${99 + index}`,
    close: `${101 + index}`,
    volume: "3",
  })),
  judged: at(10),
  lines: [
    { label: "ema(close,2)", pane: "price", values: [null, "101.5", "102.5", "103.5"], levels: [] },
    { label: "rsi(close,2)", pane: "separate", values: [null, null, "61.25", "70.5"], levels: ["70"] },
  ],
  received_at: at(11, 2),
  fills: [fillOf({ ...order("sig_a", "buy", "BTCUSDT", at(11, 2), "102.5"), filled: "0.1" })],
  missing: null,
};

let desk: PageDesk;

beforeEach(() => {
  desk = new PageDesk("full").install();
  desk.answers["signals.chart"] = () => CHART;
  drawn.pictures = [];
});

test("candles, lines, levels, fills and both moments stand where they belong", () => {
  const picture = pictureOf(CHART);
  expect(picture.candles.map(({ time, close }) => [time, close])).toEqual([
    [second(9), 101],
    [second(10), 102],
    [second(11), 103],
    [second(12), 104],
  ]);
  expect(picture.lines).toEqual([
    {
      label: "ema(close,2)",
      separate: false,
      dots: [
        { time: second(9) },
        { time: second(10), value: 101.5 },
        { time: second(11), value: 102.5 },
        { time: second(12), value: 103.5 },
      ],
      levels: [],
    },
    {
      label: "rsi(close,2)",
      separate: true,
      dots: [
        { time: second(9) },
        { time: second(10) },
        { time: second(11), value: 61.25 },
        { time: second(12), value: 70.5 },
      ],
      levels: [70],
    },
  ]);
  expect(picture.marks).toEqual([{ time: second(11), buy: true, price: 102.5 }]);
  expect([picture.judged, picture.came]).toEqual([second(10), second(11)]);
});

test("a moment outside the candles is not put on one of them", () => {
  const check = (over: Partial<Answer>, judged: number | null, came: number | null) => {
    const picture = pictureOf({ ...CHART, ...over });
    expect([picture.judged, picture.came]).toEqual([judged, came]);
  };
  check({ judged: at(8) }, null, second(11));
  check({ received_at: at(8, 59) }, second(10), null);
  // The last closed candle is that of twelve; one is running after it, of which nothing is known.
  check({ received_at: at(12, 59) }, second(10), second(12));
  check({ received_at: at(13, 59) }, second(10), second(12));
  check({ received_at: at(14) }, second(10), null);
  check({ candles: [] }, null, null);
});

test("moments at one candle share its word", () => {
  const words = (judged: number | null, came: number | null) =>
    momentsOf({ judged, came }).map((one) => `${one.time} ${one.words}`);
  expect(words(10, 10)).toEqual(["10 asked, signal"]);
  expect(words(10, 11)).toEqual(["10 asked", "11 signal"]);
  expect(words(null, 11)).toEqual(["11 signal"]);
  expect(words(null, null)).toEqual([]);
});

test("the table says the same, newest first", () => {
  const rows = rowsOf(CHART, pictureOf(CHART));
  expect(rows.map(({ at: opened, values, events }) => [opened, values, events])).toEqual([
    [at(12), ["103.5", "70.5"], []],
    [at(11), ["102.5", "61.25"], ["the signal came", "buy 0.1 at 102.50"]],
    [at(10), ["101.5", null], ["asked about"]],
    [at(9), [null, null], []],
  ]);
  expect(["93601.29086686972", "61.25", null].map(lineValue)).toEqual(["93,601.29", "61.25", "not known"]);
});

test("what is asked about is read out, and what the pointer is on instead", async () => {
  render(SignalChart, { id: "sig_a", zone: "utc" });
  await waitFor(() => expect(drawn.pictures).toHaveLength(1));
  const values = () => screen.getAllByTestId("line-value").map((value) => value.textContent);
  expect(screen.getByTestId("chart-readout").textContent.trim()).toBe(
    "11-20 10:00 · O 101.00 H 103.00 L 100.00 C 102.00",
  );
  expect(values()).toEqual(["101.5", "not known"]);
  drawn.point?.(second(12));
  await waitFor(() => expect(values()).toEqual(["103.5", "70.5"]));
  expect(screen.getByTestId("chart-summary").textContent.trim()).toBe(
    "4 candles of binance; 1 fill; asked about that of 2026-11-20 10:00 UTC",
  );
  await fireEvent.click(screen.getByTestId("chart-table"));
  expect(screen.getAllByTestId("chart-row")).toHaveLength(4);
});

test("other candles of the strategy can be chosen", async () => {
  render(SignalChart, { id: "sig_a", zone: "utc" });
  await fireEvent.click(await screen.findByTestId("chart-series-BTCUSDT 4h"));
  await waitFor(() =>
    expect(desk.calls.filter(({ method }) => method === "signals.chart").at(-1)?.params).toEqual({
      id: "sig_a",
      before: 120,
      symbol: "BTCUSDT",
      timeframe: "4h",
    }),
  );
});

test("where there is no chart it is said why", async () => {
  const check = async (answer: () => Answer, words: string) => {
    desk.answers["signals.chart"] = answer;
    const { unmount } = render(SignalChart, { id: "sig_a", zone: "utc" });
    await waitFor(() => expect(screen.getByTestId("signal-chart").textContent).toContain(words));
    unmount();
  };
  const throws = (code: string, message: string) => () => {
    throw refusal(code, message);
  };
  const missing = "The cache has no candles of that time.";
  await check(() => ({ ...CHART, candles: [], lines: [], fills: [], missing }), missing);
  await check(throws("NO_VERDICT", "No strategy was asked about this signal."), "No strategy was asked");
  await check(throws("NO_CANDLES", "It looks at fields of the alert alone."), "looks at no candles");
  await check(throws("STORAGE_UNAVAILABLE", "The disk is full."), "The disk is full.");
});
