// The limits of an account, and how much of each is used today.
import { plotted } from "@/components/account/curve";
import type { Usage } from "@/components/account/rows";
import type { Setting, Settings } from "@/components/account/settings";
import { isPositive, quantity } from "@/lib/decimal";

const AMOUNT = { kind: "number", least: "above zero", optional: true } as const;
const COUNT = { ...AMOUNT, whole: true } as const;
const SHARE = { ...AMOUNT, unit: "%" } as const;

/** Limits bind entries; exits are never held back by them. */
export const LIMITS: readonly Setting[] = [
  {
    key: "risk.max_daily_loss",
    label: "Daily loss",
    hint: "Open profit and loss count. The day begins at 00:00 UTC.",
    ...AMOUNT,
  },
  {
    key: "risk.max_drawdown_pct",
    label: "Drawdown",
    hint: "Of equity, below its peak.",
    ...SHARE,
    most: 100,
  },
  { key: "risk.max_open_positions", label: "Open positions", ...COUNT },
  {
    key: "risk.max_gross_exposure_pct",
    label: "Exposure",
    hint: "All positions, longs and shorts added, of equity.",
    ...SHARE,
  },
  { key: "risk.max_orders_per_day", label: "Entry orders a day", ...COUNT },
  { key: "risk.max_order_notional", label: "Amount of an order", ...AMOUNT },
  { key: "risk.max_position_notional", label: "Amount of a position", ...AMOUNT },
  { key: "risk.max_consecutive_losses", label: "Losses in a row", ...COUNT },
  {
    key: "risk.cooldown_after_loss_ms",
    label: "Pause after a loss",
    ...AMOUNT,
    unit: "s",
    finer: 3,
  },
  {
    key: "risk.max_price_deviation_bps",
    label: "Alert's price off the market's",
    hint: "Only where the account has a market.",
    ...AMOUNT,
    unit: "bps",
  },
];

export interface LimitToday {
  key: string;
  label: string;
  /** "0 of 1,000", "23, no limit". */
  text: string;
  /** For the meter; null where there is no limit or nothing to measure. */
  used: number | null;
  limit: number | null;
  /** Whether the limit refuses entries now. */
  reached: boolean;
}

/** What is used of a limit; null for limits of which nothing is used up. */
export function today(field: Setting, settings: Settings, usage: Usage, currency: string): LimitToday | null {
  const used = usage[field.key];
  if (used === undefined) return null;
  const own = field.kind === "number" && !field.whole ? (field.unit ?? currency) : "";
  const unit = own === "" ? "" : ` ${own}`;
  const limit = settings[field.key] ?? "off";
  const common = { key: field.key, label: field.label };
  if (!isPositive(limit)) {
    const text = `${quantity(used)}${unit}, no limit`;
    return { ...common, text, used: null, limit: null, reached: false };
  }
  return {
    ...common,
    text: `${quantity(used)} of ${quantity(limit)}${unit}`,
    used: plotted(used),
    limit: plotted(limit),
    reached: plotted(used) >= plotted(limit),
  };
}
