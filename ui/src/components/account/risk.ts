// The limits of an account, and how much of each is used today.
import type { RiskUse } from "@/bindings";
import { plotted } from "@/components/shared/chart/curve";
import { OFF, type Setting } from "@/components/account/settings";
import { isPositive, quantity, shifted } from "@/lib/decimal";

const AMOUNT = { kind: "number", least: "above zero", optional: true } as const;
const COUNT = { ...AMOUNT, whole: true } as const;
const SHARE = { ...AMOUNT, unit: "%" } as const;

/** Limits bind entries; exits are never held back by them. */
export const LIMITS: readonly Setting[] = [
  {
    key: "risk.max_daily_loss",
    label: "Daily loss",
    hint: "An amount, or a share such as 2%. Open profit and loss count.",
    ...AMOUNT,
    share: true,
  },
  {
    key: "risk.max_drawdown_pct",
    label: "Drawdown",
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
  { key: "risk.max_position_qty", label: "Units of a position", ...AMOUNT, unit: "" },
  {
    key: "risk.max_consecutive_losses",
    label: "Losses in a row",
    hint: "Entries end until the next day.",
    ...COUNT,
  },
  {
    key: "risk.cooldown_after_loss_ms",
    label: "Pause after a loss",
    ...AMOUNT,
    unit: "s",
    finer: 3,
  },
  {
    key: "risk.symbol_cooldown_ms",
    label: "Pause of a symbol after its loss",
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

const FLAG = [
  { value: "false", label: "no" },
  { value: "true", label: "yes" },
] as const;

/** What is traded at all, and when. */
export const RULES: readonly Setting[] = [
  { key: "risk.reduce_only", label: "Exits only", kind: "choice", options: FLAG },
  {
    key: "risk.direction",
    label: "Directions",
    kind: "choice",
    options: [
      { value: "both", label: "long and short" },
      { value: "long_only", label: "long only" },
      { value: "short_only", label: "short only" },
    ],
  },
  { key: "risk.require_stop", label: "Every entry needs a stop", kind: "choice", options: FLAG },
  {
    key: "risk.drawdown_from",
    label: "Drawdown is measured from",
    kind: "choice",
    options: [
      { value: "trailing", label: "the highest equity so far" },
      { value: "static", label: "the money put in" },
    ],
  },
  {
    key: "risk.symbols",
    label: "Only these symbols",
    hint: "With commas between. Empty: all.",
    kind: "text",
    upper: true,
    optional: true,
    max: 2_000,
  },
  {
    key: "risk.trading_hours",
    label: "Only at these hours",
    hint: "Such as Mon-Fri 09:30-16:00. Empty: always.",
    kind: "text",
    optional: true,
    max: 500,
  },
  {
    key: "risk.timezone",
    label: "Time zone of days and hours",
    hint: "Such as America/New_York.",
    kind: "text",
    max: 60,
  },
];

export interface LimitToday {
  key: string;
  label: string;
  meaning: string;
  /** "0 of 1,000 USD", "23, no limit". */
  text: string;
  /** Used over limit; null where there is no limit or nothing to measure. */
  share: number | null;
  /** Whether it refuses entries now. */
  refuses: boolean;
}

function amount(text: string, unit: string, currency: string): string {
  switch (unit) {
    case "money":
      return `${quantity(text)} ${currency}`;
    case "percent":
      return `${quantity(text)} %`;
    case "ms":
      return `${quantity(shifted(text, 3))} s`;
    default:
      return quantity(text);
  }
}

/** What is used of a limit today; of another limit than the account's, when it is given. */
export function today(use: RiskUse, currency: string, wanted = use.limit ?? OFF): LimitToday {
  const { key, name: label, meaning, actual, unit } = use;
  const common = { key, label, meaning };
  const asIs = wanted === (use.limit ?? OFF);
  const refuses = asIs && use.refuses;
  if (wanted === OFF) {
    const text = actual === null ? "no limit" : `${amount(actual, unit, currency)}, no limit`;
    return { ...common, text, share: null, refuses };
  }
  const limit = wanted.endsWith("%") ? wanted.replace("%", " %") : amount(wanted, unit, currency);
  if (actual === null) return { ...common, text: limit, share: null, refuses };
  // A unit that both have is said once.
  const spoken = amount(actual, unit, currency);
  const suffix = spoken.replace(/^\S+/, "");
  const used = limit.endsWith(suffix) ? spoken.slice(0, spoken.length - suffix.length) : spoken;
  const countable = isPositive(wanted) && unit !== "word";
  const share = asIs ? use.used : countable ? plotted(actual) / plotted(wanted) : null;
  return { ...common, text: `${used} of ${limit}`, share, refuses };
}
