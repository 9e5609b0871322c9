// The state of the machine behind the window, and the live channel that everything else listens to.
import type { Batch, Status } from "@/bindings";
import { hear } from "@/lib/platform";
import { failure, rpc, rpcWithin, type RpcFailure, UNREACHABLE } from "@/lib/rpc";

/** How often the figures of the frame are asked for when nothing is pushed, ms. */
const POLL_MS = 3_000;
/** How long the desk may take to answer before it counts as gone, ms. */
const ANSWER_MS = 6_000;
/** Batches reach the lists at most this often, ms. */
const SETTLE_MS = 250;

type Listener = (batch: Batch) => void;

class DeskStore {
  status = $state.raw<Status | null>(null);
  link = $state<"connecting" | "online" | "lost">("connecting");
  problem = $state.raw<RpcFailure | null>(null);
  /** This computer's time, once a second. */
  now = $state(Date.now());
  /** When the figures shown were true. */
  seenAt = $state<number | null>(null);

  readonly #listeners = new Set<Listener>();
  #waiting: Batch | null = null;
  #settledAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to follow the desk; the answer ends it. */
  start(): () => void {
    const tick = setInterval(() => (this.now = Date.now()), 1_000);
    const poll = setInterval(() => void this.refresh(), POLL_MS);
    void this.connect();
    return () => {
      clearInterval(tick);
      clearInterval(poll);
      clearTimeout(this.#timer);
    };
  }

  async connect(): Promise<void> {
    try {
      await hear((batch) => this.#receive(batch));
      await this.refresh();
    } catch (thrown) {
      this.#lost(failure(thrown));
    }
  }

  async refresh(): Promise<void> {
    try {
      const status = await rpcWithin(ANSWER_MS, "status", {});
      const wasLost = this.link === "lost";
      this.#seen(status);
      if (wasLost) {
        await hear((batch) => this.#receive(batch));
        this.#publish({
          signals: [],
          overflow: true,
          account: true,
          webhooks: true,
          status: null,
          tunnel: null,
        });
      }
    } catch (thrown) {
      const problem = failure(thrown);
      if (problem.code === UNREACHABLE) this.#lost(problem);
    }
  }

  /** The kill switch. */
  async pauseAll(on: boolean): Promise<void> {
    this.#seen(await rpc("kill.set", { on }));
  }

  /** Ends Pitwire: nothing listens for alerts any more. */
  async quit(): Promise<void> {
    await rpc("quit", {});
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #receive(batch: Batch): void {
    if (batch.status) this.#seen(batch.status);
    this.#waiting = this.#waiting ? merged(this.#waiting, batch) : batch;
    const wait = Math.max(0, this.#settledAt + SETTLE_MS - Date.now());
    clearTimeout(this.#timer);
    if (wait === 0) this.#settle();
    else this.#timer = setTimeout(() => this.#settle(), wait);
  }

  #settle(): void {
    const batch = this.#waiting;
    this.#waiting = null;
    this.#settledAt = Date.now();
    if (batch) this.#publish(batch);
  }

  #publish(batch: Batch): void {
    for (const listener of this.#listeners) listener(batch);
  }

  #seen(status: Status): void {
    this.status = status;
    this.link = "online";
    this.problem = null;
    this.seenAt = Date.now();
  }

  #lost(problem: RpcFailure): void {
    this.link = "lost";
    this.problem = problem;
  }
}

function merged(earlier: Batch, later: Batch): Batch {
  const notices = [...(earlier.notices ?? []), ...(later.notices ?? [])];
  return {
    signals: [...earlier.signals, ...later.signals],
    overflow: earlier.overflow || later.overflow,
    ...(notices.length > 0 && { notices }),
    account: earlier.account || later.account,
    webhooks: earlier.webhooks || later.webhooks,
    status: later.status ?? earlier.status,
    tunnel: later.tunnel ?? earlier.tunnel,
  };
}

export const desk = new DeskStore();
