import { expect, test } from "vitest";
import {
  count,
  isPositive,
  money,
  percent,
  price,
  quantity,
  ratio,
  shifted,
  sign,
  signedMoney,
  sum,
} from "@/lib/decimal";

test("money is rounded half away from zero and grouped, digit by digit", () => {
  const check = (text: string, expected: string) => expect(money(text), text).toBe(expected);
  check("0", "0.00");
  check("102418.55", "102,418.55");
  check("1234567.005", "1,234,567.01");
  check("-1234567.005", "\u22121,234,567.01");
  check("0.004", "0.00");
  check("-0.004", "0.00");
  check("999.995", "1,000.00");
  // Floats would lose these digits.
  check("9007199254740993.12", "9,007,199,254,740,993.12");
  check("0.1234567890123456789", "0.12");
  check("no number", "no number");
});

test("a sign says which way money went", () => {
  expect(signedMoney("53.4936")).toBe("+53.49");
  expect(signedMoney("-67.5")).toBe("\u221267.50");
  expect(signedMoney("0.001")).toBe("0.00");
  expect(sign("-0.00")).toBe(0);
  expect(sign("-0.01")).toBe(-1);
  expect(sign("3")).toBe(1);
  expect(sign(null)).toBe(0);
});

test("prices and quantities keep every place that matters", () => {
  expect(price("96950.5")).toBe("96,950.50");
  expect(price("0.00001234")).toBe("0.00001234");
  expect(price("250.7500")).toBe("250.75");
  expect(quantity("0.14880000")).toBe("0.1488");
  expect(quantity("-50.0")).toBe("\u221250");
});

test("ratios and counts", () => {
  expect(percent(0.0242)).toBe("+2.42 %");
  expect(percent(-0.01235, 1)).toBe("\u22121.2 %");
  expect(percent(0)).toBe("0.00 %");
  expect(count(12408)).toBe("12,408");
  expect(ratio(0.954)).toBe("0.95");
  expect(ratio(-1.005)).toBe("\u22121.00");
});

test("sums are exact, whatever the places", () => {
  const check = (texts: string[], expected: string) => expect(sum(texts), texts.join()).toBe(expected);
  check([], "0");
  check(["0.1", "0.2"], "0.3");
  check(["53.4936", "312.5", "-67.5", "130.98"], "429.4736");
  check(["-1", "0.25"], "-0.75");
  check(["99999999999999999999.99", "0.01"], "100000000000000000000.00");
  check(["1", "nonsense"], "1");
});

test("the point is moved by places, digits stay", () => {
  const check = (text: string, places: number, expected: string) =>
    expect(shifted(text, places), `${text} by ${places}`).toBe(expected);
  check("60000", 3, "60");
  check("1500", 3, "1.5");
  check("5", 3, "0.005");
  check("60", -3, "60000");
  check("1.5", -3, "1500");
  check("0.0005", -3, "0.5");
  check("-2.50", -1, "-25");
  check("off", 3, "off");
});

test("only decimals above zero are amounts", () => {
  const check = (text: string, expected: boolean, max?: number) =>
    expect(isPositive(text, max), `${text} of ${max ?? "any"}`).toBe(expected);
  check("0.5", true);
  check("0", false);
  check("0.000", false);
  check("-1", false);
  check("1e3", false);
  check("1,5", false);
  check("", false);
  check("100", true, 100);
  check("100.01", false, 100);
});
