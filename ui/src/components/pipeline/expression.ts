// Whether an operand can be read: the expressions of an indicator, a number, or a field of the alert. Rust reads
// it again; this tells while it is typed, and at which column.

export const SOURCES = ["open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4", "hlcc4"] as const;

interface Indicator {
  name: string;
  /** `src` is a price or an expression; others are numbers. */
  parameters: readonly string[];
  outputs: readonly string[];
  what: string;
  example: string;
}

const one = (name: string, what: string): Indicator => ({
  name,
  parameters: ["src", "n"],
  outputs: [],
  what,
  example: `${name}(close,20)`,
});

export const INDICATORS: readonly Indicator[] = [
  { ...one("rsi", "Relative strength, 0 to 100"), example: "rsi(close,14)" },
  { ...one("ema", "Exponential average"), example: "ema(close,50)" },
  { ...one("sma", "Simple average"), example: "sma(close,200)" },
  one("rma", "Wilder's average"),
  one("wma", "Weighted average"),
  one("stdev", "Standard deviation"),
  { ...one("highest", "Highest of the last bars"), example: "highest(high,20)" },
  { ...one("lowest", "Lowest of the last bars"), example: "lowest(low,20)" },
  { ...one("roc", "Rate of change, percent"), example: "roc(close,10)" },
  {
    name: "macd",
    parameters: ["src", "fast", "slow", "signal"],
    outputs: ["macd", "signal", "hist"],
    what: "Moving average convergence",
    example: "macd(close,12,26,9).hist",
  },
  { name: "atr", parameters: ["n"], outputs: [], what: "Average true range, in price", example: "atr(14)" },
  {
    name: "bb",
    parameters: ["src", "n", "mult"],
    outputs: ["upper", "basis", "lower"],
    what: "Bollinger bands",
    example: "bb(close,20,2).upper",
  },
  {
    name: "stoch",
    parameters: ["src", "high", "low", "n"],
    outputs: [],
    what: "Stochastic, 0 to 100",
    example: "stoch(close,high,low,14)",
  },
  {
    name: "dmi",
    parameters: ["di_len", "adx_len"],
    outputs: ["plus", "minus", "adx"],
    what: "Directional movement",
    example: "dmi(14,14).adx",
  },
  {
    name: "supertrend",
    parameters: ["factor", "n"],
    outputs: ["value", "direction"],
    what: "Supertrend; direction -1 is up",
    example: "supertrend(3,10).direction",
  },
  {
    name: "vwap",
    parameters: [],
    outputs: [],
    what: "Volume weighted price of the day",
    example: "vwap()",
  },
  { ...one("cci", "Commodity channel index"), example: "cci(hlc3,20)" },
  { ...one("mfi", "Money flow, 0 to 100"), example: "mfi(hlc3,14)" },
  { name: "obv", parameters: [], outputs: [], what: "On-balance volume", example: "obv()" },
  { name: "wpr", parameters: ["n"], outputs: [], what: "Williams %R, -100 to 0", example: "wpr(14)" },
];

/** What is wrong, and at which character, counted from 1. */
export interface Misread {
  column: number;
  message: string;
}

export const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const ALERT = /^alert\.[A-Za-z_][A-Za-z0-9_.]*$/;
/** Parameters that are prices; all others are numbers. */
const PRICES = new Set(["src", "high", "low"]);
const LENGTH_MAX = 5_000;
const NESTING_MAX = 8;

export function isNumber(text: string): boolean {
  return NUMBER.test(text.trim());
}

export function isOfAlert(text: string): boolean {
  return text.trim().startsWith("alert.");
}

/** Whether an operand is read from candles, and so needs a timeframe. */
export function needsCandles(text: string): boolean {
  return !isNumber(text) && !isOfAlert(text);
}

/** Null where the operand can be read. */
export function misread(text: string): Misread | null {
  const trimmed = text.trim();
  if (trimmed === "") return { column: 1, message: "Say what is compared, such as rsi(close,14) or 30." };
  if (isNumber(trimmed)) return null;
  if (isOfAlert(trimmed)) {
    return ALERT.test(trimmed) ? null : { column: 7, message: "Name a field, such as alert.price." };
  }
  try {
    const reader = new Reader(text);
    reader.expression(0);
    reader.end();
    return null;
  } catch (thrown) {
    if (thrown instanceof Wrong) return { column: thrown.column, message: thrown.message };
    throw thrown;
  }
}

class Wrong extends Error {
  readonly column: number;
  constructor(place: number, message: string) {
    super(message);
    this.column = place + 1;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  expression(depth: number): void {
    if (depth > NESTING_MAX) throw new Wrong(this.#at, `At most ${NESTING_MAX} inside one another.`);
    this.#space();
    const start = this.#at;
    const name = this.#word();
    if (name === "") throw new Wrong(start, "An indicator or a price is expected, such as ema(close,50).");
    if (this.#peek() === "(") this.#call(name, start, depth);
    else if (!SOURCES.some((source) => source === name)) throw new Wrong(start, unknown(name));
    this.#back();
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw new Wrong(this.#at, "Nothing is expected here.");
  }

  #call(name: string, start: number, depth: number): void {
    const indicator = INDICATORS.find((known) => known.name === name);
    if (!indicator) throw new Wrong(start, unknown(name));
    const form = `${name}(${indicator.parameters.join(",")})`;
    this.#at += 1;
    for (const [index, parameter] of indicator.parameters.entries()) {
      if (index > 0) this.#expect(",", `${form} takes ${indicator.parameters.length}.`);
      if (PRICES.has(parameter)) this.expression(depth + 1);
      else this.#number(parameter);
    }
    this.#expect(")", indicator.parameters.length === 0 ? `${form} takes nothing.` : `${form} ends here.`);
    this.#output(name, indicator.outputs);
  }

  #output(name: string, outputs: readonly string[]): void {
    const at = this.#at;
    if (this.#peek() !== ".") {
      if (outputs.length === 0) return;
      const choices = outputs.map((output) => `.${output}`).join(", ");
      throw new Wrong(at, `${name} has several results: add ${choices}.`);
    }
    this.#at += 1;
    const output = this.#word();
    if (!outputs.includes(output)) {
      const known = outputs.length === 0 ? "one result without a name" : outputs.join(", ");
      throw new Wrong(at, `${name} has ${known}.`);
    }
  }

  #number(parameter: string): void {
    this.#space();
    const start = this.#at;
    const text = /^[\d.]*/.exec(this.#text.slice(start))?.[0] ?? "";
    this.#at += text.length;
    const broken = parameter === "mult" || parameter === "factor";
    if (!NUMBER.test(text) || Number(text) <= 0 || Number(text) > LENGTH_MAX) {
      throw new Wrong(start, `${parameter} is a number above 0, at most ${LENGTH_MAX}.`);
    }
    if (!broken && text.includes(".")) throw new Wrong(start, `${parameter} counts bars: a whole number.`);
  }

  /** `[k]`: bars ago. */
  #back(): void {
    this.#space();
    if (this.#peek() !== "[") return;
    const start = this.#at;
    const found = /^\[\s*(\d{1,4})\s*\]/.exec(this.#text.slice(start));
    if (!found) throw new Wrong(start, "Bars ago are a whole number, such as close[1].");
    this.#at += found[0].length;
  }

  #expect(mark: string, message: string): void {
    this.#space();
    if (this.#peek() !== mark) throw new Wrong(this.#at, message);
    this.#at += 1;
  }

  #word(): string {
    const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += word.length;
    return word;
  }

  #space(): void {
    while (this.#peek() === " ") this.#at += 1;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }
}

function unknown(name: string): string {
  const lower = name.toLowerCase();
  const known = [...INDICATORS.map((indicator) => indicator.name), ...SOURCES];
  const near = known.find((word) => word === lower || word.startsWith(lower) || lower.startsWith(word));
  return near === undefined ? `${name} is no indicator and no price.` : `${name} is unknown; ${near}?`;
}
