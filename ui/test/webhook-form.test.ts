import { expect, test } from "vitest";
import {
  emptyForm,
  formOf,
  newWebhook,
  patchOf,
  problemsOf,
  type WebhookForm,
} from "@/components/webhook/form";
import { sampleWebhooks } from "@/dev/sample";

const form = (over: Partial<WebhookForm> = {}): WebhookForm => ({
  ...emptyForm("acc_paper"),
  name: "ES long",
  ...over,
});

test("every field is judged where it stands", () => {
  const check = (over: Partial<WebhookForm>, expected: string[]) =>
    expect(Object.keys(problemsOf(form(over))), JSON.stringify(over)).toEqual(expected);
  check({}, []);
  check({ name: "  " }, ["name"]);
  check({ name: "x".repeat(80) }, []);
  check({ name: "x".repeat(81) }, ["name"]);
  check({ description: "x".repeat(501) }, ["description"]);
  check({ sizingKind: "fixed", sizingValue: "0.5" }, []);
  check({ sizingKind: "fixed", sizingValue: "" }, ["sizing"]);
  check({ sizingKind: "fixed", sizingValue: "-1" }, ["sizing"]);
  check({ sizingKind: "pct-balance", sizingValue: "100" }, []);
  check({ sizingKind: "pct-equity", sizingValue: "100.1" }, ["sizing"]);
  check({ sizingKind: "message", sizingValue: "nonsense" }, []);
  check({ symbol: "btcusdt.p" }, []);
  check({ symbol: "<b>" }, ["symbol"]);
  check({ allowIps: "tradingview" }, []);
  check({ allowIps: "10.0.0.0/8\n::1, 192.168.0.1" }, []);
  check({ allowIps: "10.0.0.0/8 localhost" }, ["allow_ips"]);
  check({ rate: "off" }, []);
  check({ rate: "30/min" }, []);
  check({ rate: "30 per minute" }, ["rate"]);
  check({ dedupeMs: "1.5" }, ["dedupe_ms"]);
  check({ dedupeMs: "0" }, []);
});

test("a new webhook leaves out what was left empty", () => {
  expect(newWebhook(form())).toEqual({
    name: "ES long",
    description: "",
    account_id: "acc_paper",
    mode: "direct",
    sell_mode: "directional",
    allow_ips: [],
    rate: "30/min,10/s",
    dedupe_ms: 1000,
  });
  expect(
    newWebhook(
      form({ sizingKind: "pct-balance", sizingValue: " 5 ", symbol: "btcusdt", expiry: "2026-12-31" }),
    ),
  ).toMatchObject({ sizing: "pct-balance:5", symbol: "BTCUSDT", token_expires_at: "2026-12-31T23:59:59Z" });
});

test("a change clears with an empty text, and moves the expiry only when it is touched", () => {
  const webhook = sampleWebhooks()[1]!;
  const before = formOf(webhook);
  expect(patchOf(webhook.id, { ...before, symbol: "", sizingKind: "message" }, before)).toMatchObject({
    id: webhook.id,
    symbol: "",
    sizing: "",
  });
  expect(patchOf(webhook.id, before, before)).not.toHaveProperty("token_expires_at");
  expect(patchOf(webhook.id, { ...before, expiry: "" }, before)).toHaveProperty("token_expires_at", "");
});

test("of lists only what changed is sent, and what is gone is cleared", () => {
  const webhook = {
    ...sampleWebhooks()[0]!,
    symbol_map: { XBTUSD: "BTCUSD", US500: "ES1!" },
    max_lag_s: 300,
  };
  const before = formOf(webhook);
  expect(before.symbolMap).toBe("XBTUSD = BTCUSD\nUS500 = ES1!");
  const after = { ...before, symbolMap: "US500=MES1!\nGOLD = XAUUSD", maxLagS: "", holdMs: "750" };
  expect(patchOf(webhook.id, after, before)).toMatchObject({
    symbol_map: { XBTUSD: "", US500: "MES1!", GOLD: "XAUUSD" },
    units: {},
    max_lag_s: 0,
    hold_ms: 750,
  });
  expect(patchOf(webhook.id, before, before)).toMatchObject({ hold_default: true, symbol_map: {} });
  const wrong = problemsOf({ ...after, symbolMap: "US500", units: "a=b=c", holdMs: "x", mode: "pipeline" });
  expect(Object.keys(wrong).sort()).toEqual(["hold_ms", "strategy_id", "symbol_map", "units"]);
});
