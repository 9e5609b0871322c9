// An order in words: what it is for, at which prices it acts, where it stands.
import type { Order } from "@/bindings";
import { price, quantity } from "@/lib/decimal";

/** What an order is for: an entry, an exit, or one leg of a bracket. */
export function role(order: Order): string {
  if (order.role === "sl") return "stop loss";
  if (order.role.startsWith("tp")) return `take profit${order.role.slice(2) && ` ${order.role.slice(2)}`}`;
  return order.reduce_only ? "exit" : "entry";
}

/** At which prices it acts: "limit 6,012.25", "stop 249.10, limit 249.00, trails by 1.5 %", "market". */
export function levels(order: Order): string {
  const words = (["stop", "limit"] as const).flatMap((name) => {
    const level = order[name];
    return level === null ? [] : [`${name} ${price(level)}`];
  });
  if (order.trail) {
    const { value, unit } = order.trail;
    words.push(unit === "pct" ? `trails by ${quantity(value)} %` : `trails by ${price(value)}`);
  }
  if (order.activation !== null && order.watermark === null) words.push(`from ${price(order.activation)}`);
  return words.length === 0 ? order.type.replaceAll("_", " ") : words.join(", ");
}

const STATUS_WORDS: Partial<Record<string, string>> = {
  held: "waits for entry",
  triggered: "triggered",
  partially_filled: "partly filled",
  working: "working",
};

export function statusWord(order: Order): string {
  return STATUS_WORDS[order.status] ?? order.status;
}
