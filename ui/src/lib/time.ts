// Times arrive as RFC 3339 UTC with microseconds.

export type Zone = "utc" | "local";

const two = (value: number): string => String(value).padStart(2, "0");

/** Milliseconds since 1970, or null when the text is no time. */
export function instant(text: string | null): number | null {
  if (text === null) return null;
  const value = Date.parse(text);
  return Number.isNaN(value) ? null : value;
}

function fields(at: Date, zone: Zone) {
  return zone === "utc"
    ? {
        year: at.getUTCFullYear(),
        month: at.getUTCMonth() + 1,
        day: at.getUTCDate(),
        hour: at.getUTCHours(),
        minute: at.getUTCMinutes(),
        second: at.getUTCSeconds(),
      }
    : {
        year: at.getFullYear(),
        month: at.getMonth() + 1,
        day: at.getDate(),
        hour: at.getHours(),
        minute: at.getMinutes(),
        second: at.getSeconds(),
      };
}

/** "14:31:07". */
export function clock(milliseconds: number, zone: Zone): string {
  const at = fields(new Date(milliseconds), zone);
  return `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
}

/** "2026-11-20". */
export function day(milliseconds: number, zone: Zone): string {
  const at = fields(new Date(milliseconds), zone);
  return `${at.year}-${two(at.month)}-${two(at.day)}`;
}

/** A row's time: "14:31:07.173" today, "11-19 14:31:07" on other days. */
export function rowTime(text: string, zone: Zone, now: number): string {
  const at = instant(text);
  if (at === null) return text;
  if (day(at, zone) !== day(now, zone)) return `${day(at, zone).slice(5)} ${clock(at, zone)}`;
  return `${clock(at, zone)}.${String(at % 1000).padStart(3, "0")}`;
}

/** "2026-11-20 14:31:07.173204 UTC": everything that is known. */
export function fullTime(text: string, zone: Zone): string {
  const at = instant(text);
  if (at === null) return text;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "000";
  return `${day(at, zone)} ${clock(at, zone)}.${fraction} ${zone === "utc" ? "UTC" : offset(at)}`;
}

function offset(milliseconds: number): string {
  const minutes = -new Date(milliseconds).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "\u2212" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const STEPS: [number, string][] = [
  [86_400, "day"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** How long something lasted or lies back: "12 s", "4 min", "2 days". */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [size, unit] = STEPS.find(([step]) => seconds >= step) ?? [1, "s"];
  const value = Math.floor(seconds / size);
  return unit === "day" ? `${value} ${value === 1 ? "day" : "days"}` : `${value} ${unit}`;
}

/** "12 s ago", or "never". */
export function ago(text: string | null, now: number): string {
  const at = instant(text);
  return at === null ? "never" : `${span(now - at)} ago`;
}

/** Microseconds with the unit that reads best: "812 µs", "1.9 ms", "2.4 s". */
export function micros(value: number): string {
  if (value < 1_000) return `${value} µs`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(value < 100_000 ? 1 : 0)} ms`;
  return `${(value / 1_000_000).toFixed(1)} s`;
}
