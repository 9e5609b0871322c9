// How the price of a fill came about, in words.
import type { Fill } from "@/bindings";
import { price, quantity, sign } from "@/lib/decimal";

/** "6,012.25 from alert, slippage 0.25 against you". */
export function fillWhy(fill: Fill): string {
  const against = (["spread", "slippage", "rounding"] as const)
    .filter((name) => sign(fill.why[name]) !== 0)
    .map((name) => `${name} ${quantity(fill.why[name])}`);
  const start = `${price(fill.why.reference)} from ${fill.why.source}`;
  return against.length === 0 ? start : `${start}, ${against.join(", ")} against you`;
}
