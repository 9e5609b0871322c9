// The window's preferences: kept by Rust in settings.json, applied to the page here.
import type { Preferences } from "@/bindings";
import { rpc } from "@/lib/rpc";
import type { Zone } from "@/lib/time";

export type Theme = "system" | "dark" | "light";

class PreferencesStore {
  #given = $state.raw<Preferences>({});
  #systemDark = $state(true);

  readonly theme: Theme = $derived(
    this.#given.theme === "dark" || this.#given.theme === "light" ? this.#given.theme : "system",
  );
  readonly shade: "dark" | "light" = $derived(
    this.theme === "system" ? (this.#systemDark ? "dark" : "light") : this.theme,
  );
  readonly zone: Zone = $derived(this.#given.time_zone === "utc" ? "utc" : "local");
  readonly lettersOff: boolean = $derived(this.#given.letter_keys_off ?? false);
  readonly swapColours: boolean = $derived(this.#given.swap_colours ?? false);
  readonly closeToTray: boolean = $derived(this.#given.close_to_tray ?? false);
  readonly guideClosed: boolean = $derived(this.#given.guide_closed ?? false);
  readonly notifyTunnel: boolean = $derived(this.#given.notify_tunnel ?? false);
  readonly pane: string = $derived(this.#given.pane ?? "signals");
  readonly signalFilter: string = $derived(this.#given.signal_filter ?? "");

  constructor() {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    this.#systemDark = system.matches;
    system.addEventListener("change", (event) => (this.#systemDark = event.matches));
  }

  async load(): Promise<void> {
    this.#given = await rpc("preferences.get", {});
  }

  /** Takes effect at once; the answer settles what was really kept. */
  async set(change: Preferences): Promise<void> {
    this.#given = { ...this.#given, ...change };
    this.#given = await rpc("preferences.set", change);
  }
}

export const preferences = new PreferencesStore();
