// Which pane is shown and which signal is open.
import { preferences } from "@/lib/store/preferences.svelte";

export const PANES = ["signals", "webhooks", "account", "pipelines", "market", "tunnel", "settings"] as const;
export type Pane = (typeof PANES)[number];

class Navigation {
  pane = $state<Pane>("signals");
  signalId = $state<string | null>(null);
  /** The text of the search box. */
  search = $state("");
  /** Whether the webhooks are to open with the dialog for a new one. */
  wantsWebhook = $state(false);
  /** Which dialog of the frame is open. */
  overlay = $state<"palette" | "help" | "resume" | "reasons" | "quit" | null>(null);
  /** Whether a strategy is open with changes that only the editor has. */
  unsaved = $state(false);

  /** The strategy that is to be opened. */
  strategyId = $state<string | null>(null);
  /** The code that the reasons are to be opened at. */
  reason = $state<string | null>(null);

  #went = false;

  /** Goes where the last window was, unless the user has gone somewhere already. */
  restore(): void {
    if (!this.#went) this.pane = PANES.find((pane) => pane === preferences.pane) ?? "signals";
    this.search = preferences.signalFilter;
  }

  go(pane: Pane): void {
    this.#went = true;
    this.pane = pane;
    void preferences.set({ pane });
  }

  /** What a code means and how to mend it; all of them without one. */
  openReasons(code: string | null = null): void {
    this.reason = code;
    this.overlay = "reasons";
  }

  openStrategy(id: string): void {
    this.strategyId = id;
    this.go("pipelines");
  }

  openSignal(id: string): void {
    this.signalId = id;
    this.go("signals");
  }
}

export const navigation = new Navigation();
