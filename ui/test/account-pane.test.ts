import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import App from "@/App.svelte";
import { sampleTrades } from "@/dev/books";
import { PageDesk, refusal, type Scene } from "@/dev/desk";
import { accounts } from "@/lib/store/accounts.svelte";
// The window reads its views when they are shown: here, before the clock of a test runs.
import "@/views/Account.svelte";

// The simulated browser has no canvas.
vi.mock("@/components/shared/chart/plot", () => {
  const plot = () => ({ show: () => undefined, end: () => undefined });
  return { equityPlot: plot, pricePlot: plot };
});

async function pane(scene: Scene) {
  const desk = new PageDesk(scene).install();
  desk.preferences = { time_zone: "utc", pane: "account" };
  render(App);
  await fireEvent.click(await screen.findByTestId("nav-account"));
  return desk;
}

test("an order is cancelled after a question", async () => {
  const desk = await pane("full");
  await fireEvent.click(await screen.findByTestId("account-tab-orders"));
  await fireEvent.click((await screen.findAllByTestId("cancel-order"))[0]!);
  await fireEvent.click(await screen.findByTestId("confirm-yes"));
  await waitFor(() =>
    expect(desk.calls.find(({ method }) => method === "orders.cancel")?.params).toEqual({ id: "ord_w1" }),
  );
});

test("every table, the report and the symbols are there", async () => {
  await pane("full");
  for (const [tab, row, size] of [
    ["account-tab-trades", "trade-row", 1],
    ["account-tab-fills", "fill-row", 1],
    ["account-tab-history", "order-row", 1],
    ["account-tab-positions", "position-row", 4],
    ["account-part-report", "report-sharpe", 1],
    ["account-part-symbols", "instrument-row", 4],
  ] as const) {
    await fireEvent.click(await screen.findByTestId(tab));
    expect((await screen.findAllByTestId(row)).length).toBeGreaterThanOrEqual(size);
  }
  await fireEvent.click(screen.getByTestId("account-part-report"));
  expect((await screen.findByTestId("report-win_rate")).textContent).toContain("118 trades");
  await fireEvent.click(screen.getByTestId("account-part-symbols"));
  await fireEvent.click((await screen.findAllByTestId("show-prices"))[2]!);
  await screen.findByLabelText("Prices of ETHUSDT");
  await fireEvent.click(screen.getAllByTestId("edit-instrument")[1]!);
  await screen.findByTestId("instrument-editor");
});

test("a report that cannot be computed says why, and is asked for again", async () => {
  const desk = await pane("full");
  desk.answers.report = () => {
    throw refusal("INVALID_FIELD", "periods is 365 or 252.");
  };
  await fireEvent.click(await screen.findByTestId("account-part-report"));
  await screen.findByText("The report could not be read");
  delete desk.answers.report;
  await fireEvent.click(screen.getByText("Try again"));
  await screen.findByTestId("report-sharpe");
});

test("the newest trade is on top after the books changed", async () => {
  const desk = await pane("full");
  await fireEvent.click(await screen.findByTestId("account-tab-trades"));
  await screen.findAllByTestId("trade-row");
  const fresh = { ...sampleTrades(1)[0]!, id: "trd_fresh", symbol: "NQ1!" };
  desk.answers["trades.list"] = () => ({ trades: [fresh, ...sampleTrades()], next: null });
  desk.push({ account: true });
  await waitFor(() => expect(screen.getAllByTestId("trade-row")[0]?.dataset.key).toBe("trd_fresh"));
});

test("an account is put away by its name, and another one is shown", async () => {
  const desk = await pane("full");
  await fireEvent.keyDown(await screen.findByTestId("account-menu"), { key: "Enter" });
  const name = accounts.current!.name;
  await fireEvent.click(await screen.findByTestId("archive-account"));
  await fireEvent.input(await screen.findByTestId("confirm-name"), { target: { value: name } });
  const [first, other] = accounts.list;
  await fireEvent.click(screen.getByTestId("confirm-yes"));
  await waitFor(() => expect(accounts.current?.id).toBe(other!.id));
  const sent = desk.calls.find(({ method }) => method === "accounts.archive");
  expect(sent?.params).toEqual({ account_id: first!.id });
});
