// What a message says, in a sentence.
import type { Canonical, Measure } from "@/bindings";
import { price, quantity } from "@/lib/decimal";

const INTENTS: Record<string, string> = {
  open: "Open",
  increase: "Add to",
  reduce: "Reduce",
  close: "Close",
  reverse: "Reverse to",
  target: "Go to the position",
  cancel: "Cancel orders of",
  order_update: "Change the bracket of",
  pause: "Switch off",
  resume: "Switch on",
  trigger: "Name a condition, no trade, for",
};

const UNITS: Record<string, string> = {
  base: "",
  quote: "in quote currency",
  margin: "of margin",
  contracts: "contracts",
  lots: "lots",
  pct_equity: "% of equity",
  pct_available: "% of what is available",
  pct_position: "% of the position",
  risk_quote: "at risk",
  risk_pct: "% at risk",
};

function measure({ value, unit }: Measure): string {
  return `${quantity(value)} ${UNITS[unit] ?? unit}`.trim();
}

/** Such as "Open long BTCUSDT, 0.5, limit 97,000.00, stop loss, 2 take profits". */
export function canonicalWords(signal: Canonical): string {
  const what = [INTENTS[signal.intent] ?? signal.intent, signal.side ?? "", signal.symbol ?? ""];
  const { order } = signal;
  const parts = [
    what.filter((word) => word !== "").join(" "),
    signal.target_position === null ? "" : `position ${quantity(signal.target_position)}`,
    signal.size === null ? "" : measure(signal.size),
    order.type === "market" || order.limit !== null || order.stop !== null
      ? ""
      : order.type.replace("_", " "),
    order.limit === null ? "" : `limit ${price(order.limit)}`,
    order.stop === null ? "" : `stop ${price(order.stop)}`,
    signal.leverage === null ? "" : `${quantity(signal.leverage)}× leverage`,
    signal.stop_loss === null ? "" : "with a stop loss",
    signal.take_profit.length === 0
      ? ""
      : signal.take_profit.length === 1
        ? "with a take profit"
        : `with ${signal.take_profit.length} take profits`,
    signal.price === null ? "" : `at ${price(signal.price)}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
