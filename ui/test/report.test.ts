import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Analytics } from "@/bindings";
import {
  definitionOf,
  type FigureName,
  figureText,
  GROUPS,
  shown,
  type Value,
} from "@/components/account/report";
import ReportCards from "@/components/account/ReportCards.svelte";
import { sampleReport } from "@/dev/books";
import { DEFINITIONS } from "@/dev/definitions";

/** Everything undefined that may be, after so many daily returns and closed trades. */
function undefinedReport(n: number, trades: number): Analytics {
  const emptied = (object: object) => Object.fromEntries(Object.keys(object).map((key) => [key, null]));
  const full = sampleReport();
  return {
    ...(emptied(full) as unknown as Analytics),
    n,
    periods_per_year: 252,
    trades: { ...(emptied(full.trades!) as unknown as NonNullable<Analytics["trades"]>), trades },
    tradingview: full.tradingview,
    notes: [],
  };
}

test("figures are written by their unit", () => {
  const check = (
    group: "trades" | "tradingview" | null,
    name: string,
    value: Value,
    expected: string | null,
  ) => expect(figureText(definitionOf(DEFINITIONS, name, group), value), name).toBe(expected);
  check(null, "total_return", 0.0241855, "+2.42 %");
  check(null, "max_drawdown_pct", -0.0312, "\u22123.12 %");
  check(null, "sharpe", 0.954, "0.95");
  check(null, "longest_underwater_periods", 1, "1 day");
  check(null, "sharpe", null, null);
  check("trades", "win_rate", 0.5424, "54.24 %");
  check("trades", "net_profit", "3134.8", "+3,134.80");
  check("trades", "avg_trade", -26.5, "\u221226.50");
  check("trades", "avg_loss", 95.42, "95.42");
  check("trades", "trades", 1118, "1,118");
  check("tradingview", "percent_profitable", 54.24, "54.24 %");
  check("tradingview", "period", "month", "month");
});

test("every figure stands in one group and is defined", () => {
  const grouped = GROUPS.flatMap(({ figures }) => figures);
  expect(new Set(grouped).size).toBe(grouped.length);
  const defined = DEFINITIONS.filter(({ group, field }) => group !== "tradingview" && field !== "n");
  expect([...grouped].sort()).toEqual(defined.map(({ field }) => field).sort());
});

test("what is undefined says why", () => {
  const check = (name: FigureName, n: number, trades: number, expected: string) =>
    expect(shown(undefinedReport(n, trades), DEFINITIONS, name).reason, name).toBe(expected);
  check("sharpe", 1, 0, "needs 2 daily returns, has 1");
  check("sharpe", 9, 0, "equity did not move");
  check("sortino", 9, 3, "no losing day");
  check("calmar", 9, 3, "no drawdown yet");
  check("profit_factor", 9, 0, "no closed trades yet");
  check("profit_factor", 0, 3, "no losing trade");
  check("avg_win", 0, 3, "no winning trade");
  check("kelly", 0, 3, "needs wins and losses");
  check("expectancy_r", 0, 3, "needs trades with a stop");
  check("avg_mae", 0, 3, "no price was seen meanwhile");
});

const props = { definitions: DEFINITIONS, currency: "USD" };

test("headlines first, then all of them beside TradingView's", async () => {
  render(ReportCards, { ...props, report: sampleReport() });
  const card = (name: string) => screen.getByTestId(`report-${name}`).textContent.replace(/\s+/g, " ");
  expect(card("max_drawdown_pct")).toContain("3,180.42 USD · 14 days under water");
  expect(card("sharpe")).toContain("365 d · TradingView 0.41");
  expect(screen.queryByTestId("figure-sharpe")).toBeNull();
  await fireEvent.click(screen.getByTestId("report-all"));
  const row = (name: string) =>
    [...screen.getByTestId(`figure-${name}`).children].map((cell) =>
      cell.textContent.replace(/\s+/g, " ").trim(),
    );
  expect(row("sharpe")).toEqual(["Sharpe ratio", "0.95", "0.41"]);
  expect(row("sortino")).toEqual(["Sortino ratio", "1.38", "– needs 3 months, or 3 days, of returns"]);
  expect(row("win_rate")).toEqual(["Win rate", "54.24 %", "54.24 %"]);
  expect(row("sqn")).toEqual(["System quality number", "– needs trades with a stop", "not in TradingView"]);
  expect(screen.getByText(/need trades that were opened with a stop/)).toBeTruthy();
});

test("a figure's definition is shown while the keyboard is on it", async () => {
  render(ReportCards, { ...props, report: sampleReport() });
  const word = screen.getByText("Sharpe ratio");
  word.focus();
  await fireEvent.focus(word);
  const meaning = await screen.findByTestId("explanation");
  expect(meaning.textContent).toContain("Mean of (r - rf) / standard deviation");
  expect(meaning.textContent).toContain("TradingView: (Mean return - rf)");
});

test("a new account shows dashes with reasons, with or without trades to count", () => {
  const report = undefinedReport(0, 0);
  const { unmount } = render(ReportCards, { ...props, report });
  const card = () => screen.getByTestId("report-profit_factor").textContent.replace(/\s+/g, " ");
  expect(card()).toContain("– no closed trades yet");
  unmount();
  render(ReportCards, { ...props, report: { ...report, trades: null } });
  expect(card()).toContain("– no closed trades yet");
});
