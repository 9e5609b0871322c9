import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import FillsTable from "@/components/account/FillsTable.svelte";
import PositionsTable from "@/components/account/PositionsTable.svelte";
import TradesTable from "@/components/account/TradesTable.svelte";
import { exitWords } from "@/components/account/words";
import { levels, role } from "@/lib/order";
import WorkingOrdersTable from "@/components/account/WorkingOrdersTable.svelte";
import { sampleFills, sampleTrades, sampleWorkingOrders } from "@/dev/books";
import { NOW, order, samplePositions } from "@/dev/sample";
import { feeWhy, fillWhy } from "@/lib/fill";

const time = { zone: "utc", now: NOW } as const;

test("positions show profit exactly, and are closed one by one or all at once", async () => {
  const onclose = vi.fn();
  const onflatten = vi.fn();
  const positions = samplePositions();
  render(PositionsTable, { positions, currency: "USD", ...time, onclose, onflatten, onsymbol: vi.fn() });
  expect(screen.getAllByTestId("position-unrealized").map((cell) => cell.textContent.trim())).toEqual([
    "+53.49",
    "+312.50",
    "\u221267.50",
    "+130.98",
  ]);
  // 53.4936 + 312.5 − 67.5 + 130.98 = 429.4736
  expect(screen.getByTestId("unrealized-total").textContent).toBe("+429.47 USD");
  await fireEvent.click(screen.getByLabelText("Close TSLA"));
  expect(onclose).toHaveBeenCalledWith(positions[2]);
  await fireEvent.click(screen.getByTestId("flatten"));
  expect(onflatten).toHaveBeenCalledOnce();
});

test("a position follows its price, and one without a price is left out of the sum", async () => {
  const [first, second] = samplePositions();
  const props = { currency: "USD", ...time, onclose: vi.fn(), onflatten: vi.fn(), onsymbol: vi.fn() };
  const { rerender } = render(PositionsTable, { ...props, positions: [first!, second!] });
  await rerender({
    positions: [
      { ...first!, mark: "97410", unrealized: "68.3736" },
      { ...second!, mark: null, unrealized: null },
    ],
  });
  expect(screen.getByText("97,410.00")).toBeTruthy();
  expect(screen.getByTestId("unrealized-total").textContent).toBe("+68.37 USD");
  expect(screen.getByText("without the 1 of unknown price")).toBeTruthy();
});

test("without positions the next step is told", () => {
  render(PositionsTable, {
    positions: [],
    currency: "USD",
    ...time,
    onclose: vi.fn(),
    onflatten: vi.fn(),
    onsymbol: vi.fn(),
  });
  expect(screen.getByText("No open positions")).toBeTruthy();
  expect(screen.queryByTestId("flatten")).toBeNull();
});

test("working orders say what they are for, where they act, and are cancelled", async () => {
  const oncancel = vi.fn();
  const onsignal = vi.fn();
  const orders = sampleWorkingOrders();
  render(WorkingOrdersTable, { orders, ...time, oncancel, onsignal, onsymbol: vi.fn() });
  const rows = screen.getAllByTestId("working-order-row");
  const words = (index: number) => rows[index]!.textContent.replace(/\s+/g, " ");
  expect(words(0)).toContain("entry");
  expect(words(1)).toContain("take profit");
  expect(words(1)).toContain("waits for entry");
  expect(words(2)).toContain("stop loss");
  expect(words(3)).toContain("0.2 of 0.5");
  expect(words(3)).toContain("stop 98,100.00, limit 98,150.00");
  await fireEvent.click(screen.getByLabelText("Cancel buy BTCUSDT, stop 98,100.00, limit 98,150.00"));
  expect(oncancel).toHaveBeenCalledWith(orders[3]);
  await fireEvent.click(within(rows[0]!).getByText("show"));
  expect(onsignal).toHaveBeenCalledWith("sig_w1");
});

test("orders that no market moves say so", () => {
  const props = { ...time, oncancel: vi.fn(), onsignal: vi.fn(), onsymbol: vi.fn() };
  render(WorkingOrdersTable, { ...props, orders: sampleWorkingOrders() });
  expect(screen.getByTestId("resting-note").textContent).toContain("only when an alert");
  expect(screen.getAllByTitle(/^Order 12 tp, until it is cancelled; waits for an alert$/)).toHaveLength(1);
});

test("on a market nothing is said of alerts, and nothing at all where there is no order", async () => {
  const props = { ...time, oncancel: vi.fn(), onsignal: vi.fn(), onsymbol: vi.fn() };
  const { rerender } = render(WorkingOrdersTable, { ...props, orders: sampleWorkingOrders().slice(3) });
  expect(screen.queryByTestId("resting-note")).toBeNull();
  await rerender({ orders: [] });
  expect(screen.getByText("No working orders")).toBeTruthy();
});

test("what orders are for and where they act", () => {
  const base = order("sig_1", "buy", "ES1!", "2026-11-20T14:00:00Z", null);
  expect(role(base)).toBe("entry");
  expect(role({ ...base, reduce_only: true })).toBe("exit");
  expect(role({ ...base, reduce_only: true, role: "sl" })).toBe("stop loss");
  expect(role({ ...base, reduce_only: true, role: "tp" })).toBe("take profit");
  expect(role({ ...base, reduce_only: true, role: "tp2" })).toBe("take profit 2");
  const trail = { value: "1.50", unit: "pct" };
  expect(levels(base)).toBe("market");
  expect(levels({ ...base, stop: "249.1", limit: "249" })).toBe("stop 249.10, limit 249.00");
  expect(levels({ ...base, stop: "90", trail, watermark: "91" })).toBe("stop 90.00, trails by 1.5 %");
  expect(levels({ ...base, trail: { value: "2", unit: "abs" }, activation: "95" })).toBe(
    "trails by 2.00, from 95.00",
  );
  expect(exitWords(["take_profit", "user"])).toBe("take profit, by hand");
});

test("of many trades only those in sight are in the page, and more are asked for near the end", () => {
  const onend = vi.fn();
  const props = { ...time, complete: false, onsignal: vi.fn(), onsymbol: vi.fn(), onend };
  const { unmount } = render(TradesTable, { ...props, trades: sampleTrades(5_000) });
  const table = document.querySelector('[role="table"][aria-label="Trades"]');
  expect(table?.getAttribute("aria-rowcount")).toBe("-1");
  expect(screen.getAllByTestId("trade-row").length).toBeLessThan(60);
  expect(onend).not.toHaveBeenCalled();
  unmount();
  render(TradesTable, { ...props, trades: sampleTrades(10) });
  expect(onend).toHaveBeenCalled();
});

test("a trade says what it brought and what ended it; without a stop it has no R", async () => {
  const onsignal = vi.fn();
  const onsymbol = vi.fn();
  const trade = { ...sampleTrades(4)[3]!, r: null, net: "-12.5" };
  render(TradesTable, { ...time, trades: [trade], onsignal, onsymbol });
  expect(screen.getByTitle("It was entered without a stop").textContent).toBe("–");
  expect(screen.getByTestId("trade-net").textContent).toBe("\u221212.50");
  expect(screen.getByText("take profit, by hand")).toBeTruthy();
  await fireEvent.click(screen.getByText("show"));
  expect(onsignal).toHaveBeenCalledWith("sig_t3");
  await fireEvent.click(screen.getByTestId("symbol-prices"));
  expect(onsymbol).toHaveBeenCalledWith(trade.symbol);
});

test("each fill says how its price and its fee came about", () => {
  const fill = sampleFills(1)[0]!;
  const why = { ...fill.why, reference: "96100.5", spread: "0.5", slippage: "1.25", notional: "96.1005" };
  expect(fillWhy({ ...fill, why })).toBe("96,100.50 from alert, spread 0.5, slippage 1.25 against you");
  expect(fillWhy({ ...fill, why: { ...why, spread: "0", cap: "0.75" } })).toBe(
    "96,100.50 from alert, slippage 1.25 against you, held at its limit, 0.75 back",
  );
  expect(feeWhy({ ...fill, why })).toBe("5 bps of 96.1005");
  expect(feeWhy({ ...fill, why: { ...why, fee_minimum: "1" } })).toBe("5 bps of 96.1005, at least 1.00");
  render(FillsTable, { ...time, fills: [{ ...fill, why }], onsignal: vi.fn(), onsymbol: vi.fn() });
  expect(screen.getByTestId("fill-why").textContent).toBe(fillWhy({ ...fill, why }));
});
