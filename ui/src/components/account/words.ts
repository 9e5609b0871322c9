// Words and colours of positions and orders.
import type { Order } from "@/bindings";
import { price, sign } from "@/lib/decimal";

/** The colour of money and directions. */
export function tone(amount: string | null): string {
  const value = sign(amount);
  return value > 0 ? "text-up" : value < 0 ? "text-down" : "text-dim";
}

/** States in which an order can still be filled. */
const WORKING = new Set(["working", "triggered", "held", "partially_filled"]);

export function isWorking(order: Order): boolean {
  return WORKING.has(order.status);
}

/** What an order is for: an entry, an exit, or one leg of a bracket. */
export function role(order: Order): string {
  if (order.parent_id !== null) return order.stop === null ? "take profit" : "stop loss";
  return order.reduce_only ? "exit" : "entry";
}

/** At which prices it acts: "limit 6,012.25", "stop 249.10, limit 249.00", "market". */
export function levels(order: Order): string {
  const words = (["stop", "limit"] as const).flatMap((name) => {
    const level = order[name];
    return level === null ? [] : [`${name} ${price(level)}`];
  });
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

/** What prices do to resting orders on an account of this venue; null where a market moves them. */
export function restingNote(venue: string): string | null {
  if (venue !== "alert") return null;
  return "This account is priced by alerts alone: its orders move only when an alert for their symbol comes.";
}
