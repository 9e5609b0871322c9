// The history as the list shows it: a bounded window of rows, newest first, older ones by keyset pages.
import type { Batch, SignalQuery, SignalRow } from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";

const PAGE = 200;
/** The most rows kept at a time; the far side is let go. */
export const WINDOW_MAX = 5_000;

export interface Filter {
  status: string[];
  webhookId: string | null;
  words: string;
}

export const NO_FILTER: Filter = { status: [], webhookId: null, words: "" };

export class SignalFeed {
  rows = $state.raw<SignalRow[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);
  loadingOlder = $state(false);
  /** How many rows came while the list was held still. */
  fresh = $state(0);
  /** Whether rows may have come, while the list was held still, of which only Rust knows whether they fit. */
  unsure = $state(false);
  /** Whether a signal ever came from outside: no test, no replay. */
  seenReal = $state(false);
  filter = $state.raw<Filter>(NO_FILTER);
  ended = $state(false);

  #next: string | null = null;
  #held = false;
  /** Whether the newest rows were let go, or newer ones were not taken in: the top is elsewhere. */
  #behind = false;
  #generation = 0;
  /** How many batches told of signals; a page that is read meanwhile may not know of them. */
  #told = 0;
  readonly #unseen = new Set<string>();

  /** Reads the newest page of a filter. */
  async load(filter: Filter = this.filter): Promise<void> {
    const generation = ++this.#generation;
    const changed = !same(filter, this.filter);
    this.filter = filter;
    if (changed) this.rows = [];
    if (this.rows.length === 0) this.phase = "loading";
    const told = this.#told;
    try {
      const page = await rpc("signals.list", query(filter, null));
      if (generation !== this.#generation) return;
      this.#catchUp();
      this.rows = page.signals;
      this.#next = page.next;
      this.ended = page.next === null;
      this.phase = "ready";
      this.problem = null;
      this.#noteReal(page.signals);
      if (told !== this.#told) void this.load();
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.problem = failure(thrown);
      this.phase = "failed";
    }
  }

  /** Reads the page below; answers how many rows were let go at the top. */
  async older(): Promise<number> {
    if (this.loadingOlder || this.#next === null || this.phase !== "ready") return 0;
    const generation = this.#generation;
    this.loadingOlder = true;
    try {
      const page = await rpc("signals.list", query(this.filter, this.#next));
      if (generation !== this.#generation) return 0;
      const known = new Set(this.rows.map((row) => row.id));
      const all = [...this.rows, ...page.signals.filter((row) => !known.has(row.id))];
      const gone = Math.max(0, all.length - WINDOW_MAX);
      if (gone > 0) this.#behind = true;
      this.rows = gone > 0 ? all.slice(gone) : all;
      this.#next = page.next;
      this.ended = page.next === null;
      return gone;
    } catch (thrown) {
      this.problem = failure(thrown);
      return 0;
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Holds the list still while it is read, or lets it move again. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held && (this.#behind || this.fresh > 0)) void this.load();
  }

  /** Takes in what changed. */
  apply(batch: Batch): void {
    if (batch.overflow) {
      if (this.#held) this.#behind = true;
      else void this.load();
      return;
    }
    this.#noteReal(batch.signals);
    if (batch.signals.length > 0) this.#told += 1;
    if (batch.signals.length === 0 || this.phase !== "ready") return;
    let rows = [...this.rows];
    for (const row of batch.signals) {
      const place = rows.findIndex((other) => other.id === row.id);
      const fits = matches(row, this.filter);
      if (place >= 0) {
        // A row that no longer fits stays where it is read, until the list moves again.
        if (fits || this.#held) rows[place] = row;
        else rows = rows.filter((other) => other.id !== row.id);
        this.#behind ||= !fits && this.#held;
      } else if (fits === true) this.#arrive(row, rows);
      else if (fits === "unknown" && !this.#held) void this.load();
      else if (fits === "unknown") this.#behind = this.unsure = true;
    }
    this.rows = rows;
    this.fresh = this.#unseen.size;
    // Nobody looks at the far end while the list is at its top: begin again from one page.
    if (rows.length > WINDOW_MAX && !this.#held) void this.load();
  }

  /** Puts a row where its time belongs; while the list is held still it is only counted. */
  #arrive(row: SignalRow, rows: SignalRow[]): void {
    const place = rows.findIndex((other) => byArrival(other, row) <= 0);
    if (this.#held || this.#behind) {
      if (place === 0 || rows.length === 0) this.#unseen.add(row.id);
      else this.#behind = true;
    } else if (place >= 0) rows.splice(place, 0, row);
    else if (this.ended) rows.push(row);
  }

  #catchUp(): void {
    this.#behind = false;
    this.#unseen.clear();
    this.fresh = 0;
    this.unsure = false;
  }

  #noteReal(rows: SignalRow[]): void {
    this.seenReal ||= rows.some((row) => !row.test && !row.replayed && row.replayable);
  }
}

/** A filter as Rust takes it. */
export function asked(filter: Filter): SignalQuery {
  return {
    ...(filter.status.length > 0 ? { status: filter.status } : {}),
    ...(filter.webhookId !== null ? { webhook_id: filter.webhookId } : {}),
    ...(filter.words !== "" ? { query: filter.words } : {}),
  };
}

function query(filter: Filter, before: string | null): SignalQuery {
  return { ...asked(filter), limit: PAGE, ...(before !== null ? { before } : {}) };
}

/** Below zero where the first one came first; signals of one message share its time. */
export function byArrival(one: SignalRow, other: SignalRow): number {
  if (one.received_at === other.received_at) return one.leg - other.leg;
  return one.received_at < other.received_at ? -1 : 1;
}

function same(one: Filter, other: Filter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a row belongs to a filter; words are matched against the body, which only Rust has. */
function matches(row: SignalRow, filter: Filter): boolean | "unknown" {
  if (filter.webhookId !== null && row.webhook_id !== filter.webhookId) return false;
  const named = filter.status.includes(row.status) || (row.replayed && filter.status.includes("replayed"));
  if (filter.status.length > 0 && !named) return false;
  return filter.words === "" ? true : "unknown";
}

export const feed = new SignalFeed();

/** Begins to follow the desk; the answer ends it. */
export function followSignals(): () => void {
  return desk.listen((batch) => feed.apply(batch));
}
