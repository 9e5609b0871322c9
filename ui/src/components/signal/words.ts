// A signal in words, for the list and the detail.
import type { Order, SignalRow, Timings } from "@/bindings";
import { price, quantity } from "@/lib/decimal";

export type Tone = "up" | "down" | "flat";

/** Whether an action adds to the long side or to the short side, for its colour. */
export function direction(action: string | null): Tone {
  if (action === null) return "flat";
  if (/^(buy|long|cover|enter.?long)/i.test(action)) return "up";
  return /^(sell|short|enter.?short)/i.test(action) ? "down" : "flat";
}

export const TONES: Record<Tone, string> = { up: "text-up", down: "text-down", flat: "text-dim" };

/** The price of its last fill, or null. */
export function fillPrice(row: SignalRow): string | null {
  return row.orders.findLast((order) => order.price_average !== null)?.price_average ?? null;
}

export const STEPS: { key: keyof Timings; word: string; what: string }[] = [
  { key: "auth", word: "auth", what: "Checking the secret" },
  { key: "parse", word: "parse", what: "Reading the message" },
  {
    key: "commit",
    word: "disk",
    what: "From the parsed message to the disk: then the sender has its answer",
  },
  { key: "queue", word: "queue", what: "Waiting for its decision" },
  { key: "decide", word: "decide", what: "Deciding" },
  { key: "execute", word: "fill", what: "Writing orders and fills" },
];

/** Microseconds from the first byte to the last step reached, or null when nothing was measured. */
export function totalMicros(timings: Timings): number | null {
  const known = STEPS.map(({ key }) => timings[key]).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** "bought 0.1 BTCUSDT at 96,950.50". */
export function orderWords(order: Order): string {
  const verb = order.side === "buy" ? "bought" : "sold";
  const size = `${quantity(order.filled)} ${order.symbol}`;
  if (order.price_average !== null) return `${verb} ${size} at ${price(order.price_average)}`;
  return `${order.side} ${quantity(order.quantity)} ${order.symbol}, ${order.status}`;
}

export function title(row: Pick<SignalRow, "action" | "symbol">): string {
  const words = [row.action, row.symbol].filter((word) => word !== null);
  return words.length > 0 ? words.join(" ") : "unreadable message";
}
