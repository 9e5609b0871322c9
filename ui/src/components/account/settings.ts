// Settings of an account as fields of a form: what each is, what is wrong with a text, what was changed.
import { ACCOUNT_KEYS } from "@/bindings";
import { isPositive, shifted, sign } from "@/lib/decimal";
import { SELL_MODES, SIZINGS } from "@/lib/sizing";

/** Values by key, as Rust knows both. */
export type Settings = Readonly<Partial<Record<string, string>>>;

/** A text for each field; empty where a setting is off. */
export type Values = Record<string, string>;

interface Common {
  key: string;
  label: string;
  hint?: string;
}

export type Setting = Common &
  (
    | { kind: "text"; upper?: boolean; max: number; optional?: boolean }
    | {
        kind: "number";
        unit?: string;
        /** Whether empty switches it off. */
        optional?: boolean;
        least: "negative" | "zero" | "above zero";
        whole?: boolean;
        most?: number;
        /** How many places smaller than the unit shown Rust counts: 3 for seconds here, milliseconds there. */
        finer?: number;
        /** Whether a share, such as 2%, is taken too. */
        share?: boolean;
        /** What empty means, where it is not "off". */
        empty?: string;
      }
    | { kind: "choice"; options: readonly { value: string; label: string }[] }
  );

/** How Rust writes that a setting is not set. */
export const OFF = "off";

/** What the fields show at first; `absent` where the settings say nothing. */
export function valuesOf(fields: readonly Setting[], settings: Settings, absent: Settings = {}): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const given = settings[field.key] ?? absent[field.key] ?? "";
      if (field.kind === "text") return [field.key, field.optional && given === OFF ? "" : given];
      if (field.kind === "number") {
        return [field.key, given === OFF ? "" : field.finer ? shifted(given, field.finer) : given];
      }
      const known = field.options.some(({ value }) => value === given);
      return [field.key, known ? given : (field.options[0]?.value ?? "")];
    }),
  );
}

function problemOf(field: Setting, text: string): string | null {
  if (field.kind === "choice") return null;
  if (field.kind === "text") {
    if (text === "") return field.optional ? null : "It must not be empty.";
    return [...text].length > field.max ? `At most ${field.max} characters.` : null;
  }
  if (text === "") return field.optional ? null : "A number is wanted.";
  const plain = field.share ? text.replace(/ ?%$/, "") : text;
  const size = field.least === "negative" ? plain.replace(/^-/, "") : plain;
  const places = field.whole ? 0 : (field.finer ?? 12);
  const number = /^\d{1,15}(\.\d+)?$/.test(size) && (size.split(".")[1]?.length ?? 0) <= places;
  const floor = field.least === "above zero" ? sign(size) > 0 : true;
  const ceiling = field.most === undefined || sign(size) === 0 || isPositive(size, field.most);
  if (number && floor && ceiling) return null;
  const what = field.whole ? "A whole number" : "A number";
  const from = field.least === "above zero" ? "above 0" : field.least === "zero" ? "of 0 or more" : "";
  const to = field.most === undefined ? "" : `at most ${field.most}`;
  const or = field.optional ? ", or nothing to switch it off" : "";
  return `${[what, from, from && to ? "and" : "", to].filter(Boolean).join(" ")}${or}.`;
}

/** What is wrong, by key. */
export function problemsOf(fields: readonly Setting[], values: Values): Partial<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const problem = problemOf(field, (values[field.key] ?? "").trim());
      return problem === null ? [] : [[field.key, problem]];
    }),
  );
}

/** A text as Rust takes it. */
export function written(field: Setting, text: string): string {
  const plain = text.trim();
  if (field.kind === "text") {
    if (plain === "" && field.optional) return OFF;
    return field.upper ? plain.toUpperCase() : plain;
  }
  if (plain === "") return OFF;
  if (field.kind === "number" && field.share) return plain.replace(/ +%$/, "%");
  return field.kind === "number" && field.finer ? shifted(plain, -field.finer) : plain;
}

/** Only what differs from before, as Rust takes it. */
export function changesOf(
  fields: readonly Setting[],
  before: Values,
  values: Values,
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const now = written(field, values[field.key] ?? "");
      return now === written(field, before[field.key] ?? "") ? [] : [[field.key, now]];
    }),
  );
}

const BPS = { kind: "number", unit: "bps", least: "zero", most: 10_000 } as const;

/** Where prices come from. */
export const VENUES: readonly { value: string; label: string }[] = [
  { value: "alert", label: "The alerts" },
  { value: "binance", label: "Binance" },
  { value: "bybit", label: "Bybit" },
  { value: "coinbase", label: "Coinbase" },
  { value: "kraken", label: "Kraken" },
  { value: "okx", label: "OKX" },
];

/** What an account is; fixed once it is opened. */
export const IDENTITY: readonly Setting[] = [
  { key: "name", label: "Name", kind: "text", max: 80 },
  {
    key: "venue",
    label: "Prices",
    hint: "With the alerts' prices, resting orders move only when an alert comes.",
    kind: "choice",
    options: VENUES,
  },
  { key: "cash", label: "Opening cash", kind: "number", least: "above zero" },
  { key: "currency", label: "Currency", kind: "text", upper: true, max: 8 },
];
export const NEW_ACCOUNT: Settings = { venue: "alert", cash: "100000", currency: "USD" };

export const TRADING: readonly Setting[] = [
  {
    key: "sizing.kind",
    label: "Size of an entry",
    hint: "Where neither the message nor the webhook says.",
    kind: "choice",
    options: SIZINGS.map(({ kind, label }) => ({ value: kind, label })),
  },
  { key: "sizing.amount", label: "Value", kind: "number", least: "above zero", optional: true, empty: "" },
  {
    key: "sell_mode",
    label: "What sell means",
    kind: "choice",
    options: SELL_MODES,
  },
  {
    key: "max_entries",
    label: "Entries per position",
    hint: "1: a position is not added to.",
    kind: "number",
    least: "above zero",
    whole: true,
  },
  {
    key: "price_source",
    label: "Price of a market order",
    kind: "choice",
    options: [
      { value: "market_then_alert", label: "the market's, else the alert's" },
      { value: "market", label: "the market's" },
      { value: "alert", label: "the alert's" },
    ],
  },
  {
    key: "max_price_age_ms",
    label: "Oldest price to trade at",
    kind: "number",
    unit: "s",
    least: "above zero",
    finer: 3,
  },
];

export const COSTS: readonly Setting[] = [
  { key: "fees.taker_bps", label: "Taker fee", hint: "1 bps is 0.01 %. Binance spot: 10.", ...BPS },
  {
    key: "fees.maker_bps",
    label: "Maker fee",
    hint: "Below 0 is a rebate.",
    ...BPS,
    least: "negative",
  },
  { key: "fees.min_fee", label: "Least fee per fill", kind: "number", least: "zero" },
  {
    key: "fees.dp",
    label: "Decimals of a fee",
    kind: "number",
    least: "zero",
    most: 12,
    whole: true,
    optional: true,
    empty: "8 for crypto pairs, else 2",
  },
  { key: "spread_bps", label: "Spread", hint: "Half of it is paid on each side.", ...BPS },
  {
    key: "slippage.value",
    label: "Slippage",
    hint: "Always against you.",
    kind: "number",
    least: "zero",
    most: 9_999,
  },
  {
    key: "slippage.kind",
    label: "Slippage in",
    kind: "choice",
    options: [
      { value: "ticks", label: "ticks" },
      { value: "bps", label: "bps" },
    ],
  },
];

/** How prices fill orders that wait, on accounts with a market. */
export const FILLING: readonly Setting[] = [
  {
    key: "bar_path",
    label: "Way through a candle",
    kind: "choice",
    options: [
      { value: "tv", label: "to the nearer extreme first, as TradingView" },
      { value: "pessimistic", label: "to the worse extreme first" },
    ],
  },
  {
    key: "limit_fill",
    label: "A limit is filled",
    kind: "choice",
    options: [
      { value: "touch", label: "when the price touches it" },
      { value: "through", label: "when the price goes through it" },
    ],
  },
  {
    key: "stablecoins_at_par",
    label: "USD and stablecoins",
    hint: "USD, USDT, USDC, FDUSD and DAI.",
    kind: "choice",
    options: [
      { value: "true", label: "count as the same money" },
      { value: "false", label: "are different currencies" },
    ],
  },
];

/** What an account does where its settings say nothing, as Rust has it. */
export const DEFAULTS: Settings = {
  ...Object.fromEntries(Object.entries(ACCOUNT_KEYS).map(([key, { default: text }]) => [key, text])),
  "sizing.kind": "message",
};
