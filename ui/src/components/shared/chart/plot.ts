// Draws with lightweight-charts. The only file that knows it; what is drawn is decided elsewhere.
import {
  AreaSeries,
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type SeriesMarker,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { type Colours, LINE_COLOURS } from "@/components/shared/chart/colours.svelte";
import { momentsOf, type SignalPicture } from "@/components/shared/chart/signal";
import { money, percent, price } from "@/lib/decimal";
import { clock, day, type Zone } from "@/lib/time";

/** Seconds since 1970 and a float for the pixels. */
export interface Dot {
  time: number;
  value: number;
}

export interface Candle {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

export interface Mark {
  time: number;
  buy: boolean;
  /** At this price; at the line when absent. */
  price?: number;
}

export interface EquityPicture {
  equity: Dot[];
  drawdown: Dot[];
  marks: Mark[];
}

export type PricePicture =
  { kind: "candles"; candles: Candle[]; marks: Mark[] } | { kind: "line"; line: Dot[]; marks: Mark[] };

/** A chart in the page. */
export interface Plot<Picture> {
  show: (picture: Picture, colours: Colours) => void;
  end: () => void;
}

interface Place {
  host: HTMLElement;
  zone: Zone;
  /** The time under the pointer, seconds; null when there is none. */
  onpoint: (time: number | null) => void;
}

const stamp = (time: number) => time as UTCTimestamp;
const seconds = (time: Time) => (typeof time === "number" ? time : 0);

const PRICES = {
  type: "custom",
  minMove: 0.00000001,
  formatter: (value: number) => price(value.toFixed(8)),
} as const;

/** The value of an account above, its drawdown below. */
export function equityPlot(place: Place): Plot<EquityPicture> {
  const chart = create(place);
  const equity = chart.addSeries(AreaSeries, {
    lineWidth: 2,
    priceLineVisible: false,
    priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => money(value.toFixed(2)) },
  });
  const drawdown = chart.addSeries(
    AreaSeries,
    {
      lineWidth: 1,
      invertFilledArea: true,
      priceLineVisible: false,
      lastValueVisible: false,
      priceFormat: { type: "custom", minMove: 0.0001, formatter: (value: number) => percent(value, 1) },
      // Nought stays in sight, so that the depth can be read.
      autoscaleInfoProvider: (original: () => { priceRange: { minValue: number } | null } | null) => ({
        priceRange: { minValue: Math.min(-0.001, original()?.priceRange?.minValue ?? 0), maxValue: 0 },
      }),
    },
    1,
  );
  drawdown.priceScale().applyOptions({ scaleMargins: { top: 0.02, bottom: 0.2 } });
  chart.panes()[0]?.setStretchFactor(4);
  chart.panes()[1]?.setStretchFactor(1);
  const marks = createSeriesMarkers(equity, []);
  return {
    show(picture, colours) {
      chart.applyOptions(look(colours));
      equity.applyOptions({
        lineColor: colours.accent,
        topColor: colours.faded("accent", 0.18),
        bottomColor: colours.faded("accent", 0.04),
      });
      drawdown.applyOptions({
        lineColor: colours.faded("down", 0.7),
        topColor: colours.faded("down", 0.3),
        bottomColor: colours.faded("down", 0.3),
      });
      equity.setData(picture.equity.map(({ time, value }) => ({ time: stamp(time), value })));
      drawdown.setData(picture.drawdown.map(({ time, value }) => ({ time: stamp(time), value })));
      marks.setMarkers(picture.marks.map((mark) => marker(mark, colours)));
      chart.timeScale().fitContent();
    },
    end: () => chart.remove(),
  };
}

/** Prices of a symbol: candles, or a line of those that were seen. */
export function pricePlot(place: Place, kind: PricePicture["kind"]): Plot<PricePicture> {
  const chart = create(place);
  const common = { priceLineVisible: false, priceFormat: PRICES };
  const candles = kind === "candles" ? chart.addSeries(CandlestickSeries, common) : null;
  const line = kind === "line" ? chart.addSeries(LineSeries, { ...common, lineWidth: 2 }) : null;
  const marks = createSeriesMarkers(candles ?? line ?? chart.addSeries(LineSeries), []);
  return {
    show(picture, colours) {
      chart.applyOptions(look(colours));
      line?.applyOptions({ color: colours.accent });
      candles?.applyOptions(candleColours(colours));
      if (picture.kind === "line") {
        line?.setData(picture.line.map(({ time, value }) => ({ time: stamp(time), value })));
      } else candles?.setData(picture.candles.map((candle) => ({ ...candle, time: stamp(candle.time) })));
      marks.setMarkers(picture.marks.map((mark) => marker(mark, colours)));
      chart.timeScale().fitContent();
    },
    end: () => chart.remove(),
  };
}

/** Room after the newest candle, as a share of all: its words need some. */
const AHEAD = 0.18;

/** The candles of a signal, its strategy's lines over them or below, what was filled, and when it came. */
export function signalPlot(place: Place): Plot<SignalPicture> {
  const chart = create(place);
  chart.applyOptions({ timeScale: { fixRightEdge: false } });
  const common = { priceLineVisible: false, priceFormat: PRICES };
  const candles = chart.addSeries(CandlestickSeries, common);
  const marks = createSeriesMarkers(candles, []);
  let lines: ISeriesApi<"Line">[] = [];
  return {
    show(picture, colours) {
      chart.applyOptions(look(colours));
      candles.applyOptions(candleColours(colours));
      candles.setData(picture.candles.map((candle) => ({ ...candle, time: stamp(candle.time) })));
      lines.forEach((line) => chart.removeSeries(line));
      let pane = 0;
      lines = picture.lines.map((line, index) => {
        if (line.separate) pane += 1;
        const color = colours[LINE_COLOURS[index % LINE_COLOURS.length] ?? "accent"];
        const format = line.separate ? { priceLineVisible: false } : common;
        const series = chart.addSeries(
          LineSeries,
          { ...format, color, lineWidth: 1, lastValueVisible: line.separate },
          line.separate ? pane : 0,
        );
        series.setData(line.dots.map((dot) => ({ ...dot, time: stamp(dot.time) })));
        for (const level of line.levels) {
          series.createPriceLine({
            price: level,
            color: colours.edge,
            lineWidth: 1,
            lineStyle: LineStyle.Dotted,
            axisLabelVisible: true,
            title: "",
          });
        }
        return series;
      });
      chart.panes().forEach((one, index) => one.setStretchFactor(index === 0 ? 3 : 1));
      const moments = momentsOf(picture).map(({ time, words }) => moment(time, words, colours));
      const fills = picture.marks.map((mark) => marker(mark, colours));
      marks.setMarkers([...moments, ...fills].sort((a, b) => seconds(a.time) - seconds(b.time)));
      chart.timeScale().setVisibleLogicalRange({ from: -0.5, to: picture.candles.length * (1 + AHEAD) });
    },
    end: () => chart.remove(),
  };
}

/** A moment above its candle, with its word. */
function moment(time: number, text: string, colours: Colours): SeriesMarker<Time> {
  return { time: stamp(time), position: "aboveBar", shape: "circle", color: colours.accent, size: 0.6, text };
}

function candleColours({ up, down }: Colours) {
  return {
    upColor: up,
    borderUpColor: up,
    wickUpColor: up,
    downColor: down,
    borderDownColor: down,
    wickDownColor: down,
  };
}

function create({ host, zone, onpoint }: Place): IChartApi {
  const chart = createChart(host, {
    autoSize: true,
    layout: {
      // Linked below the chart instead, where a keyboard reaches it.
      attributionLogo: false,
      fontFamily: getComputedStyle(host).fontFamily,
      fontSize: 11,
      panes: { enableResize: false },
    },
    // The range is chosen by buttons; the wheel belongs to the page.
    handleScroll: false,
    handleScale: false,
    rightPriceScale: { borderVisible: false, entireTextOnly: true },
    timeScale: {
      borderVisible: false,
      fixLeftEdge: true,
      fixRightEdge: true,
      timeVisible: true,
      tickMarkFormatter: (time: Time, type: TickMarkType) => tick(seconds(time), type, zone),
    },
    localization: {
      timeFormatter: (time: Time) =>
        `${day(seconds(time) * 1000, zone)} ${clock(seconds(time) * 1000, zone).slice(0, 5)}`,
    },
  });
  chart.subscribeCrosshairMove(({ time }) => onpoint(time === undefined ? null : seconds(time)));
  return chart;
}

function tick(time: number, type: TickMarkType, zone: Zone): string {
  const date = day(time * 1000, zone);
  switch (type) {
    case TickMarkType.Year:
      return date.slice(0, 4);
    case TickMarkType.Month:
      return date.slice(0, 7);
    case TickMarkType.DayOfMonth:
      return date.slice(5);
    case TickMarkType.Time:
      return clock(time * 1000, zone).slice(0, 5);
    case TickMarkType.TimeWithSeconds:
      return clock(time * 1000, zone);
  }
}

function look(colours: Colours) {
  const lines = { color: colours.faded("line", 0.6) };
  const cross = { color: colours.edge, labelBackgroundColor: colours.edge, style: LineStyle.Dotted };
  return {
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: colours.dim,
      panes: { separatorColor: colours.line, separatorHoverColor: colours.line },
    },
    grid: { horzLines: lines, vertLines: { visible: false } },
    crosshair: { horzLine: cross, vertLine: cross },
  } as const;
}

function marker({ time, buy, price: at }: Mark, colours: Colours): SeriesMarker<Time> {
  const shared = {
    time: stamp(time),
    shape: buy ? ("arrowUp" as const) : ("arrowDown" as const),
    color: buy ? colours.up : colours.down,
    size: 0.7,
  };
  if (at === undefined) return { ...shared, position: buy ? "belowBar" : "aboveBar" };
  return { ...shared, position: buy ? "atPriceBottom" : "atPriceTop", price: at };
}
