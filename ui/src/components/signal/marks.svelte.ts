// Signals that were picked out of the history to be replayed together.
import type { SignalRow } from "@/bindings";
import { byArrival } from "@/lib/store/signals.svelte";
import { SvelteMap } from "svelte/reactivity";

/** Rust replays so many at a time. */
export const MARKS_MAX = 500;

/** One that waits has nothing to repeat yet. */
export const canReplay = (row: SignalRow): boolean => row.replayable && row.status !== "received";

export class Marks {
  readonly #rows = new SvelteMap<string, SignalRow>();

  get size(): number {
    return this.#rows.size;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** Marks it, or takes the mark away; answers whether there was room. */
  toggle(row: SignalRow): boolean {
    return this.#rows.delete(row.id) || this.add([row]);
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
    if (this.#rows.size === 0) return;
    for (const row of rows) if (this.#rows.has(row.id)) this.#rows.set(row.id, row);
  }

  clear(): void {
    this.#rows.clear();
  }

  /** Those that can be replayed, in the order in which they came: so they trade again. */
  replayable(): SignalRow[] {
    return [...this.#rows.values()].filter(canReplay).sort(byArrival);
  }
}
