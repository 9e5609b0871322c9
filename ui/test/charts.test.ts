import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { faded } from "@/components/shared/chart/colours.svelte";
import EquityChart from "@/components/account/EquityChart.svelte";
import PriceChart from "@/components/shared/chart/PriceChart.svelte";
import { sampleBars, sampleEquity, sampleFills, samplePrices } from "@/dev/books";
import { PageDesk } from "@/dev/desk";

// The simulated browser has no canvas: the library is stood in for, and asked what it was given.
interface Drawn {
  kind: string;
  data: { time: number }[];
  options: Record<string, unknown>;
}
type Move = (event: { time?: number }) => void;
const library = vi.hoisted(() => ({
  series: [] as Drawn[],
  marks: [] as { position: string; color: string }[],
  ended: 0,
  move: null as Move | null,
}));

vi.mock("lightweight-charts", () => ({
  AreaSeries: "area",
  LineSeries: "line",
  CandlestickSeries: "candles",
  ColorType: { Solid: "solid" },
  LineStyle: { Dotted: 1 },
  TickMarkType: {},
  createChart: () => ({
    addSeries: (kind: string, options: object) => {
      const drawn: Drawn = { kind, data: [], options: { ...options } };
      library.series.push(drawn);
      return {
        setData: (data: Drawn["data"]) => (drawn.data = data),
        applyOptions: (more: object) => Object.assign(drawn.options, more),
        priceScale: () => ({ applyOptions: () => undefined }),
      };
    },
    panes: () => [],
    applyOptions: () => undefined,
    subscribeCrosshairMove: (move: Move) => (library.move = move),
    timeScale: () => ({ fitContent: () => undefined }),
    remove: () => (library.ended += 1),
  }),
  createSeriesMarkers: () => ({ setMarkers: (marks: typeof library.marks) => (library.marks = marks) }),
}));

beforeEach(() => {
  library.series = [];
  library.marks = [];
  library.ended = 0;
});

const equity = { currency: "USD", zone: "utc" } as const;

test("equity and drawdown are drawn, with the fills on the line", async () => {
  const { unmount } = render(EquityChart, { ...equity, marks: sampleEquity(), fills: sampleFills() });
  await waitFor(() => expect(library.series.map(({ data }) => data.length > 100)).toEqual([true, true]));
  const times = library.series[0]!.data.map(({ time }) => time);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(library.marks.length).toBeGreaterThan(10);
  expect(new Set(library.marks.map(({ position }) => position))).toEqual(new Set(["belowBar", "aboveBar"]));
  unmount();
  expect(library.ended).toBe(1);
});

test("what is drawn is said in words, and stands in a table", async () => {
  const day = (number: number, value: string, drawdown = 0) => ({
    at: `2026-11-0${number}T12:00:00Z`,
    equity: value,
    drawdown,
  });
  render(EquityChart, {
    ...equity,
    marks: [day(1, "101000"), day(2, "98980", -0.02), day(3, "102000.5")],
  });
  expect(screen.getByTestId("chart-summary").textContent.trim()).toBe(
    "101,000.00 USD on 2026-11-01, 102,000.50 USD on 2026-11-03; deepest drawdown \u22122.00 % on 2026-11-02.",
  );
  await fireEvent.click(screen.getByTestId("chart-table"));
  const rows = screen.getAllByTestId("equity-day").map((row) => row.textContent.replace(/\s+/g, " ").trim());
  expect(rows).toHaveLength(3);
  expect(rows[0]).toContain("2026-11-03");
  expect(rows[1]).toContain("\u22122.00 %");
});

test("the range is chosen by buttons", async () => {
  render(EquityChart, { ...equity, marks: sampleEquity() });
  await waitFor(() => expect(library.series[0]?.data.length).toBeGreaterThan(100));
  const all = library.series[0]!.data;
  await fireEvent.click(screen.getByTestId("equity-range-day"));
  await waitFor(() => expect(library.series[0]!.data[0]!.time).toBeGreaterThan(all[0]!.time));
  const shown = library.series[0]!.data;
  expect(shown.at(-1)!.time - shown[0]!.time).toBeLessThanOrEqual(86_400);
});

test("the value under the pointer is written out", async () => {
  const marks = [
    { at: "2026-11-01T12:00:00Z", equity: "101000.25", drawdown: -0.01 },
    { at: "2026-11-01T12:01:00Z", equity: "101500.75", drawdown: 0 },
  ];
  render(EquityChart, { ...equity, marks });
  await waitFor(() => expect(library.series[0]?.data).toHaveLength(61));
  library.move?.({ time: Date.parse(marks[1]!.at) / 1000 });
  await waitFor(() =>
    expect(screen.getByTestId("chart-readout").textContent.trim()).toBe(
      "2026-11-01 12:01 · 101,500.75 USD · drawdown 0.00 %",
    ),
  );
  library.move?.({});
  await waitFor(() => expect(screen.getByTestId("chart-readout").textContent.trim()).toBe(""));
});

test("without marks nothing is drawn and the beginning is told", () => {
  render(EquityChart, { ...equity, marks: [] });
  expect(screen.getByText("No curve yet")).toBeTruthy();
  expect(library.series).toHaveLength(0);
  expect(screen.getByTestId<HTMLButtonElement>("chart-table").disabled).toBe(true);
});

test("the theme's colours are drawn anew when it changes", async () => {
  document.documentElement.style.setProperty("--accent", "#abc");
  render(EquityChart, { ...equity, marks: sampleEquity(10) });
  await waitFor(() => expect(library.series[0]?.options.lineColor).toBe("#aabbcc"));
  document.documentElement.style.setProperty("--accent", "#102030");
  document.documentElement.dataset.theme = "light";
  await waitFor(() => expect(library.series[0]?.options.lineColor).toBe("#102030"));
  expect(faded("#102030", 0.5)).toBe("rgba(16, 32, 48, 0.5)");
});

test("prices are candles where there is a venue and a line where there is none", async () => {
  const symbol = { symbol: "BTCUSDT", zone: "utc", fills: sampleFills(8) } as const;
  const first = render(PriceChart, { ...symbol, prices: { kind: "candles", bars: sampleBars(40) } });
  await waitFor(() => expect(library.series.map(({ kind }) => kind)).toEqual(["candles"]));
  expect(library.series[0]!.data).toHaveLength(40);
  expect(library.marks[0]).toMatchObject({ position: "atPriceBottom" });
  first.unmount();
  library.series = [];
  render(PriceChart, { ...symbol, prices: { kind: "line", points: samplePrices() } });
  await waitFor(() => expect(library.series.map(({ kind }) => kind)).toEqual(["line"]));
  expect(screen.getByTestId("chart-summary").textContent).toContain("Prices from the alerts");
});

test("candles as a table have their own prices and what was traded in each", async () => {
  const bars = [9, 10].map((hour) => ({
    at: new Date(Date.UTC(2026, 10, 20, hour)).toISOString(),
    open: `${hour}00`,
    high: `${hour}20`,
    low: `${hour}00`,
    close: `${hour}10`,
  }));
  const fill = {
    ...sampleFills(1)[0]!,
    side: "buy",
    quantity: "0.5",
    price: "915",
    at: "2026-11-20T09:30:00Z",
  };
  const prices = { kind: "candles", bars } as const;
  const read = async () => {
    await fireEvent.click(screen.getByTestId("chart-table"));
    return screen
      .getAllByTestId("price-candle")
      .map((row) => [...row.querySelectorAll("[role=cell]")].map((cell) => cell.textContent));
  };
  const { unmount } = render(PriceChart, { symbol: fill.symbol, zone: "utc", prices, fills: [fill] });
  expect(await read()).toEqual([
    ["2026-11-20 10:00", "1,000.00", "1,020.00", "1,000.00", "1,010.00", ""],
    ["2026-11-20 09:00", "900.00", "920.00", "900.00", "910.00", "buy 0.5 at 915.00"],
  ]);
  expect(screen.getByTestId("chart-summary").textContent.trim()).toBe(
    "2 candles, from 910.00 to 1,010.00; 1 fill.",
  );
  unmount();
  render(PriceChart, { symbol: fill.symbol, zone: "utc", prices });
  expect((await read())[1]).toHaveLength(5);
  expect(screen.getByTestId("chart-summary").textContent.trim()).toBe("2 candles, from 910.00 to 1,010.00.");
});

test("TradingView is linked, and opened outside", async () => {
  const desk = new PageDesk("full").install();
  desk.answers.open_url = () => ({});
  render(EquityChart, { ...equity, marks: sampleEquity(10) });
  await fireEvent.click(screen.getByRole("link", { name: "TradingView" }));
  await waitFor(() =>
    expect(desk.calls).toEqual([{ method: "open_url", params: { url: "https://www.tradingview.com/" } }]),
  );
});
