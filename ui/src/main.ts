import { mount } from "svelte";
import App from "@/App.svelte";
import "@/app.css";
import { preferences } from "@/lib/store/preferences.svelte";

/** How long the first picture may wait for the theme, ms; longer means that nobody answers. */
const THEME_MS = 200;

function start(): void {
  const target = document.querySelector("#app");
  if (target) mount(App, { target });
}

// The theme first, so that nothing flashes. App tells if the preferences cannot be read.
const patience = new Promise((resolve) => setTimeout(resolve, THEME_MS));
void Promise.race([preferences.load().catch(() => undefined), patience]).then(start);
