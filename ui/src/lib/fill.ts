// How the price and the fee of a fill came about, in words.
import type { Fill } from "@/bindings";
import { price, quantity, sign } from "@/lib/decimal";

/** "6,012.25 from alert, slippage 0.25 against you". */
export function fillWhy({ why }: Fill): string {
  const against = (["spread", "slippage", "rounding"] as const)
    .filter((name) => sign(why[name]) !== 0)
    .map((name) => `${name} ${quantity(why[name])}`);
  const words = [`${price(why.reference)} from ${why.source}`];
  if (against.length > 0) words.push(`${against.join(", ")} against you`);
  if (sign(why.cap) !== 0) words.push(`held at its limit, ${quantity(why.cap)} back`);
  return words.join(", ");
}

/** "5 bps of 6,012.25, at least 1.00". */
export function feeWhy({ why }: Fill): string {
  const share = `${quantity(why.fee_bps)} bps of ${price(why.notional)}`;
  return sign(why.fee_minimum) === 0 ? share : `${share}, at least ${price(why.fee_minimum)}`;
}
