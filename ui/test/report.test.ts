import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import {
  absence,
  type FigureName,
  FIGURES,
  figureText,
  GROUPS,
  type Report,
  TRADE_FIGURES,
  type Value,
} from "@/components/account/report";
import ReportCards from "@/components/account/ReportCards.svelte";
import { sampleReport } from "@/dev/books";

function undefinedReport(n: number, trades: number): Report {
  const nothing = Object.fromEntries(Object.keys(sampleReport()).map((key) => [key, null]));
  return {
    ...(nothing as unknown as Report),
    n,
    trades: { ...Object.fromEntries(TRADE_FIGURES.map((key) => [key, null])), trades } as Report["trades"],
    tradingview: {},
  };
}

test("figures are written by their kind", () => {
  const check = (name: FigureName, value: Value, expected: string | null) =>
    expect(figureText(name, value), name).toBe(expected);
  check("total_return", 0.0241855, "+2.42 %");
  check("max_drawdown_pct", -0.0312, "\u22123.12 %");
  check("win_rate", 0.5424, "54.2 %");
  check("sharpe", 0.954, "0.95");
  check("profit_factor", 1.62, "1.62");
  check("net_profit", "3134.8", "+3,134.80");
  check("net_profit", 3134.8, "+3,134.80");
  check("avg_loss", "95.42", "95.42");
  check("trades", 1118, "1,118");
  check("sharpe", null, null);
});

test("every figure stands in one group and has its meaning", () => {
  const grouped = GROUPS.flatMap(({ figures }) => figures);
  expect(new Set(grouped).size).toBe(grouped.length);
  expect([...grouped].sort()).toEqual(Object.keys(FIGURES).sort());
});

test("what is undefined says why", () => {
  const check = (name: FigureName, n: number, trades: number, expected: string) =>
    expect(absence(name, undefinedReport(n, trades)), name).toBe(expected);
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

test("headlines first, then all of them beside TradingView's", async () => {
  render(ReportCards, { report: sampleReport(), currency: "USD", periods: 365 });
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
  expect(row("sortino")).toEqual(["Sortino ratio", "1.38", "– no losing day"]);
  expect(row("sqn")).toEqual(["SQN", "– needs trades with a stop", "not in TradingView"]);
});

test("a figure's definition is shown while the keyboard is on it", async () => {
  render(ReportCards, { report: sampleReport(), currency: "USD", periods: 365 });
  const word = screen.getByText("Sharpe ratio");
  word.focus();
  await fireEvent.focus(word);
  const shown = await screen.findByTestId("explanation");
  expect(shown.textContent).toContain("Mean daily return over its sample deviation, annualised.");
  expect(shown.textContent).toContain("TradingView:");
});

test("a new account shows dashes with reasons", () => {
  render(ReportCards, { report: undefinedReport(0, 0), currency: "USD", periods: 252 });
  const card = screen.getByTestId("report-profit_factor").textContent.replace(/\s+/g, " ");
  expect(card).toContain("– no closed trades yet");
});
