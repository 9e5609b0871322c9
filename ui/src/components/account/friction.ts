// Fees and slippage of an account in words.
import type { Account } from "@/bindings";
import { sign } from "@/lib/decimal";

export const KEYS = {
  taker: "fees.taker_bps",
  minimum: "fees.min_fee",
  slippageKind: "slippage.kind",
  slippage: "slippage.value",
  spread: "spread_bps",
} as const;

function setting(account: Account, key: string): string {
  return account.settings[key] ?? "0";
}

/** "fees 5 bps · slippage 1 ticks", or null when trading is free of both. */
export function frictionWords(account: Account): string | null {
  const words: string[] = [];
  const taker = setting(account, KEYS.taker);
  const minimum = setting(account, KEYS.minimum);
  const slippage = setting(account, KEYS.slippage);
  const spread = setting(account, KEYS.spread);
  const kind = setting(account, KEYS.slippageKind);
  const unit = kind === "ticks" && slippage === "1" ? "tick" : kind;
  if (sign(taker) !== 0) words.push(`fees ${taker} bps`);
  if (sign(minimum) !== 0) words.push(`at least ${minimum} ${account.currency} per fill`);
  if (sign(slippage) !== 0) words.push(`slippage ${slippage} ${unit}`);
  if (sign(spread) !== 0) words.push(`spread ${spread} bps`);
  return words.length === 0 ? null : words.join(" · ");
}
