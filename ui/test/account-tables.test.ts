import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import FillsTable from "@/components/account/FillsTable.svelte";
import PositionsTable from "@/components/account/PositionsTable.svelte";
import TradesTable from "@/components/account/TradesTable.svelte";
import { isWorking, levels, restingNote, role } from "@/components/account/words";
import WorkingOrdersTable from "@/components/account/WorkingOrdersTable.svelte";
import { sampleFills, sampleTrades, sampleWorkingOrders } from "@/dev/books";
import { NOW, order, samplePositions } from "@/dev/sample";

const time = { zone: "utc", now: NOW } as const;

test("positions show profit exactly, and are closed one by one or all at once", async () => {
  const onclose = vi.fn();
  const onflatten = vi.fn();
  const positions = samplePositions();
  render(PositionsTable, { positions, currency: "USD", ...time, onclose, onflatten });
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
  const props = { currency: "USD", ...time, onclose: vi.fn(), onflatten: vi.fn() };
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
  render(PositionsTable, { positions: [], currency: "USD", ...time, onclose: vi.fn(), onflatten: vi.fn() });
  expect(screen.getByText("No open positions")).toBeTruthy();
  expect(screen.queryByTestId("flatten")).toBeNull();
});

test("working orders say what they are for, where they act, and are cancelled", async () => {
  const oncancel = vi.fn();
  const onsignal = vi.fn();
  const orders = sampleWorkingOrders();
  render(WorkingOrdersTable, { orders, venue: "alert", ...time, oncancel, onsignal });
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

test("orders of an account priced by alerts say when they move", () => {
  expect(restingNote("alert")).toContain("only when an alert");
  expect(restingNote("binance")).toBeNull();
  render(WorkingOrdersTable, {
    orders: [],
    venue: "binance",
    ...time,
    oncancel: vi.fn(),
    onsignal: vi.fn(),
  });
  expect(screen.queryByTestId("resting-note")).toBeNull();
  expect(screen.getByText("No working orders")).toBeTruthy();
});

test("states and levels of orders", () => {
  const base = order("sig_1", "buy", "ES1!", "2026-11-20T14:00:00Z", null);
  const working = (status: string) => isWorking({ ...base, status });
  expect(["working", "triggered", "held", "partially_filled"].every(working)).toBe(true);
  expect(["filled", "cancelled", "rejected", "expired"].some(working)).toBe(false);
  expect(levels(base)).toBe("market");
  expect(levels({ ...base, type: "trailing_stop" })).toBe("trailing stop");
  expect(role({ ...base, reduce_only: true })).toBe("exit");
  expect(role(base)).toBe("entry");
});

test("of many trades only those in sight are in the page, and more are asked for near the end", () => {
  const onend = vi.fn();
  const props = { ...time, complete: false, onend };
  const { unmount } = render(TradesTable, { ...props, trades: sampleTrades(5_000) });
  const table = document.querySelector('[role="table"][aria-label="Trades"]');
  expect(table?.getAttribute("aria-rowcount")).toBe("-1");
  expect(screen.getAllByTestId("trade-row").length).toBeLessThan(60);
  expect(onend).not.toHaveBeenCalled();
  unmount();
  render(TradesTable, { ...props, trades: sampleTrades(10) });
  expect(onend).toHaveBeenCalled();
});

test("a trade without a stop has no R, and says so", () => {
  render(TradesTable, { ...time, trades: [{ ...sampleTrades(1)[0]!, r: null, mae: null, net: "-12.5" }] });
  expect(screen.getByTitle("It was opened without a stop").textContent).toBe("–");
  expect(screen.getByTitle("No price was seen while it was open").textContent).toBe("–");
  expect(screen.getByTestId("trade-net").textContent).toBe("\u221212.50");
});

test("each fill says how its price came about", () => {
  const fill = {
    ...sampleFills(1)[0]!,
    why: { reference: "96100.5", source: "alert", spread: "0.5", slippage: "1.25", rounding: "0" },
  };
  render(FillsTable, { ...time, fills: [fill], onsignal: vi.fn() });
  expect(screen.getByTestId("fill-why").textContent).toBe(
    "96,100.50 from alert, spread 0.5, slippage 1.25 against you",
  );
});
