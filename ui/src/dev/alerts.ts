// What the paste box answers, made up: enough to see each part of it.
import type { Canonical, Pasted, PasteRequest, SignalRow } from "@/bindings";

const CANONICAL: Canonical = {
  intent: "open",
  side: "long",
  action: "buy",
  symbol: "BTCUSDT",
  symbol_raw: "BINANCE:BTCUSDT",
  exchange: "BINANCE",
  market: null,
  size: { value: "0.5", unit: "base" },
  leverage: null,
  target_position: null,
  previous_position: null,
  order: { type: "limit", limit: "97000", stop: null, trail: null, activation: null, time_in_force: null },
  take_profit: [{ pct: "4" }, { pct: "8" }],
  stop_loss: { pct: "2" },
  reduce_only: false,
  price: "97310",
  alert_time: null,
  bar_time: null,
  max_lag_s: null,
  delay_s: null,
  id: null,
  strategy: null,
  comment: null,
  test: false,
  extras: {},
};

const NOTHING: Pasted = {
  dialect: null,
  title: null,
  repairs: [],
  signals: [],
  outcomes: [],
  missing: [],
  error: null,
};

export function samplePasted({ body, webhook_id }: PasteRequest, outcome: SignalRow): Pasted {
  if (/^\s*60123/.test(body)) {
    return {
      ...NOTHING,
      dialect: "pineconnector",
      title: "PineConnector",
      missing: [
        {
          setting: "unit.risk",
          sentence: "risk=1 can mean lots, percent or money.",
          option: "--set unit.risk=lots|pct|money",
          choices: ["lots", "pct", "money"],
        },
      ],
      error: {
        code: "SETTING_REQUIRED",
        error: "risk=1 can mean lots, percent or money. Say which on the webhook.",
      },
    };
  }
  if (!body.includes("buy")) {
    return {
      ...NOTHING,
      error: {
        code: "MALFORMED_JSON",
        error: "A comma or } is expected after the value of action.",
        line: 1,
        column: 18,
      },
    };
  }
  return {
    ...NOTHING,
    dialect: "traderspost",
    title: "TradersPost",
    repairs: body.includes(",}") ? ["A comma after the last field was removed."] : [],
    signals: [CANONICAL],
    outcomes: webhook_id === undefined ? [] : [outcome],
  };
}
