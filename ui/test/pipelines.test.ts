import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test } from "vitest";
import { outcomesOf } from "@/components/pipeline/verdict";
import { editing } from "@/components/pipeline/open.svelte";
import { leavesOf } from "@/components/pipeline/tree";
import { PageDesk, refusal } from "@/dev/desk";
import { sampleStrategy, sampleVerdict } from "@/dev/strategies";
import { navigation } from "@/lib/store/navigation.svelte";
import { strategies } from "@/lib/store/strategies.svelte";
import { webhooks } from "@/lib/store/webhooks.svelte";
import Pipelines from "@/views/Pipelines.svelte";

let desk: PageDesk;

beforeEach(async () => {
  editing.open = null;
  desk = new PageDesk("full").install();
  await Promise.all([strategies.load(), webhooks.load()]);
});

/** Opens the first strategy as a list: the picture needs a browser that lays things out. */
async function opened() {
  render(Pipelines);
  await fireEvent.click((await screen.findAllByTestId("strategy-open"))[0]!);
  await fireEvent.click(screen.getByTestId("strategy-view-list"));
}

test("a strategy is edited as a form, checked, and saved as a new version", async () => {
  await opened();
  const save = screen.getByTestId<HTMLButtonElement>("strategy-save");
  expect(save.disabled).toBe(true);
  const left = screen.getAllByTestId("leaf-left")[0]!;
  await fireEvent.input(left, { target: { value: "ema(clsoe,50)" } });
  expect(screen.getByText("1 thing is wrong")).toBeTruthy();
  expect(left.getAttribute("aria-invalid")).toBe("true");
  await fireEvent.click(save);
  expect(desk.calls.map(({ method }) => method)).not.toContain("strategies.edit");

  await fireEvent.input(left, { target: { value: "ema(close,50)" } });
  await fireEvent.click(save);
  await waitFor(() => expect(save.textContent).toBe("Saved"));
  const sent = desk.calls.find(({ method }) => method === "strategies.edit")!.params as {
    id: string;
    file: string;
  };
  expect(sent.id).toBe("str_trend");
  const file = JSON.parse(sent.file) as { when: { all: { left: string }[] } };
  expect(file.when.all[0]!.left).toBe("ema(close,50)");
});

test("a strategy stays open while another pane is shown", async () => {
  const { unmount } = render(Pipelines);
  await fireEvent.click((await screen.findAllByTestId("strategy-open"))[0]!);
  await fireEvent.click(screen.getByTestId("strategy-view-list"));
  const left = () => screen.getAllByTestId<HTMLInputElement>("leaf-left")[0]!;
  await fireEvent.input(left(), { target: { value: "ema(close,51)" } });
  expect(navigation.unsaved).toBe(true);
  unmount();
  expect(navigation.unsaved).toBe(true);
  render(Pipelines);
  await fireEvent.click(await screen.findByTestId("strategy-view-list"));
  expect(left().value).toBe("ema(close,51)");
  // Nor does a link to another one take its place.
  navigation.strategyId = "str_none";
  editing.open = { ...editing.open!, id: "str_other" };
  navigation.strategyId = "str_trend";
  await waitFor(() => expect(navigation.strategyId).toBeNull());
  expect(editing.open.id).toBe("str_other");
});

test("what Rust refuses is shown, and nothing is lost", async () => {
  desk.answers["strategies.edit"] = () => {
    throw refusal("INVALID_STRATEGY", "when.all[0]: 6,000 candles are needed; at most 5,000 are fetched.");
  };
  await opened();
  await fireEvent.click(screen.getAllByTestId("node-negate")[1]!);
  await fireEvent.click(screen.getByTestId("strategy-save"));
  expect((await screen.findByTestId("strategy-refused")).textContent).toContain("at most 5,000");
  await fireEvent.click(screen.getByTestId("undo"));
  expect(screen.getByTestId<HTMLButtonElement>("redo").disabled).toBe(false);
});

test("changes are not left without a question", async () => {
  await opened();
  await fireEvent.click(screen.getAllByTestId("list-add")[0]!);
  await fireEvent.click(screen.getByTestId("strategy-back"));
  await fireEvent.click(await screen.findByText("Stay"));
  expect(screen.getByTestId("strategy-editor")).toBeTruthy();
  await fireEvent.click(screen.getByTestId("strategy-back"));
  await fireEvent.click(await screen.findByTestId("confirm-yes"));
  expect(await screen.findAllByTestId("strategy-row")).toHaveLength(2);
});

test("asked about a signal, every condition shows whether it held", async () => {
  await opened();
  await fireEvent.click(screen.getByTestId("strategy-side-try"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("trial-ask").disabled).toBe(false));
  await fireEvent.click(screen.getByTestId("trial-ask"));
  expect((await screen.findByTestId("trial-verdict")).textContent).toContain("would be rejected");
  const results = screen.getByTestId("strategy-list").querySelectorAll("[data-result]");
  expect([...results].map((mark) => (mark as HTMLElement).dataset.result)).toContain("fail");
  // An edit makes the answer old.
  await fireEvent.input(screen.getAllByTestId("leaf-left")[0]!, { target: { value: "close" } });
  await fireEvent.input(screen.getAllByTestId("leaf-right")[0]!, { target: { value: "5" } });
  await waitFor(() => expect(screen.queryByTestId("trial-verdict")).toBeNull());
});

test("asked about a history, it is counted what would have passed", async () => {
  await opened();
  await fireEvent.click(screen.getByTestId("strategy-side-try"));
  await fireEvent.click(await screen.findByTestId("trial-kind-history"));
  await fireEvent.click(screen.getByTestId("trial-ask"));
  const found = (await screen.findByTestId("trial-history")).textContent.replace(/\s+/g, " ");
  expect(found).toContain("Of 412 signals in 38 ms");
  expect(found).toContain("would have passed 138");
  await fireEvent.click(screen.getAllByTestId("trial-row")[0]!);
  expect(await screen.findByTestId("trial-verdict")).toBeTruthy();
});

test("an import says every fault with its place", async () => {
  render(Pipelines);
  await fireEvent.click(await screen.findByTestId("import-strategy"));
  const text = await screen.findByTestId("import-text");
  await fireEvent.input(text, { target: { value: '{"name":"x","format":1,"whne":{}}' } });
  await fireEvent.click(screen.getByTestId("import-go"));
  expect((await screen.findByTestId("import-faults")).textContent).toContain("whne");
  expect(desk.calls.map(({ method }) => method)).not.toContain("strategies.add");
});

test("strategies are enabled, disabled and deleted by name", async () => {
  render(Pipelines);
  await fireEvent.click((await screen.findAllByTestId("strategy-enabled"))[1]!);
  await waitFor(() => expect(strategies.byId("str_rsi")?.enabled).toBe(true));
  await fireEvent.click(screen.getAllByTestId("strategy-delete")[1]!);
  await fireEvent.input(await screen.findByTestId("confirm-name"), { target: { value: "RSI filter" } });
  await fireEvent.click(screen.getByTestId("confirm-yes"));
  await waitFor(() => expect(strategies.list.map(({ id }) => id)).toEqual(["str_trend"]));
});

test("a verdict is brought to its conditions by their places", () => {
  const root = sampleStrategy().when;
  const outcomes = outcomesOf(root, sampleVerdict(root), "utc", 0);
  const of = (index: number) => outcomes.get(leavesOf(root)[index]!.id)!;
  expect([of(0).result, of(0).values]).toEqual(["pass", "67.3125 > 40"]);
  expect([of(1).result, of(1).values]).toEqual(["fail", "68.3125, 40 to 60"]);
  expect(of(2).values).toBe("66.1 → 69.3125");
  expect(outcomes.get(root.id)?.result).toBe("fail");
});
