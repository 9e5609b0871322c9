import { expect, test } from "vitest";
import { ago, fullTime, micros, rowTime, span } from "@/lib/time";

const NOW = Date.parse("2026-11-20T14:31:07Z");

test("a row says the time of today, and the day of other days", () => {
  expect(rowTime("2026-11-20T14:30:16.173204Z", "utc", NOW)).toBe("14:30:16.173");
  expect(rowTime("2026-11-19T23:59:59.000001Z", "utc", NOW)).toBe("11-19 23:59:59");
  expect(rowTime("nonsense", "utc", NOW)).toBe("nonsense");
});

test("the full time keeps its microseconds", () => {
  expect(fullTime("2026-11-20T14:30:16.173204Z", "utc")).toBe("2026-11-20 14:30:16.173204 UTC");
});

test("spans read as people say them", () => {
  const check = (seconds: number, expected: string) => expect(span(seconds * 1000)).toBe(expected);
  check(0, "0 s");
  check(12, "12 s");
  check(240, "4 min");
  check(7_200, "2 h");
  check(86_400, "1 day");
  check(172_800, "2 days");
  check(-5, "0 s");
  expect(ago(null, NOW)).toBe("never");
  expect(ago("2026-11-20T14:30:55Z", NOW)).toBe("12 s ago");
});

test("microseconds take the unit that reads best", () => {
  const check = (value: number, expected: string) => expect(micros(value)).toBe(expected);
  check(0, "0 µs");
  check(812, "812 µs");
  check(1_900, "1.9 ms");
  check(150_000, "150 ms");
  check(2_400_000, "2.4 s");
});
