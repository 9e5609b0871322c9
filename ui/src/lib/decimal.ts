// Amounts arrive as decimal text and stay text: digits are grouped and rounded, never turned into floats.

const FORM = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const MINUS = "\u2212";

interface Parts {
  negative: boolean;
  whole: string;
  fraction: string;
}

function parts(text: string): Parts | null {
  const match = FORM.exec(text.trim());
  if (!match) return null;
  return {
    negative: match[1] === "-",
    whole: (match[2] ?? "0").replace(/^0+(?=\d)/, ""),
    fraction: match[3] ?? "",
  };
}

/** Half away from zero, as the ledger rounds. */
function rounded(value: Parts, places: number): Parts {
  if (value.fraction.length <= places) return { ...value, fraction: value.fraction.padEnd(places, "0") };
  const kept = BigInt(value.whole + value.fraction.slice(0, places));
  const up = (value.fraction[places] ?? "0") >= "5" ? 1n : 0n;
  const digits = (kept + up).toString().padStart(places + 1, "0");
  return {
    negative: value.negative,
    whole: digits.slice(0, digits.length - places),
    fraction: places === 0 ? "" : digits.slice(-places),
  };
}

function isZero(value: Parts): boolean {
  return /^0*$/.test(value.whole + value.fraction);
}

function written(value: Parts): string {
  const whole = value.whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const sign = value.negative && !isZero(value) ? MINUS : "";
  return sign + whole + (value.fraction === "" ? "" : `.${value.fraction}`);
}

/** An amount of money with exactly this many places. Text that is no number is shown as it is. */
export function money(text: string, places = 2): string {
  const value = parts(text);
  return value ? written(rounded(value, places)) : text;
}

/** As `money`, with a plus sign above zero. */
export function signedMoney(text: string, places = 2): string {
  const value = parts(text);
  if (!value) return text;
  const shown = rounded(value, places);
  return (!shown.negative && !isZero(shown) ? "+" : "") + written(shown);
}

/** A price: every place that matters, at least two. */
export function price(text: string): string {
  const value = parts(text);
  if (!value) return text;
  return written({ ...value, fraction: value.fraction.replace(/0+$/, "").padEnd(2, "0") });
}

/** A quantity: every place that matters. */
export function quantity(text: string): string {
  const value = parts(text);
  return value ? written({ ...value, fraction: value.fraction.replace(/0+$/, "") }) : text;
}

/** -1, 0 or 1. */
export function sign(text: string | null): -1 | 0 | 1 {
  const value = text === null ? null : parts(text);
  if (!value || isZero(value)) return 0;
  return value.negative ? -1 : 1;
}

/** The same digits with the point this many places to the left, or to the right where it is negative. */
export function shifted(text: string, places: number): string {
  const value = parts(text);
  if (!value) return text;
  const padded = places < 0 ? value.fraction.padEnd(-places, "0") : value.fraction;
  const digits = (value.whole + padded).padStart(padded.length + places + 1, "0");
  const point = digits.length - padded.length - places;
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const fraction = digits.slice(point).replace(/0+$/, "");
  return (value.negative ? "-" : "") + whole + (fraction === "" ? "" : `.${fraction}`);
}

/** The exact sum; texts that are no number count as zero. */
export function sum(texts: readonly string[]): string {
  const values = texts.map(parts).filter((value) => value !== null);
  const places = Math.max(0, ...values.map(({ fraction }) => fraction.length));
  const total = values.reduce((before, { negative, whole, fraction }) => {
    const size = BigInt(whole + fraction.padEnd(places, "0"));
    return negative ? before - size : before + size;
  }, 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, "0");
  const text = digits.slice(0, digits.length - places) + (places === 0 ? "" : `.${digits.slice(-places)}`);
  return total < 0n ? `-${text}` : text;
}

/** Whether the text is a decimal above zero, at most `max`. */
export function isPositive(text: string, max?: number): boolean {
  const value = parts(text);
  if (!value || value.negative || isZero(value)) return false;
  if (max === undefined) return true;
  const limit = BigInt(max);
  const whole = BigInt(value.whole);
  return whole < limit || (whole === limit && /^0*$/.test(value.fraction));
}

/** A fraction such as 0.0242 as "+2.42 %". Ratios are statistics and cross as numbers. */
export function percent(fraction: number, places = 2): string {
  const shown = Math.abs(fraction * 100).toFixed(places);
  const mark = /^[0.]*$/.test(shown) ? "" : fraction < 0 ? MINUS : "+";
  return `${mark}${shown} %`;
}

/** A ratio such as a Sharpe ratio: "0.95". Statistics cross as numbers. */
export function ratio(value: number, places = 2): string {
  return money(value.toFixed(places), places);
}

/** A count with its thousands grouped. */
export function count(value: number): string {
  return money(value.toFixed(0), 0);
}

/** A value of an indicator, which is a statistic: six digits, or two decimals where it is large. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = Math.abs(value) >= 10_000 ? value.toFixed(2) : value.toPrecision(6);
  return text.includes("e") ? text : quantity(text);
}
