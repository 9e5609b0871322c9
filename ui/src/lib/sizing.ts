// How large an entry is when its message does not say, in words and as a form.

export type SizingKind = "message" | "fixed" | "notional" | "pct-balance" | "pct-equity" | "risk-pct";

export const SIZINGS: { kind: SizingKind; label: string; unit: string; hint: string }[] = [
  { kind: "message", label: "What the message says, else 1 unit", unit: "", hint: "" },
  {
    kind: "fixed",
    label: "Fixed quantity",
    unit: "units",
    hint: "Units of the symbol, such as 0.01 BTC or 10 shares.",
  },
  {
    kind: "notional",
    label: "Fixed amount",
    unit: "of the account's currency",
    hint: "The order is worth this much; the fee comes on top.",
  },
  { kind: "pct-balance", label: "% of available balance", unit: "%", hint: "Fee included." },
  { kind: "pct-equity", label: "% of equity", unit: "%", hint: "Fee included." },
  {
    kind: "risk-pct",
    label: "% of equity at risk",
    unit: "%",
    hint: "Lost when the stop is hit; the message must have a stop loss.",
  },
];

export function readSizing(text: string | null): { kind: SizingKind; value: string } {
  const [kind = "", value = ""] = (text ?? "").split(":");
  const known = SIZINGS.find((sizing) => sizing.kind === kind);
  return known ? { kind: known.kind, value } : { kind: "message", value: "" };
}

/** The text that Rust reads; empty for what the message says. */
export function writeSizing(kind: SizingKind, value: string): string {
  return kind === "message" ? "" : `${kind}:${value.trim()}`;
}

export function isPercent(kind: SizingKind): boolean {
  return kind === "pct-balance" || kind === "pct-equity" || kind === "risk-pct";
}

export function sizingWords(text: string | null): string {
  const { kind, value } = readSizing(text);
  switch (kind) {
    case "message":
      return "as the message says, else 1";
    case "fixed":
      return `${value} ${value === "1" ? "unit" : "units"}`;
    case "notional":
      return `${value} per order`;
    case "pct-balance":
      return `${value} % of balance`;
    case "pct-equity":
      return `${value} % of equity`;
    case "risk-pct":
      return `${value} % at risk`;
  }
}

export const SELL_MODES: { value: string; label: string; hint: string }[] = [
  { value: "directional", label: "directional", hint: "sell closes a long; a short is opened with short." },
  { value: "flip", label: "flip", hint: "buy and sell turn the position round." },
  { value: "target", label: "target", hint: "the message's own position after the order counts." },
];
