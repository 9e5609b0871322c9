// A list of the books, newest first: the newest page is read again with every change, older ones on the way down.
import { failure, type RpcFailure } from "@/lib/rpc";
import { desk } from "@/lib/store/desk.svelte";
import { Turns } from "@/lib/store/turns";

export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

export type ReadPage<Row> = (limit: number, before: string | null) => Promise<Page<Row>>;

export const PAGE = 100;
/** The most rows that one call answers. */
export const PAGE_MAX = 500;

export class Pages<Row extends { id: string }> {
  rows = $state.raw<Row[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);
  /** Whether the rows are all there are. */
  complete = $state(false);

  readonly #page: number;
  #read: ReadPage<Row> | null = null;
  #next: string | null = null;
  #older = false;
  /** Counts the lists that were followed: answers for an earlier one are dropped. */
  #generation = 0;
  readonly #turns = new Turns(() => this.#newest());

  constructor(page = PAGE) {
    this.#page = page;
  }

  /** Shows another list, and keeps its newest rows as new as the books; the answer ends it. */
  follow(read: ReadPage<Row>): () => void {
    this.#generation += 1;
    this.#read = read;
    this.#take([], null);
    this.complete = false;
    this.phase = "loading";
    this.problem = null;
    void this.load();
    return desk.listen((batch) => {
      if (batch.account || batch.overflow) void this.load();
    });
  }

  load(): Promise<void> {
    return this.#turns.ask();
  }

  /** Reads the page below. */
  async older(): Promise<void> {
    const read = this.#read;
    const before = this.#next;
    if (!read || before === null || this.#older || this.phase !== "ready") return;
    const generation = this.#generation;
    this.#older = true;
    try {
      const page = await read(this.#page, before);
      // Where the newest page was read meanwhile, the cursor says whether this one still follows.
      if (generation !== this.#generation || before !== this.#next) return;
      this.#take([...this.rows, ...page.rows], page.next);
      this.problem = null;
    } catch (thrown) {
      if (generation === this.#generation) this.problem = failure(thrown);
    } finally {
      this.#older = false;
    }
  }

  async #newest(): Promise<void> {
    const read = this.#read;
    const generation = this.#generation;
    if (!read) return;
    try {
      // What was read on the way down is read again with it: rows there may have changed as well.
      const page = await read(Math.min(PAGE_MAX, Math.max(this.#page, this.rows.length)), null);
      if (generation !== this.#generation) return;
      const last = page.rows.at(-1);
      const place = last ? this.rows.findIndex((row) => row.id === last.id) : -1;
      const below = place < 0 || page.next === null ? [] : this.rows.slice(place + 1);
      this.#take([...page.rows, ...below], below.length > 0 ? this.#next : page.next);
      this.phase = "ready";
      this.problem = null;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  #take(rows: Row[], next: string | null): void {
    this.rows = rows;
    this.#next = next;
    this.complete = next === null;
  }
}
