// What is known of a symbol beyond its name, as fields of a form.
import type { Setting, Settings } from "@/components/account/settings";

const SIZE = { kind: "number", least: "above zero", optional: true } as const;
const RATE = { ...SIZE, most: 1 } as const;

/** Without the symbol that stands before each key in an account's settings. */
export const INSTRUMENT: readonly Setting[] = [
  {
    key: "tick",
    label: "Tick",
    hint: "Prices of orders are multiples of it.",
    ...SIZE,
    empty: "as fine as seen",
  },
  {
    key: "step",
    label: "Quantity step",
    hint: "Quantities are rounded down to it.",
    ...SIZE,
    empty: "as usual",
  },
  {
    key: "min_qty",
    label: "Least quantity",
    hint: "A full close may be smaller.",
    ...SIZE,
    empty: "the step",
    least: "zero",
  },
  { key: "max_qty", label: "Most quantity", ...SIZE, empty: "none" },
  {
    key: "min_notional",
    label: "Least amount",
    hint: "Quantity × price × multiplier.",
    ...SIZE,
    empty: "none",
    least: "zero",
  },
  {
    key: "multiplier",
    label: "Multiplier",
    hint: "What one point is worth: ES 50, NQ 20.",
    ...SIZE,
    empty: "1",
  },
  {
    key: "init_margin_long",
    label: "Margin of a long",
    hint: "A share of its worth; 1 is paid in full.",
    ...RATE,
    empty: "1",
  },
  { key: "init_margin_short", label: "Margin of a short", hint: "As that of a long.", ...RATE, empty: "1" },
  {
    key: "pip",
    label: "Pip",
    hint: "For stops and targets that are given in pips.",
    ...SIZE,
    empty: "as usual",
  },
  {
    key: "shortable",
    label: "May be sold short",
    kind: "choice",
    options: [
      { value: "off", label: "as usual: yes" },
      { value: "true", label: "yes" },
      { value: "false", label: "no" },
    ],
  },
];

const SYMBOL = /^[A-Z0-9][A-Z0-9 ._:!/&*+-]{0,39}$/;

export function isSymbol(text: string): boolean {
  return SYMBOL.test(text);
}

function keyOf(symbol: string, field: string): string {
  return `instrument.${symbol}.${field}`;
}

/** The settings of one symbol, out of an account's. */
export function ofSymbol(settings: Settings, symbol: string): Settings {
  return Object.fromEntries(INSTRUMENT.map(({ key }) => [key, settings[keyOf(symbol, key)] ?? "off"]));
}

/** Changes of one symbol as an account takes them. */
export function toAccount(symbol: string, changes: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [keyOf(symbol, field), value ?? "off"]),
  );
}
