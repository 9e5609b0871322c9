// The figures of a report: what each looks like, what TradingView calls it, and why one may be missing. What they mean
// is said by Rust.
import type { Analytics, FigureDefinition, TradeAnalytics, TradingViewAnalytics } from "@/bindings";
import { count, money, percent, ratio, signedMoney } from "@/lib/decimal";

/** A decimal as text, a statistic as number; null where it is undefined. */
export type Value = string | number | null;

/** Where a figure stands: at the top, or under `trades`. */
export type FigureName =
  | Exclude<keyof Analytics, "n" | "periods_per_year" | "risk_free" | "trades" | "tradingview" | "notes">
  | keyof TradeAnalytics;

type Need = "losses" | "wins" | "both" | "stops" | "marks" | "variation" | "losing days" | "drawdown";

/** What a figure needs to be defined; others are as soon as there is a trade, or a return. */
const NEEDS: Partial<Record<FigureName, Need>> = {
  volatility: "variation",
  sharpe: "variation",
  sortino: "losing days",
  calmar: "drawdown",
  profit_factor: "losses",
  avg_win: "wins",
  avg_loss: "losses",
  payoff_ratio: "both",
  expectancy_r: "stops",
  largest_win: "wins",
  largest_loss: "losses",
  kelly: "both",
  sqn: "stops",
  avg_mae: "marks",
  avg_mfe: "marks",
};

/** TradingView's name for the same figure. */
const THEIRS: Partial<Record<FigureName, keyof TradingViewAnalytics>> = {
  sharpe: "sharpe",
  sortino: "sortino",
  max_drawdown_abs: "max_drawdown",
  net_profit: "net_profit",
  profit_factor: "profit_factor",
  win_rate: "percent_profitable",
};

/** Figures that are written with a plus sign above zero. */
const SIGNED = new Set<string>([
  "total_return",
  "cagr",
  "kelly",
  "net_profit",
  "avg_trade",
  "expectancy",
  "avg_mae",
  "avg_mfe",
]);

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

export function definitionOf(
  definitions: readonly FigureDefinition[],
  name: string,
  group: "trades" | "tradingview" | null,
): FigureDefinition {
  const found = definitions.find((one) => one.field === name && one.group === group);
  return found ?? { group, field: name, name, unit: "ratio", meaning: "" };
}

/** A figure with its definition, its value, and TradingView's where it has one. */
export interface Shown {
  name: FigureName;
  definition: FigureDefinition;
  value: Value;
  /** Why the value is undefined. */
  reason: string;
  theirs: { definition: FigureDefinition; value: Value } | null;
}

export function shown(report: Analytics, definitions: readonly FigureDefinition[], name: FigureName): Shown {
  // How many trades there are has the name of the group of figures about trades.
  const ofTrades = name === "trades" || !(name in report);
  const value = ofTrades
    ? (report.trades?.[name as keyof TradeAnalytics] ?? null)
    : report[name as Exclude<FigureName, keyof TradeAnalytics>];
  const their = THEIRS[name];
  return {
    name,
    definition: definitionOf(definitions, name, ofTrades ? "trades" : null),
    value,
    reason: absence(report, name, ofTrades),
    theirs: their
      ? { definition: definitionOf(definitions, their, "tradingview"), value: report.tradingview[their] }
      : null,
  };
}

/** A figure as text; null when it is undefined. */
export function figureText({ field, unit }: FigureDefinition, value: Value): string | null {
  if (value === null) return null;
  const signed = SIGNED.has(field);
  const bare = (text: string) => (signed ? text : text.replace("+", ""));
  const amount = typeof value === "number" ? value.toFixed(2) : value;
  switch (unit) {
    case "fraction":
      return bare(percent(Number(value)));
    case "percent":
      return bare(percent(Number(value) / 100));
    case "money":
      return signed ? signedMoney(amount) : money(amount);
    case "count":
      return count(Number(value));
    case "periods":
      return `${count(Number(value))} ${Number(value) === 1 ? "day" : "days"}`;
    case "ratio":
      return ratio(Number(value));
    default:
      return String(value);
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

function absence(report: Analytics, name: FigureName, ofTrades: boolean): string {
  if (ofTrades && (report.trades?.trades ?? 0) === 0) return "no closed trades yet";
  if (!ofTrades && report.n < 2) return `needs 2 daily returns, has ${report.n}`;
  const need = NEEDS[name];
  return need === undefined ? "not defined yet" : LACKS[need];
}
