// The only file that talks to Tauri: one command that asks, one channel that hears.
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Batch } from "@/bindings";

/** Asks the desk. Rejects with whatever the other side threw: see rpc.ts. */
export async function ask(method: string, params: object): Promise<unknown> {
  return invoke("rpc", { method, params });
}

/** Hears of every change from now on; a second call replaces the first. */
export async function hear(onBatch: (batch: Batch) => void): Promise<void> {
  await invoke("subscribe", { channel: new Channel<Batch>(onBatch) });
}
