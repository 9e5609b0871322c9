// Words and colours of positions and round trips.
import { sign } from "@/lib/decimal";

/** The colour of money and directions. */
export function tone(amount: string | null): string {
  const value = sign(amount);
  return value > 0 ? "text-up" : value < 0 ? "text-down" : "text-dim";
}

const EXIT_WORDS: Partial<Record<string, string>> = { user: "by hand" };

/** "stop loss", "take profit, signal". */
export function exitWords(reasons: readonly string[]): string {
  return reasons.map((reason) => EXIT_WORDS[reason] ?? reason.replaceAll("_", " ")).join(", ");
}
