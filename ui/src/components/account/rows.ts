// Rows of an account that its pane shows. Decimals are text; statistics are numbers, null where they are undefined.

/** A round trip from flat to flat. */
export interface Trade {
  symbol: string;
  direction: string;
  quantity_max: string;
  price_entry: string;
  price_exit: string;
  gross: string;
  fees: string;
  net: string;
  /** Net over what was at risk when it was opened; null without a stop. */
  r: string | null;
  /** The worst and the best open profit on the way; null when no price was seen. */
  mae: string | null;
  mfe: string | null;
  opened_at: string;
  closed_at: string;
}

/** A candle; its time is its open. */
export interface Bar {
  at: string;
  open: string;
  high: string;
  low: string;
  close: string;
}

export interface PricePoint {
  at: string;
  price: string;
}

/** In order of time: what is drawn under the fills of a symbol: candles where the account has a venue, else the prices seen. */
export type Prices =
  { kind: "candles"; bars: readonly Bar[] } | { kind: "line"; points: readonly PricePoint[] };

/** How much of a limit is used today: what the limit counts, and what it has come to, as decimal text. */
export type Usage = Partial<Record<string, string>>;
