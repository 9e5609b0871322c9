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
    expiry: webhook.token_expires_at?.slice(0, 10) ?? "",
  };
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
  };
}

export function newWebhook(form: WebhookForm): NewWebhook {
  const sizing = writeSizing(form.sizingKind, form.sizingValue);
  const symbol = form.symbol.trim().toUpperCase();
  return {
    ...common(form),
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
    // The moment stays what it was unless another day is chosen.
    ...(form.expiry === before.expiry ? {} : { token_expires_at: endOfDay(form.expiry) }),
  };
}
