// What is known of a symbol beyond its name, as fields of a form.
import type { Instrument } from "@/bindings";
import { OFF, type Setting, type Settings } from "@/components/account/settings";
import { quantity } from "@/lib/decimal";

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

/** What a symbol's choices show where the account says nothing. */
export const UNSET: Settings = { shortable: OFF };

/** The fields with what holds now where they are empty. */
export function asItIs(instrument: Instrument): Setting[] {
  const now: Partial<Record<string, string | null>> = {
    tick: instrument.tick,
    step: instrument.step,
    min_qty: instrument.min_qty,
    max_qty: instrument.max_qty,
    min_notional: instrument.min_notional,
    multiplier: instrument.multiplier,
    init_margin_long: instrument.init_margin_long,
    init_margin_short: instrument.init_margin_short,
    pip: instrument.pip,
  };
  return INSTRUMENT.map((field) => {
    const value = now[field.key];
    return field.kind === "number" && value != null
      ? { ...field, empty: `as it is: ${quantity(value)}` }
      : field;
  });
}

/** Changes of one symbol as an account takes them. */
export function toAccount(symbol: string, changes: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [`instrument.${symbol}.${field}`, value ?? OFF]),
  );
}
