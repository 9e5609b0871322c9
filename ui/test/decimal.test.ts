import { expect, test } from "vitest";
import { count, isPositive, money, percent, price, quantity, sign, signedMoney } from "@/lib/decimal";

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
