// The tunnel: where it stands, what it went through, and what may have been lost meanwhile.
import type { TimelineRow, TunnelGap, TunnelStatus, TunnelTest } from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";
import { Turns } from "@/lib/store/turns";

const PAGE = 100;

export class TunnelStore {
  status = $state.raw<TunnelStatus | null>(null);
  rows = $state.raw<TimelineRow[]>([]);
  gaps = $state.raw<TunnelGap[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);
  /** Whether the rows are all there are. */
  complete = $state(false);

  #next: string | null = null;
  #older = false;
  readonly #turns = new Turns(() => this.#read());

  load(): Promise<void> {
    return this.#turns.ask();
  }

  async #read(): Promise<void> {
    try {
      const [status, timeline] = await Promise.all([
        rpc("tunnel.status", {}),
        rpc("tunnel.timeline", { limit: PAGE }),
      ]);
      this.status = status;
      this.rows = timeline.rows;
      this.gaps = timeline.gaps;
      this.#next = timeline.next;
      this.complete = timeline.next === null;
      this.phase = "ready";
      this.problem = null;
    } catch (thrown) {
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  /** Reads the page below. */
  async older(): Promise<void> {
    const before = this.#next;
    if (before === null || this.#older) return;
    this.#older = true;
    try {
      const page = await rpc("tunnel.timeline", { limit: PAGE, before });
      if (before !== this.#next) return;
      this.rows = [...this.rows, ...page.rows];
      this.gaps = [...this.gaps, ...page.gaps];
      this.#next = page.next;
      this.complete = page.next === null;
    } catch (thrown) {
      this.problem = failure(thrown);
    } finally {
      this.#older = false;
    }
  }

  /** Takes what the desk pushed; what came before it is read anew. */
  hear(status: TunnelStatus): void {
    this.status = status;
    void this.load();
  }

  async reconnect(): Promise<void> {
    this.status = await rpc("tunnel.reconnect", {});
  }

  async setToken(token: string): Promise<void> {
    this.status = await rpc("tunnel.set_token", { token });
  }

  async clearToken(): Promise<void> {
    this.status = await rpc("tunnel.clear_token", {});
  }

  /** The user has brought the new address into TradingView. */
  async acknowledge(): Promise<void> {
    this.status = await rpc("tunnel.acknowledge", {});
  }

  async test(): Promise<TunnelTest> {
    const test = await rpc("tunnel.test", {});
    if (this.status) this.status = { ...this.status, last_test: test };
    return test;
  }

  async set(key: string, value: string): Promise<void> {
    await rpc("settings.set", { key: `tunnel.${key}`, value });
    await Promise.all([this.load(), desk.refresh()]);
  }
}

export const tunnel = new TunnelStore();

/** Begins to follow the desk; the answer ends it. */
export function followTunnel(): () => void {
  void tunnel.load();
  return desk.listen((batch) => {
    if (batch.tunnel) tunnel.hear(batch.tunnel);
    // Another process may be the worker: then its state comes with the figures of the frame.
    else if (batch.overflow) void tunnel.load();
  });
}
