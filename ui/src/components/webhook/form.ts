// The form of a webhook: its fields as text, what is wrong with them, and what is sent. Rust judges again.
import type { NewWebhook, Webhook, WebhookPatch } from "@/bindings";
import { isPositive } from "@/lib/decimal";
import { isPercent, readSizing, type SizingKind, writeSizing } from "@/lib/sizing";

export interface WebhookForm {
  name: string;
  description: string;
  accountId: string;
  mode: "direct" | "pipeline";
  /** Asked in pipeline mode. */
  strategyId: string;
  sizingKind: SizingKind;
  sizingValue: string;
  sellMode: string;
  symbol: string;
  allowIps: string;
  rate: string;
  dedupeMs: string;
  /** Milliseconds that a signal is held for its pair; empty: as it gives reason to. */
  holdMs: string;
  /** The greatest age of an alert, seconds; empty: any. */
  maxLagS: string;
  /** Seconds to wait before it is executed; empty: none. */
  delayS: string;
  /** Seconds without an alert after which a reminder is given; empty: never. */
  remindS: string;
  /** `long`, `short` or empty. */
  defaultSide: string;
  /** A line each, such as `XBTUSD = BTCUSD`. */
  symbolMap: string;
  /** A line each, such as `unit.risk = pct`. */
  units: string;
  /** A day, such as 2026-12-31; empty for never. */
  expiry: string;
}

/** The names by which Rust tells which field is meant. */
export type FieldName =
  | "name"
  | "description"
  | "account_id"
  | "strategy_id"
  | "sizing"
  | "sell_mode"
  | "symbol"
  | "allow_ips"
  | "rate"
  | "dedupe_ms"
  | "hold_ms"
  | "max_lag_s"
  | "delay_s"
  | "remind_after_s"
  | "default_side"
  | "symbol_map"
  | "units"
  | "token_expires_at";

export type Problems = Partial<Record<FieldName, string>>;

export const FIELDS: readonly FieldName[] = [
  "name",
  "description",
  "account_id",
  "strategy_id",
  "sizing",
  "sell_mode",
  "symbol",
  "allow_ips",
  "rate",
  "dedupe_ms",
  "hold_ms",
  "max_lag_s",
  "delay_s",
  "remind_after_s",
  "default_side",
  "symbol_map",
  "units",
  "token_expires_at",
];

const NAME_MAX = 80;
const DESCRIPTION_MAX = 500;
const SYMBOL = /^[A-Z0-9][A-Z0-9 ._:!/&*+-]{0,39}$/;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)(\/\d{1,3})?$/i;
const RATE = /^(off|\d+\/min(,\d+\/s)?)$/;

/** TradingView's four addresses, by the name that Rust knows them by. */
export const TRADINGVIEW = "tradingview";

export function emptyForm(accountId: string): WebhookForm {
  return {
    name: "",
    description: "",
    accountId,
    mode: "direct",
    strategyId: "",
    sizingKind: "message",
    sizingValue: "",
    sellMode: "directional",
    symbol: "",
    allowIps: "",
    rate: "30/min,10/s",
    dedupeMs: "1000",
    holdMs: "",
    maxLagS: "",
    delayS: "",
    remindS: "",
    defaultSide: "",
    symbolMap: "",
    units: "",
    expiry: "",
  };
}

export function formOf(webhook: Webhook): WebhookForm {
  const sizing = readSizing(webhook.sizing);
  return {
    name: webhook.name,
    description: webhook.description,
    accountId: webhook.account_id,
    mode: webhook.mode === "pipeline" ? "pipeline" : "direct",
    strategyId: webhook.strategy_id ?? "",
    sizingKind: sizing.kind,
    sizingValue: sizing.value,
    sellMode: webhook.sell_mode,
    symbol: webhook.symbol ?? "",
    allowIps: webhook.allow_ips.join("\n"),
    rate: webhook.rate,
    dedupeMs: String(webhook.dedupe_ms),
    holdMs: text(webhook.hold_ms),
    maxLagS: text(webhook.max_lag_s),
    delayS: text(webhook.delay_s),
    remindS: text(webhook.remind_after_s),
    defaultSide: webhook.default_side ?? "",
    symbolMap: writePairs(webhook.symbol_map),
    units: writePairs(webhook.units),
    expiry: webhook.token_expires_at?.slice(0, 10) ?? "",
  };
}

function text(value: number | null): string {
  return value === null ? "" : String(value);
}

type Pairs = Partial<Record<string, string>>;

function writePairs(pairs: Pairs): string {
  return Object.entries(pairs)
    .map(([from, to]) => `${from} = ${to ?? ""}`)
    .join("\n");
}

/** Null where a line is no pair. */
function readPairs(text: string): Record<string, string> | null {
  const pairs: Record<string, string> = {};
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [from, to, more] = line.split("=").map((part) => part.trim());
    if (!from || !to || more !== undefined) return null;
    pairs[from] = to;
  }
  return pairs;
}

/** What changed: those that are gone are cleared by an empty text. */
function changedPairs(before: string, after: string): Record<string, string> {
  const old = readPairs(before) ?? {};
  const now = readPairs(after) ?? {};
  const gone = Object.keys(old).filter((key) => !(key in now));
  const changed = Object.entries(now).filter(([key, value]) => old[key] !== value);
  return Object.fromEntries([...gone.map((key) => [key, ""] as const), ...changed]);
}

function addresses(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

export function problemsOf(form: WebhookForm): Problems {
  const problems: Problems = {};
  const name = form.name.trim();
  if (name === "") problems.name = "Give it a name.";
  else if ([...name].length > NAME_MAX) problems.name = `At most ${NAME_MAX} characters.`;
  if ([...form.description].length > DESCRIPTION_MAX) {
    problems.description = `At most ${DESCRIPTION_MAX} characters.`;
  }
  if (form.mode === "pipeline" && form.strategyId === "") {
    problems.strategy_id = "Choose the strategy that is asked.";
  }
  if (form.sizingKind !== "message") {
    const percent = isPercent(form.sizingKind);
    if (!isPositive(form.sizingValue.trim(), percent ? 100 : undefined)) {
      problems.sizing = percent ? "A number above 0 and at most 100." : "A number above 0, such as 0.5.";
    }
  }
  const symbol = form.symbol.trim().toUpperCase();
  if (symbol !== "" && !SYMBOL.test(symbol))
    problems.symbol = "Write it as TradingView does, such as BTCUSDT.";
  const wrong = addresses(form.allowIps).find((word) => word !== TRADINGVIEW && !ADDRESS.test(word));
  if (wrong !== undefined) problems.allow_ips = `${wrong} is no address and no network such as 10.0.0.0/8.`;
  if (!RATE.test(form.rate.trim())) problems.rate = "Such as 30/min,10/s, or off.";
  if (!/^\d{1,9}$/.test(form.dedupeMs.trim()))
    problems.dedupe_ms = "A whole number of milliseconds; 0 switches it off.";
  for (const [key, value, most] of [
    ["hold_ms", form.holdMs, 60_000],
    ["max_lag_s", form.maxLagS, 86_400],
    ["delay_s", form.delayS, 3_600],
    ["remind_after_s", form.remindS, 2_592_000],
  ] as const) {
    if (value.trim() !== "" && !(/^\d{1,9}$/.test(value.trim()) && Number(value) <= most)) {
      problems[key] = `A whole number, at most ${most}; empty for none.`;
    }
  }
  if (readPairs(form.symbolMap) === null) problems.symbol_map = "A line each, such as XBTUSD = BTCUSD.";
  if (readPairs(form.units) === null) problems.units = "A line each, such as unit.risk = pct.";
  if (form.expiry !== "" && Number.isNaN(Date.parse(form.expiry))) problems.token_expires_at = "No such day.";
  return problems;
}

/** The last moment of a day, UTC. */
function endOfDay(day: string): string {
  return day === "" ? "" : `${day}T23:59:59Z`;
}

function common(form: WebhookForm) {
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    account_id: form.accountId,
    mode: form.mode,
    ...(form.mode === "pipeline" ? { strategy_id: form.strategyId } : {}),
    sell_mode: form.sellMode,
    allow_ips: addresses(form.allowIps),
    rate: form.rate.trim(),
    dedupe_ms: Number(form.dedupeMs.trim()),
    ...(form.holdMs.trim() === "" ? {} : { hold_ms: Number(form.holdMs) }),
  };
}

export function newWebhook(form: WebhookForm): NewWebhook {
  const sizing = writeSizing(form.sizingKind, form.sizingValue);
  const symbol = form.symbol.trim().toUpperCase();
  return {
    ...common(form),
    ...(form.defaultSide === "" ? {} : { default_side: form.defaultSide }),
    ...(form.symbolMap.trim() === "" ? {} : { symbol_map: changedPairs("", form.symbolMap) }),
    ...(form.units.trim() === "" ? {} : { units: changedPairs("", form.units) }),
    ...(form.maxLagS.trim() === "" ? {} : { max_lag_s: Number(form.maxLagS) }),
    ...(form.delayS.trim() === "" ? {} : { delay_s: Number(form.delayS) }),
    ...(form.remindS.trim() === "" ? {} : { remind_after_s: Number(form.remindS) }),
    ...(sizing === "" ? {} : { sizing }),
    ...(symbol === "" ? {} : { symbol }),
    ...(form.expiry === "" ? {} : { token_expires_at: endOfDay(form.expiry) }),
  };
}

/** An empty text clears. */
export function patchOf(id: string, form: WebhookForm, before: WebhookForm): WebhookPatch {
  return {
    id,
    ...common(form),
    sizing: writeSizing(form.sizingKind, form.sizingValue),
    symbol: form.symbol.trim().toUpperCase(),
    default_side: form.defaultSide,
    // 0 clears.
    max_lag_s: Number(form.maxLagS),
    delay_s: Number(form.delayS),
    remind_after_s: Number(form.remindS),
    symbol_map: changedPairs(before.symbolMap, form.symbolMap),
    units: changedPairs(before.units, form.units),
    ...(form.holdMs.trim() === "" ? { hold_default: true } : {}),
    // The moment stays what it was unless another day is chosen.
    ...(form.expiry === before.expiry ? {} : { token_expires_at: endOfDay(form.expiry) }),
  };
}
