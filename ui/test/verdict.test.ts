import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { PipelineVerdict } from "@/bindings";
import Verdict from "@/components/signal/Verdict.svelte";

const LEAF = {
  path: "when.all[0]",
  text: "rsi(close,14) < 30",
  symbol: "BTCUSDT",
  timeframe: "1h",
  candle_opened_at: "2026-11-20T09:00:00.000000Z",
};

function verdict(changed: Partial<PipelineVerdict>): PipelineVerdict {
  return {
    verdict: "confirm",
    reason_code: null,
    reason: null,
    first_failing: null,
    strategy_id: "str_a",
    strategy_name: "Dips",
    revision: 2,
    leaves: [],
    ...changed,
  };
}

const text = (element: Element) => element.textContent.replace(/\s+/g, " ").trim();

test("a denied signal shows the value that did not do", () => {
  const values = [
    { operand: "rsi(close,14)", value: 47.5, before: 45.25 },
    { operand: "30", value: 30, before: null },
  ];
  render(Verdict, { verdict: verdict({ verdict: "deny", leaves: [{ ...LEAF, passed: false, values }] }) });
  expect(text(screen.getByRole("heading"))).toBe("Strategy · denied");
  const leaf = screen.getByTestId("verdict-leaf");
  expect(leaf.dataset.passed).toBe("false");
  expect(text(leaf)).toContain("rsi(close,14) < 30 does not hold 45.25 → 47.5 BTCUSDT 1h candle of");
  expect(screen.queryByTestId("verdict-missing")).toBeNull();
});

test("a signal that failed closed says of each condition what was missing", () => {
  const missing = "Binance has 3 closed candles of 1h, and 114 are needed.";
  const values = [{ operand: "rsi(close,14)", value: null, before: null }];
  const leaves = [{ ...LEAF, candle_opened_at: null, passed: null, values, missing }];
  render(Verdict, { verdict: verdict({ verdict: "unknown", leaves }) });
  expect(text(screen.getByRole("heading"))).toBe("Strategy · not known");
  expect(text(screen.getByTestId("verdict-leaf"))).toContain("not known na");
  expect(text(screen.getByTestId("verdict-missing"))).toBe(missing);
});
