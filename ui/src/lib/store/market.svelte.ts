// The venues of the market data: how each is doing, who trades there, and what waits for it.
import type { Account, VenueStatus } from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";
import { Turns } from "@/lib/store/turns";

/** Quotes come all the time; they are looked at again this often at most, ms. */
const REST_MS = 1_000;

export class MarketStore {
  /** Those in trouble first. */
  venues = $state.raw<VenueStatus[]>([]);
  accounts = $state.raw<Account[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);

  readonly #turns = new Turns(() => this.#read());

  readonly down = $derived(this.venues.filter(({ state }) => state === "down"));

  load(): Promise<void> {
    return this.#turns.ask();
  }

  async #read(): Promise<void> {
    try {
      const [status, accounts] = await Promise.all([rpc("market.status", {}), rpc("accounts.list", {})]);
      this.venues = status.venues.toSorted(
        (one, other) => Number(other.state === "down") - Number(one.state === "down"),
      );
      this.accounts = accounts;
      this.phase = "ready";
      this.problem = null;
    } catch (thrown) {
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  /** The venue of this name, where an account is on it. */
  of(name: string): VenueStatus | null {
    return this.venues.find(({ venue }) => venue === name) ?? null;
  }

  /** Whose prices come from there. */
  accountsOn(name: string): Account[] {
    return this.accounts.filter(({ venue }) => venue === name);
  }

  accountName(id: string): string {
    return this.accounts.find((account) => account.id === id)?.name ?? id;
  }

  /** The venue that the signals of an account in a symbol wait for now. */
  waitedFor(accountId: string | null, symbol: string | null): VenueStatus | null {
    const waits = (venue: VenueStatus) =>
      venue.lanes.some((lane) => lane.account_id === accountId && lane.symbol === symbol);
    return this.venues.find(waits) ?? null;
  }
}

export const market = new MarketStore();

/** Begins to follow the desk; the answer ends it. */
export function followMarket(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  void market.load();
  const deaf = desk.listen((batch) => {
    if (!batch.account && !batch.overflow && batch.signals.length === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void market.load();
    }, REST_MS);
  });
  return () => {
    clearTimeout(timer);
    deaf();
  };
}
