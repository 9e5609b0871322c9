// Signals that were picked out of the history to be replayed together.
import type { SignalRow } from "@/bindings";
import { SvelteMap } from "svelte/reactivity";

/** Rust replays so many at a time. */
export const MARKS_MAX = 500;

export class Marks {
  readonly #rows = new SvelteMap<string, SignalRow>();

  get size(): number {
    return this.#rows.size;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  toggle(row: SignalRow): void {
    if (!this.#rows.delete(row.id)) this.add([row]);
  }

  /** Marks these too, the first ones first; answers whether all of them found room. */
  add(rows: readonly SignalRow[]): boolean {
    for (const row of rows) {
      if (this.#rows.size >= MARKS_MAX && !this.#rows.has(row.id)) return false;
      this.#rows.set(row.id, row);
    }
    return true;
  }

  /** Takes in what has become of them. */
  refresh(rows: readonly SignalRow[]): void {
    for (const row of rows) if (this.#rows.has(row.id)) this.#rows.set(row.id, row);
  }

  clear(): void {
    this.#rows.clear();
  }

  /** Those that can be replayed, in the order in which they came: so they trade again. */
  replayable(): SignalRow[] {
    const able = [...this.#rows.values()].filter((row) => row.replayable && row.status !== "received");
    return able.sort((one, other) => (one.received_at < other.received_at ? -1 : 1));
  }
}
