import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import App from "@/App.svelte";
import { PageDesk, type Scene } from "@/dev/desk";
import { navigation } from "@/lib/store/navigation.svelte";

// The simulated browser has no canvas.
vi.mock("@/components/shared/chart/plot", () => {
  const plot = () => ({ show: () => undefined, end: () => undefined });
  return { equityPlot: plot, pricePlot: plot };
});

async function started(scene: Scene, preferences = {}) {
  const desk = new PageDesk(scene).install();
  desk.preferences = { time_zone: "utc", ...preferences };
  navigation.signalId = null;
  navigation.search = "";
  navigation.overlay = null;
  navigation.pane = "signals";
  render(App);
  await waitFor(() => expect(screen.getByTestId("app").dataset.link).not.toBe("connecting"));
  return desk;
}

test("rows arrive, are chosen by key and replayed by key", async () => {
  const desk = await started("full");
  await screen.findAllByTestId("signal-row");
  const fresh = desk.arrive({ symbol: "NQ1!" });
  await waitFor(() => expect(screen.getAllByTestId("signal-row")[0]?.dataset.id).toBe(fresh.id));
  await fireEvent.keyDown(window, { key: "j" });
  await fireEvent.keyDown(window, { key: "j" });
  await waitFor(() =>
    expect(document.querySelector('[aria-selected="true"]')?.getAttribute("data-id")).toBe(desk.rows[1]?.id),
  );
  await fireEvent.keyDown(window, { key: "j" });
  await waitFor(() => expect(screen.getByTestId("detail-title").textContent).toBe("sell NVDA"));
  await fireEvent.keyDown(window, { key: "r" });
  await waitFor(() => expect(desk.rows[0]?.replay_of).toBe(desk.rows[3]?.id));
});

test("letters typed into the search stay there", async () => {
  const desk = await started("full");
  await screen.findAllByTestId("signal-row");
  await fireEvent.keyDown(screen.getByTestId("search"), { key: "r" });
  await fireEvent.keyDown(screen.getByTestId("search"), { key: "j" });
  expect(navigation.signalId).toBeNull();
  expect(desk.calls.map(({ method }) => method)).not.toContain("signals.replay");
});

test("everything is paused by one key, and resumed after a question", async () => {
  const desk = await started("full");
  await fireEvent.keyDown(window, { key: ".", ctrlKey: true });
  await screen.findByTestId("paused-banner");
  expect(desk.killed).toBe(true);
  await fireEvent.keyDown(window, { key: ".", ctrlKey: true });
  await fireEvent.click(await screen.findByTestId("confirm-yes"));
  await waitFor(() => expect(desk.killed).toBe(false));
});

test("everything can be paused while a dialog is open, but not resumed", async () => {
  const desk = await started("full");
  await fireEvent.keyDown(window, { key: "?" });
  await screen.findByRole("dialog");
  await fireEvent.keyDown(window, { key: ".", ctrlKey: true });
  await screen.findByTestId("paused-banner");
  await fireEvent.keyDown(window, { key: ".", ctrlKey: true });
  expect([desk.killed, screen.queryByTestId("confirm-yes")]).toEqual([true, null]);
});

test("a disk that takes nothing is said before everything else", async () => {
  const desk = await started("full");
  desk.storageDown = { since: "2026-11-27T06:03:00Z", sentence: "The disk of the data directory is full." };
  desk.killed = true;
  await waitFor(() => expect(screen.queryByTestId("storage-banner")).toBeTruthy(), { timeout: 8_000 });
  expect(screen.getByTestId("storage-banner").textContent).toContain("since 06:03:00");
  expect(screen.getByTestId("listener").textContent).toContain("alerts are refused");
});

test("who quits with an unsaved strategy is asked", async () => {
  const desk = await started("full");
  navigation.unsaved = true;
  await fireEvent.keyDown(window, { key: "q", ctrlKey: true });
  await screen.findByText("Quit with an unsaved strategy?");
  expect(desk.calls.map(({ method }) => method)).not.toContain("quit");
  await fireEvent.click(screen.getByTestId("confirm-yes"));
  await waitFor(() => expect(desk.calls.map(({ method }) => method)).toContain("quit"));
  navigation.unsaved = false;
});

test("Ctrl+Q and the settings quit", async () => {
  const quits = (desk: PageDesk) => desk.calls.filter(({ method }) => method === "quit").length;
  const desk = await started("full");
  await fireEvent.keyDown(window, { key: "q", ctrlKey: true });
  await waitFor(() => expect(quits(desk)).toBe(1));
  await fireEvent.click(screen.getByTestId("nav-settings"));
  await fireEvent.click(await screen.findByTestId("quit"));
  await waitFor(() => expect(quits(desk)).toBe(2));
});

test("a desk that is gone is said, and read again when it is back", async () => {
  const desk = await started("offline");
  await screen.findByTestId("offline");
  desk.scene = "full";
  await fireEvent.click(screen.getByText("Try now"));
  await waitFor(() => expect(screen.queryByTestId("offline")).toBeNull());
  expect(await screen.findAllByTestId("signal-row")).not.toHaveLength(0);
});

test("the paper badge is always there", async () => {
  await started("full");
  for (const pane of ["webhooks", "account", "settings", "signals"]) {
    await fireEvent.click(screen.getByTestId(`nav-${pane}`));
    expect(screen.getByTestId("paper-badge").textContent).toBe("PAPER");
  }
});

test("the footer says whose equity it shows, where there are several accounts", async () => {
  const shown = () => screen.getByTestId("footer-equity").textContent.replace(/\s+/g, " ").trim();
  await started("empty");
  await waitFor(() => expect(shown()).toBe("equity 100,000.00 USD"));
  document.body.replaceChildren();
  await started("full");
  await waitFor(() => expect(shown()).toBe("Paper equity 102,418.55 USD"));
});

test("the theme follows the preference", async () => {
  await started("full", { theme: "light" });
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe("light"));
});
