import { cleanup, configure } from "@testing-library/svelte";
import { clearMocks } from "@tauri-apps/api/mocks";
import { afterEach } from "vitest";

// The simulated browser lays nothing out: every element is as large as the list in a small window.
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 600 });
Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 800 });

// Nor does it know that a chosen option is checked, which is how Svelte asks a list for its value.
Object.defineProperty(HTMLSelectElement.prototype, "querySelector", {
  configurable: true,
  value(this: HTMLSelectElement, selector: string) {
    const found = selector === ":checked" ? this.selectedOptions : this.querySelectorAll(selector);
    return found[0] ?? null;
  },
});

// No test measures time; a busy machine is given enough of it.
configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  cleanup();
  clearMocks();
});
