import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import AccountEditor from "@/components/account/AccountEditor.svelte";
import InstrumentEditor from "@/components/account/InstrumentEditor.svelte";
import LimitsToday from "@/components/account/LimitsToday.svelte";
import { ACCOUNT_KEYS } from "@/bindings";
import { INSTRUMENT } from "@/components/account/instrument";
import { LIMITS, RULES, today } from "@/components/account/risk";
import RiskEditor from "@/components/account/RiskEditor.svelte";
import {
  changesOf,
  COSTS,
  DEFAULTS,
  FILLING,
  OFF,
  problemsOf,
  type Setting,
  TRADING,
  valuesOf,
  written,
} from "@/components/account/settings";
import { SAMPLE_LIMITS, sampleInstrument, sampleUses } from "@/dev/books";
import { refusal } from "@/dev/desk";
import { sampleAccounts } from "@/dev/sample";

const account = { ...sampleAccounts()[0]!, settings: { ...sampleAccounts()[0]!.settings, ...SAMPLE_LIMITS } };
const type = (mark: string, value: string) =>
  fireEvent.input(screen.getByTestId(mark), { target: { value } });
const choose = (mark: string, value: string) =>
  fireEvent.change(screen.getByTestId(mark), { target: { value } });
const save = () => fireEvent.click(screen.getByTestId("editor-save"));

test("numbers are judged as text, and told what is wanted", () => {
  const check = (
    field: Partial<Extract<Setting, { kind: "number" }>>,
    text: string,
    expected: string | null,
  ) => {
    const whole: Setting = { key: "x", label: "X", kind: "number", least: "zero", ...field };
    expect(problemsOf([whole], { x: text }).x ?? null, `${text} ${JSON.stringify(field)}`).toBe(expected);
  };
  check({}, "0", null);
  check({}, "0.00000001", null);
  check({}, "", "A number is wanted.");
  check({}, "-1", "A number of 0 or more.");
  check({}, "1e3", "A number of 0 or more.");
  check({}, "1,5", "A number of 0 or more.");
  check({ optional: true }, "", null);
  check({ optional: true, least: "above zero" }, "0", "A number above 0, or nothing to switch it off.");
  check({ least: "negative", most: 10_000 }, "-2.5", null);
  check({ least: "negative", most: 10_000 }, "-10001", "A number at most 10000.");
  check({ most: 100, least: "above zero" }, "100.01", "A number above 0 and at most 100.");
  check({ whole: true }, "1.5", "A whole number of 0 or more.");
  check({ finer: 3 }, "1.0005", "A number of 0 or more.");
  check({ share: true }, "2%", null);
  check({ share: true }, "2.5 %", null);
  check({ share: true }, "%", "A number of 0 or more.");
  check({}, "2%", "A number of 0 or more.");
});

test("the forms have every setting that Rust has, and no other", () => {
  const keys: Readonly<Partial<Record<string, { default: string; form: string }>>> = ACCOUNT_KEYS;
  const symbols = INSTRUMENT.map((field) => ({ ...field, key: `instrument.${field.key}` }));
  const fields = [...TRADING, ...COSTS, ...FILLING, ...LIMITS, ...RULES, ...symbols];
  // Kind and amount of a size are one setting.
  const known = fields.map(({ key }) => (key.startsWith("sizing.") ? "sizing" : key));
  // The currency is chosen when an account is opened; which symbol a scenario is about, no account says.
  const wanted = Object.keys(keys).filter((key) => key !== "currency" && key !== "instrument.symbol");
  expect([...new Set(known)].sort()).toEqual(wanted.sort());
  for (const field of fields) {
    const key = keys[field.key];
    if (!key) continue;
    if (field.kind === "choice") {
      for (const { value } of field.options)
        expect(key.form, field.key).toMatch(new RegExp(`\\b${value}\\b`));
    }
    // What stands in a field that nobody has touched is what holds.
    const text = valuesOf([field], {}, { ...DEFAULTS, [field.key]: key.default })[field.key] ?? "";
    expect(written(field, text) || OFF, field.key).toBe(key.default);
  }
});

test("only changes are sent, and empty switches off", () => {
  const before = valuesOf(LIMITS, SAMPLE_LIMITS);
  expect(before["risk.max_order_notional"]).toBe("");
  expect(before["risk.cooldown_after_loss_ms"]).toBe("90");
  expect(changesOf(LIMITS, before, before)).toEqual({});
  const after = {
    ...before,
    "risk.max_daily_loss": " 2 % ",
    "risk.max_open_positions": "",
    "risk.cooldown_after_loss_ms": "1.5",
  };
  expect(changesOf(LIMITS, before, after)).toEqual({
    "risk.max_daily_loss": "2%",
    "risk.max_open_positions": "off",
    "risk.cooldown_after_loss_ms": "1500",
  });
});

test("a limit says what is used of it, in the limit's unit", () => {
  const check = (unit: string, actual: string | null, limit: string, expected: string) => {
    const use = { ...sampleUses()[0]!, unit, actual, limit: limit === "off" ? null : limit };
    expect(today(use, "USD").text, `${actual} of ${limit}`).toBe(expected);
  };
  check("money", "0", "1000", "0 of 1,000 USD");
  check("money", "12.5", "off", "12.5 USD, no limit");
  check("percent", "1.2", "10", "1.2 of 10 %");
  check("percent", "0.5", "2%", "0.5 of 2 %");
  check("count", "23", "off", "23, no limit");
  check("ms", "40000", "90000", "40 of 90 s");
  check("money", null, "5000", "5,000 USD");
});

test("another limit than the account's is measured before it is saved", () => {
  const use = { ...sampleUses()[4]!, limit: "8", actual: "4", used: 0.5 };
  expect(today(use, "USD").share).toBe(0.5);
  expect(today(use, "USD", "5")).toMatchObject({ share: 0.8, text: "4 of 5", refuses: false });
  expect(today(use, "USD", "off")).toMatchObject({ share: null, text: "4, no limit" });
  expect(today(use, "USD", "nonsense").share).toBeNull();
});

test("the limits of today have their meters", async () => {
  const onedit = vi.fn();
  render(LimitsToday, { uses: sampleUses(), currency: "USD", onedit });
  const meter = screen.getByRole("meter", { name: "Open positions today" });
  expect(meter.getAttribute("aria-valuenow")).toBe("0.5");
  expect(screen.getByTestId("today-risk.max_consecutive_losses").textContent.trim()).toBe(
    "3 of 3, holds entries back",
  );
  // Neither limited nor counted.
  expect(screen.queryByTestId("today-risk.max_order_notional")).toBeNull();
  await fireEvent.click(screen.getByTestId("edit-risk"));
  expect(onedit).toHaveBeenCalledOnce();
});

test("the risk editor shows at once what a new limit means, and sends what was changed", async () => {
  const onchange = vi.fn(() => Promise.resolve());
  const onclose = vi.fn();
  render(RiskEditor, { account, uses: sampleUses(), onchange, onclose });
  await type("setting-risk.max_open_positions", "4");
  expect(screen.getByTestId("today-risk.max_open_positions").textContent.trim()).toBe("4 of 4");
  // What is no limit is not measured as one.
  await type("setting-risk.max_open_positions", "4x");
  expect(screen.getByTestId("today-risk.max_open_positions").textContent.trim()).toBe("4 of 8");
  await type("setting-risk.max_open_positions", "4");
  await type("setting-risk.max_orders_per_day", "50");
  await choose("setting-risk.direction", "long_only");
  await type("setting-risk.symbols", "btcusdt, es1!");
  await save();
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  expect(onchange).toHaveBeenCalledWith({
    "risk.max_open_positions": "4",
    "risk.max_orders_per_day": "50",
    "risk.direction": "long_only",
    "risk.symbols": "BTCUSDT, ES1!",
  });
});

test("what Rust refuses stands at its field, and the dialog stays", async () => {
  const onclose = vi.fn();
  const onchange = () => {
    throw refusal("INVALID_FIELD", "Too small.", "risk.max_daily_loss");
  };
  render(RiskEditor, { account, uses: [], onchange, onclose });
  await type("setting-risk.max_daily_loss", "1");
  await save();
  expect(await screen.findByText("Too small.")).toBeTruthy();
  expect(screen.getByTestId("setting-risk.max_daily_loss").getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(screen.getByTestId("setting-risk.max_daily_loss"));
  expect(onclose).not.toHaveBeenCalled();
});

test("a new account is opened with its settings", async () => {
  const oncreate = vi.fn(() => Promise.resolve());
  const onclose = vi.fn();
  render(AccountEditor, { account: null, oncreate, onchange: vi.fn(), onclose });
  await save();
  expect(oncreate).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(screen.getByTestId("setting-name"));
  await type("setting-name", " Crypto ");
  await type("setting-currency", "usdt");
  await type("setting-fees.taker_bps", "10");
  await choose("setting-venue", "binance");
  await choose("setting-sizing.kind", "pct-equity");
  await type("setting-sizing.amount", "101");
  await save();
  expect(await screen.findByText("A number above 0 and at most 100.")).toBeTruthy();
  await type("setting-sizing.amount", "5");
  await save();
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  expect(oncreate).toHaveBeenCalledWith({
    name: "Crypto",
    cash: "100000",
    currency: "USDT",
    venue: "binance",
    settings: { "fees.taker_bps": "10", sizing: "pct-equity:5" },
  });
});

test("an account's settings are changed one by one", async () => {
  const onchange = vi.fn(() => Promise.resolve());
  const onclose = vi.fn();
  const sized = { ...account, settings: { ...account.settings, sizing: "fixed:2" } };
  render(AccountEditor, { account: sized, oncreate: vi.fn(), onchange, onclose });
  // What it was opened with stays.
  expect(screen.queryByTestId("setting-cash")).toBeNull();
  expect(screen.queryByTestId("setting-currency")).toBeNull();
  expect(screen.getByTestId<HTMLInputElement>("setting-sizing.amount").value).toBe("2");
  await choose("setting-sizing.kind", "message");
  await type("setting-max_price_age_ms", "90");
  await type("setting-name", " Swing ");
  await choose("setting-venue", "kraken");
  await save();
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  expect(onchange).toHaveBeenCalledWith({
    name: "Swing",
    venue: "kraken",
    sizing: "off",
    max_price_age_ms: "90000",
  });
});

test("nothing is sent when nothing was changed", async () => {
  const onchange = vi.fn(() => Promise.resolve());
  const onclose = vi.fn();
  render(AccountEditor, { account, oncreate: vi.fn(), onchange, onclose });
  await save();
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  expect(onchange).not.toHaveBeenCalled();
});

test("a symbol is described under its own name", async () => {
  const onchange = vi.fn(() => Promise.resolve());
  render(InstrumentEditor, { instrument: null, onchange, onclose: vi.fn() });
  await type("setting-symbol", "<b>");
  await type("setting-multiplier", "50");
  await save();
  expect(await screen.findByText("Write it as TradingView does, such as BTCUSDT.")).toBeTruthy();
  await type("setting-symbol", "es1!");
  await choose("setting-shortable", "false");
  await save();
  await waitFor(() =>
    expect(onchange).toHaveBeenCalledWith({
      "instrument.ES1!.multiplier": "50",
      "instrument.ES1!.shortable": "false",
    }),
  );
});

test("a described symbol shows what is known of it", async () => {
  const onchange = vi.fn(() => Promise.resolve());
  render(InstrumentEditor, { instrument: sampleInstrument(), onchange, onclose: vi.fn() });
  expect(screen.getByTestId<HTMLInputElement>("setting-tick").value).toBe("0.25");
  expect(screen.getByTestId<HTMLInputElement>("setting-pip").placeholder).toBe("as it is: 0.25");
  await type("setting-multiplier", "");
  await save();
  await waitFor(() => expect(onchange).toHaveBeenCalledWith({ "instrument.ES1!.multiplier": "off" }));
});
