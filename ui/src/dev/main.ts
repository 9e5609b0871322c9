// The window's page in a plain browser: dev.html?scene=full&theme=light&pane=webhooks&live=1
// or parts by themselves: dev.html?gallery=tables|charts|report|account|open|risk|symbol
import { mount } from "svelte";
import { type Scene, PageDesk } from "@/dev/desk";
import type { TunnelScene } from "@/dev/tunnel";
import type { MarketScene } from "@/dev/market";
import { NOW } from "@/dev/sample";

const wanted = new URLSearchParams(location.search);
const desk = new PageDesk((wanted.get("scene") ?? "full") as Scene, Number(wanted.get("rows") ?? 400));
if (wanted.has("tunnel")) desk.tunnel = wanted.get("tunnel") as TunnelScene;
if (wanted.has("market")) desk.market = wanted.get("market") as MarketScene;
desk.preferences = {
  theme: wanted.get("theme") ?? "dark",
  pane: wanted.get("pane") ?? "signals",
  time_zone: "utc",
};
if (wanted.has("still")) {
  // Pictures show the same second every time.
  Date.now = () => NOW;
}
if (wanted.has("live")) setInterval(() => desk.arrive(), 1_500);
desk.install();
Object.assign(window, { desk });
const part = wanted.get("gallery");
const target = document.querySelector("#app");
if (part !== null && target) {
  await import("@/app.css");
  const { default: Gallery } = await import("@/dev/Gallery.svelte");
  mount(Gallery, { target, props: { part, theme: wanted.get("theme") ?? "dark" } });
} else await import("@/main");
