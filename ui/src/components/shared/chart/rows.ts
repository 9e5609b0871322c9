// Rows that the charts show.
import type { PricePoint } from "@/bindings";

/** A candle; its time is its open. */
export interface Bar {
  at: string;
  open: string;
  high: string;
  low: string;
  close: string;
}

/** In order of time: what is drawn under the fills of a symbol: candles where the account has a venue, else the prices seen. */
export type Prices =
  | { kind: "candles"; bars: readonly Bar[] }
  | { kind: "line"; points: readonly Pick<PricePoint, "at" | "price">[] };
