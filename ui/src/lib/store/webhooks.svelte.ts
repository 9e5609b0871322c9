// The webhooks and what is done with them. Tokens pass through `create` and `rotate` and are kept nowhere.
import type {
  CopyKind,
  NewWebhook,
  SignalPage,
  TestSent,
  Webhook,
  WebhookCreated,
  WebhookPatch,
} from "@/bindings";
import { desk } from "@/lib/store/desk.svelte";
import { warn } from "@/lib/store/notices";
import { failure, rpc, type RpcFailure } from "@/lib/rpc";
import { webhookWord } from "@/lib/search";

class WebhookStore {
  list = $state.raw<Webhook[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<RpcFailure | null>(null);
  readonly busiest: Webhook | null = $derived(
    this.list.reduce<Webhook | null>(
      (most, webhook) => (most === null || webhook.recent_3min > most.recent_3min ? webhook : most),
      null,
    ),
  );

  async load(): Promise<void> {
    try {
      this.list = await rpc("webhooks.list", {});
      this.phase = "ready";
      this.problem = null;
    } catch (thrown) {
      this.problem = failure(thrown);
      if (this.phase !== "ready") this.phase = "failed";
    }
  }

  byId(id: string): Webhook | null {
    return this.list.find((webhook) => webhook.id === id) ?? null;
  }

  /** By name, whatever its case, or by id. */
  named(name: string): Webhook | null {
    const wanted = name.toLowerCase();
    return this.list.find((webhook) => webhook.name.toLowerCase() === wanted || webhook.id === name) ?? null;
  }

  /** How the search names it. */
  word(webhook: Webhook): string {
    return webhookWord(webhook, this.list);
  }

  async create(webhook: NewWebhook): Promise<WebhookCreated> {
    const created = await rpc("webhooks.create", webhook);
    await this.#changed();
    return created;
  }

  async edit(patch: WebhookPatch): Promise<void> {
    await rpc("webhooks.edit", patch);
    await this.#changed();
  }

  async setPaused(id: string, paused: boolean): Promise<void> {
    await rpc(paused ? "webhooks.pause" : "webhooks.resume", { id });
    await this.#changed();
  }

  async rotate(id: string): Promise<WebhookCreated> {
    const rotated = await rpc("webhooks.rotate", { id });
    await this.#changed();
    return rotated;
  }

  async remove(id: string): Promise<void> {
    await rpc("webhooks.delete", { id });
    await this.#changed();
  }

  copy(id: string, kind: CopyKind): Promise<{ label: string; complete: boolean }> {
    return rpc("webhooks.copy", { id, kind });
  }

  test(id: string): Promise<TestSent> {
    return rpc("webhooks.test", { id });
  }

  /** Brings the account to where the strategy says that it stands, for one symbol. */
  async resync(id: string, symbol: string): Promise<SignalPage> {
    const page = await rpc("webhooks.resync", { id, symbol });
    await this.#changed();
    return page;
  }

  async #changed(): Promise<void> {
    await Promise.all([this.load(), desk.refresh()]);
  }
}

export const webhooks = new WebhookStore();

/** The cards are read again at most this often while signals come in, ms. */
const SETTLE_MS = 1_000;

/** Begins to follow the desk; the answer ends it. */
export function followWebhooks(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = desk.listen((batch) => {
    for (const notice of batch.notices ?? []) warn(notice.title, notice.text);
    if (batch.webhooks || batch.overflow || batch.notices !== undefined) void webhooks.load();
    else if (batch.signals.length > 0) {
      timer ??= setTimeout(() => {
        timer = undefined;
        void webhooks.load();
      }, SETTLE_MS);
    }
  });
  return () => {
    end();
    clearTimeout(timer);
  };
}
