// Paper accounts: one is looked at, with its positions, its live orders and what is used of its limits.
import type { Account, NewAccount, Order, Position, RiskUse } from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { navigation } from "@/lib/store/navigation.svelte";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";
import { Turns } from "@/lib/store/turns";

export class AccountStore {
  list = $state.raw<Account[]>([]);
  positions = $state.raw<Position[]>([]);
  /** Orders that can still change, the held children of brackets too. */
  orders = $state.raw<Order[]>([]);
  limits = $state.raw<RiskUse[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);
  #chosen = $state<string | null>(null);

  readonly current: Account | null = $derived(this.#of(this.list));

  readonly #turns = new Turns(() => this.#read());

  async choose(id: string): Promise<void> {
    this.#chosen = id;
    // Nothing of one account stands under the name of another.
    this.positions = [];
    this.orders = [];
    this.limits = [];
    await this.load();
  }

  load(): Promise<void> {
    return this.#turns.ask();
  }

  #of(list: readonly Account[]): Account | null {
    return list.find((account) => account.id === this.#chosen) ?? list[0] ?? null;
  }

  async #read(): Promise<void> {
    try {
      const list = await rpc("accounts.list", {});
      const account = this.#of(list);
      const named = account ? { account_id: account.id } : {};
      const [positions, orders, limits] = await Promise.all([
        rpc("positions.list", named),
        rpc("orders.list", { ...named, live: true }),
        rpc("accounts.risk", named),
      ]);
      this.list = list;
      this.phase = "ready";
      this.problem = null;
      // Another account was chosen meanwhile: its own answer is on its way.
      if (account?.id !== this.current?.id) return;
      this.positions = positions;
      this.orders = orders.orders;
      this.limits = limits;
    } catch (thrown) {
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  async create(account: NewAccount): Promise<void> {
    const created = await rpc("accounts.create", account);
    await this.choose(created.id);
  }

  async set(id: string, settings: Record<string, string>): Promise<void> {
    await rpc("accounts.set", { account_id: id, settings });
    await this.#changed();
  }

  async pay(id: string, amount: string, direction: "deposit" | "withdraw"): Promise<void> {
    await rpc(direction === "deposit" ? "accounts.deposit" : "accounts.withdraw", { account_id: id, amount });
    await this.#changed();
  }

  async reset(id: string): Promise<void> {
    await rpc("accounts.reset", { account_id: id });
    await this.#changed();
  }

  /** Puts it away; another one is shown from then on. */
  async archive(id: string): Promise<void> {
    await rpc("accounts.archive", { account_id: id });
    const other = this.list.find((account) => account.id !== id);
    if (other) await this.choose(other.id);
    else await this.#changed();
  }

  async close(position: Position): Promise<Order[]> {
    const orders = await rpc("positions.close", {
      account_id: position.account_id,
      symbol: position.symbol,
    });
    await this.#changed();
    return orders;
  }

  async flatten(id: string): Promise<Order[]> {
    const orders = await rpc("positions.flatten", { account_id: id });
    await this.#changed();
    return orders;
  }

  /** An order that was filled or ended in the meantime is refused, and shown as it is. */
  async cancel(order: Order): Promise<void> {
    try {
      await rpc("orders.cancel", { id: order.id });
    } finally {
      await this.#changed();
    }
  }

  async #changed(): Promise<void> {
    await Promise.all([this.load(), desk.refresh()]);
  }
}

export const accounts = new AccountStore();

/** Begins to follow the desk; the answer ends it. */
export function followAccounts(): () => void {
  return desk.listen((batch) => {
    // Elsewhere nobody looks; the pane reads it all when it is shown.
    if ((batch.account || batch.overflow) && navigation.pane === "account") void accounts.load();
  });
}
