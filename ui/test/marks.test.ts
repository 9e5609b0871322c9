import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import App from "@/App.svelte";
import { Marks, MARKS_MAX } from "@/components/signal/marks.svelte";
import { PageDesk } from "@/dev/desk";
import { sampleRows, sampleWebhooks } from "@/dev/sample";
import { navigation } from "@/lib/store/navigation.svelte";

// The simulated browser has no canvas.
vi.mock("@/components/shared/chart/plot", () => {
  const plot = () => ({ show: () => undefined, end: () => undefined });
  return { equityPlot: plot, pricePlot: plot };
});

let desk: PageDesk;
const key = (name: string) => fireEvent.keyDown(window, { key: name });
const row = (index: number) => screen.getAllByTestId("signal-row")[index]!;
const marked = () =>
  screen
    .getAllByTestId("signal-row")
    .filter((one) => one.dataset.marked !== undefined)
    .map((one) => one.dataset.id);
const replays = () => desk.calls.filter(({ method }) => method === "signals.replay");

beforeEach(async () => {
  desk = new PageDesk("full").install();
  desk.preferences = { time_zone: "utc" };
  navigation.signalId = null;
  navigation.search = "";
  navigation.pane = "signals";
  render(App);
  await screen.findAllByTestId("signal-row");
});

test("marked signals are replayed together, the oldest first, after a question", async () => {
  await key("j");
  await key("j");
  await key("x");
  await key("j");
  await key("x");
  const [newer, older] = [desk.rows[1]!, desk.rows[2]!];
  expect(marked()).toEqual([newer.id, older.id]);
  await key("R");
  const question = (await screen.findByTestId("confirm")).textContent.replace(/\s+/g, " ");
  const executed = [newer, older].filter(({ status }) => status === "executed").length;
  expect(executed).toBeGreaterThan(0);
  expect(question).toContain(`${executed} of them`);
  expect(replays()).toEqual([]);
  await fireEvent.click(screen.getByTestId("confirm-yes"));
  await waitFor(() => expect(replays()).toHaveLength(1));
  expect(replays()[0]?.params).toEqual({ ids: [older.id, newer.id] });
  await waitFor(() => expect(screen.queryByTestId("marked")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("signal-list")));
});

test("Shift marks a stretch, Ctrl one more, and Escape unmarks", async () => {
  await fireEvent.click(row(1));
  await fireEvent.click(row(3), { shiftKey: true });
  expect(marked()).toEqual(desk.rows.slice(1, 4).map(({ id }) => id));
  await fireEvent.click(row(2), { ctrlKey: true });
  await fireEvent.click(row(5), { ctrlKey: true });
  expect(marked()).toEqual([1, 3, 5].map((index) => desk.rows[index]!.id));
  // What is read stays what it was.
  expect(navigation.signalId).toBe(desk.rows[1]!.id);
  await key("Escape");
  expect(marked()).toEqual([]);
  expect(navigation.signalId).toBe(desk.rows[1]!.id);
  await key("Escape");
  expect(navigation.signalId).toBeNull();
});

test("what cannot be replayed is left out", () => {
  const rows = sampleRows(sampleWebhooks(), 40);
  const waiting = { ...rows[0]!, id: "sig_waiting", status: "received" };
  const foreign = { ...rows[1]!, id: "sig_foreign", replayable: false };
  const able = { ...rows[2]!, id: "sig_able", replayable: true, status: "rejected" };
  const marks = new Marks();
  expect(marks.add([waiting, foreign, able])).toBe(true);
  expect([marks.size, marks.replayable().map(({ id }) => id)]).toEqual([3, ["sig_able"]]);
  // Of one message they go in its order, wherever they stand in the list.
  const legs = [2, 0, 1].map((leg) => ({ ...able, id: `sig_leg${leg}`, received_at: able.received_at, leg }));
  const body = new Marks();
  body.add(legs);
  expect(body.replayable().map(({ leg }) => leg)).toEqual([0, 1, 2]);
  marks.refresh([{ ...waiting, status: "executed", replayable: true }]);
  expect(marks.replayable()).toHaveLength(2);
  const many = Array.from({ length: MARKS_MAX }, (_, index) => ({ ...able, id: `sig_${index}` }));
  expect(marks.add(many)).toBe(false);
  expect(marks.size).toBe(MARKS_MAX);
  expect(marks.toggle({ ...able, id: "sig_further" })).toBe(false);
  expect(marks.toggle(able)).toBe(true);
  expect(marks.size).toBe(MARKS_MAX - 1);
});

test("what the search leaves is exported, whole", async () => {
  navigation.search = "status:rejected btc";
  await fireEvent.click(screen.getByTestId("history-menu"));
  await fireEvent.click(await screen.findByTestId("export-csv"));
  await waitFor(() =>
    expect(desk.calls.find(({ method }) => method === "signals.export")?.params).toEqual({
      query: { status: ["rejected"], query: "btc" },
      format: "csv",
    }),
  );
});
