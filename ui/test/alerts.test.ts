import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { toast } from "svelte-sonner";
import { beforeEach, expect, test, vi } from "vitest";
import DropZone from "@/components/alert/DropZone.svelte";
import PasteDialog from "@/components/alert/PasteDialog.svelte";
import TemplateDialog from "@/components/alert/TemplateDialog.svelte";
import { canonicalWords } from "@/components/alert/words";
import { samplePasted } from "@/dev/alerts";
import { PageDesk, refusal } from "@/dev/desk";
import { sampleRows, sampleWebhooks } from "@/dev/sample";
import { webhooks } from "@/lib/store/webhooks.svelte";

let desk: PageDesk;
const nothing = () => undefined;

beforeEach(async () => {
  desk = new PageDesk("full").install();
  await webhooks.load();
});

async function paste(body: string) {
  render(PasteDialog, { onclose: nothing });
  await fireEvent.input(await screen.findByTestId("paste-body"), { target: { value: body } });
}

test("a message is named, and what it would do is said", async () => {
  await paste('{"action": "buy", "ticker": "BTCUSDT",}');
  expect((await screen.findByTestId("paste-dialect")).textContent).toContain("TradersPost");
  expect(screen.getByTestId("paste-repairs").textContent).toContain(
    "A comma after the last field was removed.",
  );
  const signal = screen.getByTestId("paste-signals").textContent.replace(/\s+/g, " ");
  expect(signal).toContain("Open long BTCUSDT, 0.5, limit 97,000.00, with a stop loss, with 2 take profits");
  expect(signal).toContain("Executed");
  expect(desk.calls.filter(({ method }) => method === "messages.paste").at(-1)?.params).toMatchObject({
    webhook_id: "wh_7k2mq4d5sa2b",
  });
});

test("what a format leaves open is settled with one choice", async () => {
  await paste("60123,buy,EURUSD,risk=1");
  const missing = await screen.findByTestId("paste-missing");
  await fireEvent.change(missing.querySelector("select")!, { target: { value: "pct" } });
  await waitFor(() =>
    expect(desk.calls.find(({ method }) => method === "webhooks.edit")?.params).toEqual({
      id: "wh_7k2mq4d5sa2b",
      units: { "unit.risk": "pct" },
    }),
  );
});

test("what cannot be read is said with its place", async () => {
  await paste('{"action": "sell" "x"}');
  const error = (await screen.findByTestId("paste-error")).textContent.replace(/\s+/g, " ");
  expect(error).toContain("MALFORMED_JSON line 1, column 18");
});

test("without a webhook it is read only", async () => {
  await paste('{"action": "buy"}');
  await fireEvent.change(await screen.findByTestId("paste-webhook"), { target: { value: "" } });
  await waitFor(() => expect(screen.getByTestId("paste-signals").textContent).not.toContain("Executed"));
});

test("what is dropped is handed over", async () => {
  const dropped: string[] = [];
  render(DropZone, { ondrop: (text: string) => dropped.push(text) });
  const zone = screen.getByTestId("drop-zone");
  await fireEvent.drop(zone, { dataTransfer: { getData: () => "buy btc", files: [] } });
  await fireEvent.drop(zone, { dataTransfer: { getData: () => "", files: [new File(["close"], "a.txt")] } });
  await waitFor(() => expect(dropped).toEqual(["buy btc", "close"]));
  const warned = vi.spyOn(toast, "warning");
  const large = new File(["x".repeat(262_145)], "large.txt");
  await fireEvent.drop(zone, { dataTransfer: { getData: () => "", files: [large] } });
  await fireEvent.drop(zone, { dataTransfer: { getData: () => "", files: [] } });
  expect(warned.mock.calls.map(([, options]) => options?.description)).toEqual([
    "The file is over 256 KiB; no alert is that long.",
    "What was dropped is neither text nor a file.",
  ]);
  expect(dropped).toHaveLength(2);
  await fireEvent.click(zone);
  expect(dropped.at(-1)).toBe("");
});

test("the message for an alert follows kind and format, and is copied whole", async () => {
  desk.answers["webhooks.template"] = ({ kind, dialect }) => {
    if (dialect === "chartink") throw refusal("UNSUPPORTED", "Chartink sends its own messages.");
    return { dialect: dialect ?? "vantixs", message: `{"kind": "${kind ?? ""}"}` };
  };
  render(TemplateDialog, { webhook: sampleWebhooks()[0]!, onclose: nothing });
  await fireEvent.click(await screen.findByTestId("template-kind-indicator"));
  await waitFor(() => expect(screen.getByTestId("payload").textContent).toContain("indicator"));
  await fireEvent.click(screen.getByTestId("copy-template"));
  await waitFor(() => expect(desk.clipboard).toEqual({ text: '{"kind": "indicator"}', secret: false }));
  await fireEvent.change(screen.getByTestId("template-dialect"), { target: { value: "chartink" } });
  expect((await screen.findByTestId("template-problem")).textContent).toBe(
    "Chartink sends its own messages.",
  );
});

test("signals are said in words", () => {
  const signal = samplePasted({ body: "buy" }, sampleRows(sampleWebhooks(), 1)[0]!).signals[0]!;
  const order = { ...signal.order, type: "market", limit: null };
  const plain = { ...signal, order, take_profit: [], stop_loss: null, price: null, size: null };
  const check = (part: Partial<typeof signal>, expected: string) =>
    expect(canonicalWords({ ...plain, ...part })).toBe(expected);
  check({}, "Open long BTCUSDT");
  check({ intent: "close", side: null }, "Close BTCUSDT");
  check(
    { intent: "reduce", size: { value: "50", unit: "pct_position" } },
    "Reduce long BTCUSDT, 50 % of the position",
  );
  check({ intent: "target", side: null, target_position: "-2" }, "Go to the position BTCUSDT, position −2");
  check({ intent: "of_tomorrow", size: { value: "1", unit: "moons" } }, "of_tomorrow long BTCUSDT, 1 moons");
  check({ order: { ...order, type: "stop_limit", stop: "5" } }, "Open long BTCUSDT, stop 5.00");
});
