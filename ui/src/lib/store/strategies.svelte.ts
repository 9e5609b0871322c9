// The saved strategies and what is done with them.
import type { Strategy, StrategyCheck, StrategyTest, StrategyTestRequest } from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";
import { Turns } from "@/lib/store/turns";

export class StrategyStore {
  list = $state.raw<Strategy[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);

  readonly #turns = new Turns(() => this.#read());

  load(): Promise<void> {
    return this.#turns.ask();
  }

  async #read(): Promise<void> {
    try {
      this.list = await rpc("strategies.list", {});
      this.phase = "ready";
      this.problem = null;
    } catch (thrown) {
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  byId(id: string | null): Strategy | null {
    return this.list.find((strategy) => strategy.id === id) ?? null;
  }

  /** A revision as it was. */
  show(id: string, revision: number): Promise<Strategy> {
    return rpc("strategies.show", { id, revision });
  }

  async add(file: string): Promise<Strategy> {
    const added = await rpc("strategies.add", { file });
    await this.load();
    return added;
  }

  /** Makes a new revision; what earlier ones said stays readable. */
  async edit(id: string, file: string): Promise<Strategy> {
    const edited = await rpc("strategies.edit", { id, file });
    await this.load();
    return edited;
  }

  async enable(id: string, on: boolean): Promise<void> {
    await rpc(on ? "strategies.enable" : "strategies.disable", { id });
    await this.#changed();
  }

  async remove(id: string): Promise<void> {
    await rpc("strategies.delete", { id });
    await this.#changed();
  }

  check(file: string): Promise<StrategyCheck> {
    return rpc("strategies.check", { file });
  }

  test(request: StrategyTestRequest): Promise<StrategyTest> {
    return rpc("strategies.test", request);
  }

  async #changed(): Promise<void> {
    await Promise.all([this.load(), desk.refresh()]);
  }
}

export const strategies = new StrategyStore();

/** Begins to follow the desk; the answer ends it. */
export function followStrategies(): () => void {
  void strategies.load();
  return desk.listen((batch) => {
    if (batch.webhooks || batch.overflow) void strategies.load();
  });
}
