// The figures of a report: what each is called, means and looks like, and why one may be missing.
import { count, money, percent, ratio, signedMoney } from "@/lib/decimal";

/** A decimal as text, a statistic as number; null where it is undefined. */
export type Value = string | number | null;

export interface Report {
  /** Daily returns that it is made of. */
  n: number;
  total_return: Value;
  cagr: Value;
  volatility: Value;
  sharpe: Value;
  sortino: Value;
  max_drawdown_pct: Value;
  max_drawdown_abs: Value;
  calmar: Value;
  longest_underwater_periods: Value;
  ulcer_index: Value;
  trades: Record<TradeFigure, Value>;
  /** The same names by TradingView's definitions, as far as it has them. */
  tradingview: Partial<Record<string, Value>>;
}

export const TRADE_FIGURES = [
  "trades",
  "wins",
  "losses",
  "breakeven",
  "win_rate",
  "win_rate_ex_breakeven",
  "gross_profit",
  "gross_loss",
  "net_profit",
  "profit_factor",
  "avg_trade",
  "avg_win",
  "avg_loss",
  "payoff_ratio",
  "expectancy",
  "expectancy_r",
  "largest_win",
  "largest_loss",
  "max_consecutive_wins",
  "max_consecutive_losses",
  "kelly",
  "sqn",
  "total_fees",
  "avg_mae",
  "avg_mfe",
] as const;
export type TradeFigure = (typeof TRADE_FIGURES)[number];

export type FigureName = Exclude<keyof Report, "n" | "trades" | "tradingview"> | TradeFigure;

type Kind = "percent" | "share" | "ratio" | "money" | "profit" | "count";

type Need = "losses" | "wins" | "both" | "stops" | "marks" | "variation" | "losing days" | "drawdown";

interface Meaning {
  word: string;
  kind: Kind;
  means: string;
  /** What TradingView does differently. */
  tradingview?: string;
  /** What it needs to be defined; those without are defined as soon as there is a trade, or a return. */
  needs?: Need;
}

const MONTHS =
  "Mean return a month less 2 % a year, over its deviation; days instead of months before the third month. Not annualised.";

export const FIGURES: Record<FigureName, Meaning> = {
  total_return: {
    word: "Total return",
    kind: "percent",
    means: "Equity over what was paid in, less one.",
  },
  cagr: {
    word: "Annual return (CAGR)",
    kind: "percent",
    means: "The yearly growth that would have led from the first equity to the last.",
  },
  volatility: {
    word: "Volatility",
    kind: "share",
    means: "Sample deviation of the daily returns × √ of the trading days a year.",
    needs: "variation",
  },
  sharpe: {
    word: "Sharpe ratio",
    kind: "ratio",
    means: "Mean daily return over its sample deviation, annualised.",
    tradingview: MONTHS,
    needs: "variation",
  },
  sortino: {
    word: "Sortino ratio",
    kind: "ratio",
    means: "As the Sharpe ratio, but only losing days count as deviation, over all days.",
    tradingview: MONTHS,
    needs: "losing days",
  },
  max_drawdown_pct: {
    word: "Max drawdown",
    kind: "percent",
    means:
      "The deepest fall of equity below an earlier peak, as a share of it. The opening money is the first peak.",
  },
  max_drawdown_abs: {
    word: "Max drawdown, amount",
    kind: "money",
    means: "The largest fall of equity below an earlier peak.",
    tradingview: "Counts the extremes within candles too.",
  },
  calmar: {
    word: "Calmar ratio",
    kind: "ratio",
    means: "Annual return over the max drawdown.",
    needs: "drawdown",
  },
  longest_underwater_periods: {
    word: "Longest under water, days",
    kind: "count",
    means: "The most days in a row below an earlier peak.",
  },
  ulcer_index: {
    word: "Ulcer index",
    kind: "ratio",
    means: "The square root of the mean squared drawdown: depth and length in one.",
  },
  trades: { word: "Closed trades", kind: "count", means: "Round trips from flat to flat." },
  wins: { word: "Wins", kind: "count", means: "Trades with a net profit." },
  losses: { word: "Losses", kind: "count", means: "Trades with a net loss." },
  breakeven: { word: "Breakeven", kind: "count", means: "Trades whose net is exactly 0." },
  win_rate: {
    word: "Win rate",
    kind: "share",
    means: "Wins over all closed trades; those at breakeven count as trades.",
    tradingview: "Percent profitable: the same.",
  },
  win_rate_ex_breakeven: {
    word: "Win rate without breakeven",
    kind: "share",
    means: "Wins over wins and losses, as quantstats counts.",
  },
  gross_profit: { word: "Gross profit", kind: "money", means: "The sum of all winning trades, after fees." },
  gross_loss: { word: "Gross loss", kind: "money", means: "The sum of all losing trades, after fees." },
  net_profit: { word: "Net profit", kind: "profit", means: "Gross profit less gross loss, after fees." },
  profit_factor: {
    word: "Profit factor",
    kind: "ratio",
    means: "Gross profit over gross loss.",
    needs: "losses",
  },
  avg_trade: { word: "Average trade", kind: "profit", means: "Net profit over the number of trades." },
  avg_win: { word: "Average win", kind: "profit", means: "The mean of the winning trades.", needs: "wins" },
  avg_loss: { word: "Average loss", kind: "money", means: "The mean of the losing trades.", needs: "losses" },
  payoff_ratio: {
    word: "Payoff ratio",
    kind: "ratio",
    means: "The average win over the average loss.",
    needs: "both",
  },
  expectancy: {
    word: "Expectancy",
    kind: "profit",
    means: "What a trade brings on average: win rate × average win less loss rate × average loss.",
  },
  expectancy_r: {
    word: "Expectancy in R",
    kind: "ratio",
    means: "The mean of net over what the stop put at risk at entry.",
    needs: "stops",
  },
  largest_win: { word: "Largest win", kind: "profit", means: "The best trade.", needs: "wins" },
  largest_loss: { word: "Largest loss", kind: "money", means: "The worst trade.", needs: "losses" },
  max_consecutive_wins: { word: "Wins in a row", kind: "count", means: "The longest run of winning trades." },
  max_consecutive_losses: {
    word: "Losses in a row",
    kind: "count",
    means: "The longest run of losing trades.",
  },
  kelly: {
    word: "Kelly share",
    kind: "percent",
    means: "Win rate less loss rate over the payoff ratio: the share to stake if the past repeated itself.",
    needs: "both",
  },
  sqn: {
    word: "SQN",
    kind: "ratio",
    means: "System quality: mean of R over its sample deviation × √ of the number of trades.",
    needs: "stops",
  },
  total_fees: { word: "Fees", kind: "money", means: "All that was paid in fees." },
  avg_mae: {
    word: "Average MAE",
    kind: "profit",
    means: "The mean of the worst open profit of each trade.",
    needs: "marks",
  },
  avg_mfe: {
    word: "Average MFE",
    kind: "profit",
    means: "The mean of the best open profit of each trade.",
    needs: "marks",
  },
};

export const GROUPS: readonly { title: string; figures: readonly FigureName[] }[] = [
  {
    title: "Return and risk",
    figures: [
      "total_return",
      "cagr",
      "volatility",
      "sharpe",
      "sortino",
      "max_drawdown_pct",
      "max_drawdown_abs",
      "calmar",
      "longest_underwater_periods",
      "ulcer_index",
    ],
  },
  {
    title: "Profit and loss",
    figures: [
      "net_profit",
      "gross_profit",
      "gross_loss",
      "profit_factor",
      "total_fees",
      "avg_trade",
      "expectancy",
      "expectancy_r",
      "kelly",
      "sqn",
    ],
  },
  {
    title: "Trades",
    figures: [
      "trades",
      "wins",
      "losses",
      "breakeven",
      "win_rate",
      "win_rate_ex_breakeven",
      "avg_win",
      "avg_loss",
      "payoff_ratio",
      "largest_win",
      "largest_loss",
      "max_consecutive_wins",
      "max_consecutive_losses",
      "avg_mae",
      "avg_mfe",
    ],
  },
];

export function isTradeFigure(name: FigureName): name is TradeFigure {
  return (TRADE_FIGURES as readonly string[]).includes(name);
}

export function valueOf(report: Report, name: FigureName): Value {
  return isTradeFigure(name) ? report.trades[name] : report[name];
}

/** A figure as text; null when it is undefined. */
export function figureText(name: FigureName, value: Value): string | null {
  if (value === null) return null;
  const { kind } = FIGURES[name];
  const number = Number(value);
  const amount = typeof value === "number" ? value.toFixed(2) : value;
  switch (kind) {
    case "percent":
      return percent(number);
    case "share":
      return percent(number, 1).replace("+", "");
    case "ratio":
      return ratio(number);
    case "money":
      return money(amount);
    case "profit":
      return signedMoney(amount);
    case "count":
      return count(number);
  }
}

const LACKS: Record<Need, string> = {
  losses: "no losing trade",
  wins: "no winning trade",
  both: "needs wins and losses",
  stops: "needs trades with a stop",
  marks: "no price was seen meanwhile",
  variation: "equity did not move",
  "losing days": "no losing day",
  drawdown: "no drawdown yet",
};

/** Why a figure is undefined. */
export function absence(name: FigureName, report: Report): string {
  const closed = Number(report.trades.trades ?? 0);
  if (isTradeFigure(name) && closed === 0) return "no closed trades yet";
  if (!isTradeFigure(name) && report.n < 2) return `needs 2 daily returns, has ${report.n}`;
  const { needs } = FIGURES[name];
  return needs === undefined ? "not defined yet" : LACKS[needs];
}
