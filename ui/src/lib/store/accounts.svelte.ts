// Paper accounts: one is looked at, with its positions, orders and fills.
import type { Account, Fill, NewAccount, Order, Position } from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { navigation } from "@/lib/store/navigation.svelte";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";

const PAGE = 100;

class AccountStore {
  list = $state.raw<Account[]>([]);
  positions = $state.raw<Position[]>([]);
  orders = $state.raw<Order[]>([]);
  fills = $state.raw<Fill[]>([]);
  ordersNext = $state.raw<string | null>(null);
  fillsNext = $state.raw<string | null>(null);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);
  #chosen = $state<string | null>(null);

  readonly current: Account | null = $derived(
    this.list.find((account) => account.id === this.#chosen) ?? this.list[0] ?? null,
  );

  #generation = 0;

  async choose(id: string): Promise<void> {
    this.#chosen = id;
    await this.load();
  }

  async load(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const list = await rpc("accounts.list", {});
      const account = list.find((one) => one.id === this.#chosen) ?? list[0];
      const named = account ? { account_id: account.id } : {};
      const [positions, orders, fills] = await Promise.all([
        rpc("positions.list", named),
        rpc("orders.list", { ...named, limit: PAGE }),
        rpc("fills.list", { ...named, limit: PAGE }),
      ]);
      if (generation !== this.#generation) return;
      this.list = list;
      this.positions = positions;
      this.orders = orders.orders;
      this.ordersNext = orders.next;
      this.fills = fills.fills;
      this.fillsNext = fills.next;
      this.phase = "ready";
      this.problem = null;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  async olderOrders(): Promise<void> {
    const account = this.current;
    const before = this.ordersNext;
    if (!account || before === null) return;
    const page = await rpc("orders.list", { account_id: account.id, limit: PAGE, before });
    this.orders = [...this.orders, ...page.orders];
    this.ordersNext = page.next;
  }

  async olderFills(): Promise<void> {
    const account = this.current;
    const before = this.fillsNext;
    if (!account || before === null) return;
    const page = await rpc("fills.list", { account_id: account.id, limit: PAGE, before });
    this.fills = [...this.fills, ...page.fills];
    this.fillsNext = page.next;
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
