// Opens every view in headless Chromium, in both themes and two sizes, takes pictures and runs axe.
//   npm run look            everything into artefacts/look
//   npm run look -- webhooks    only what has this in its name
// Needs Chromium: CHROMIUM=/path/to/it, /usr/bin/chromium when absent.
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const OUT = new URL("../../artefacts/look/", import.meta.url).pathname;
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const only = process.argv[2] ?? "";

/** Opens the first strategy and asks it about a signal. */
async function tryOnSignal(page) {
  await page.getByTestId("strategy-open").first().click();
  await page.getByTestId("strategy-side-try").click();
  await page.getByTestId("trial-ask").click();
  await page.getByTestId("trial-verdict").waitFor();
}

/** name, query, what to do before the picture */
const LOOKS = [
  ["signals", "pane=signals", (page) => page.locator('[data-testid="signal-row"]').nth(1).click()],
  ["signals-executed", "pane=signals", (page) => page.locator('[data-testid="signal-row"]').nth(2).click()],
  ["signals-first", "pane=signals&scene=empty"],
  ["signals-error", "pane=signals&scene=error"],
  ["signals-offline", "pane=signals&scene=offline"],
  ["signals-loading", "pane=signals&scene=slow"],
  ["signals-killed", "pane=signals&scene=killed"],
  [
    "signals-editor",
    "pane=signals",
    async (page) => {
      await page.locator('[data-testid="signal-row"]').nth(1).click();
      await page.getByTestId("edit-replay").click();
      await page.getByTestId("editor-dry").click();
    },
  ],
  [
    "signals-confirm",
    "pane=signals",
    async (page) => {
      await page.locator('[data-testid="signal-row"]').nth(2).click();
      await page.getByTestId("replay").click();
    },
  ],
  ["signals-nothing", "pane=signals", (page) => page.getByTestId("search").fill("status:failed zzz")],
  ["webhooks", "pane=webhooks"],
  ["webhooks-first", "pane=webhooks&scene=empty"],
  ["webhooks-error", "pane=webhooks&scene=error"],
  ["webhooks-create", "pane=webhooks", (page) => page.getByTestId("create-webhook").click()],
  [
    "webhooks-invalid",
    "pane=webhooks",
    async (page) => {
      await page.getByTestId("create-webhook").click();
      await page.getByTestId("webhook-sizing").selectOption("pct-balance");
      await page.getByText("Who may send").click();
      await page.getByTestId("webhook-allow-ips").fill("hello");
      await page.getByTestId("webhook-save").click();
    },
  ],
  [
    "webhooks-token",
    "pane=webhooks",
    async (page) => {
      await page.getByTestId("create-webhook").click();
      await page.getByTestId("webhook-name").fill("NQ breakout");
      await page.getByTestId("webhook-save").click();
      await page.getByTestId("token-value").waitFor();
    },
  ],
  ["webhooks-delete", "pane=webhooks", (page) => page.getByTestId("delete-webhook").first().click()],
  ["webhooks-menu", "pane=webhooks", (page) => page.getByTestId("alert-message").first().click()],
  [
    "webhooks-notice",
    "pane=webhooks",
    async (page) => {
      await page.getByTestId("copy-url").nth(2).click();
      await page.getByTestId("send-test").first().click();
      await page.getByText("Test signal accepted").waitFor();
    },
  ],
  [
    "webhooks-template",
    "pane=webhooks",
    async (page) => {
      await page.getByTestId("alert-message").first().click();
      await page.getByTestId("menu-template").click();
      await page.getByTestId("copy-template").waitFor();
    },
  ],
  [
    "reasons",
    "pane=signals",
    async (page) => {
      await page.locator('[data-testid="signal-row"]').nth(1).click();
      await page.getByTestId("reason-code").click();
      await page.getByTestId("reason-entry").first().waitFor();
    },
  ],
  ["account", "pane=account"],
  ["account-fills", "pane=account", (page) => page.getByTestId("account-tab-fills").click()],
  ["account-orders", "pane=account", (page) => page.getByTestId("account-tab-orders").click()],
  ["account-trades", "pane=account", (page) => page.getByTestId("account-tab-trades").click()],
  ["account-history", "pane=account", (page) => page.getByTestId("account-tab-history").click()],
  ["account-report", "pane=account", (page) => page.getByTestId("account-part-report").click()],
  ["account-symbols", "pane=account", (page) => page.getByTestId("account-part-symbols").click()],
  ["account-first", "pane=account&scene=empty"],
  ["account-error", "pane=account&scene=error"],
  ["account-close", "pane=account", (page) => page.getByTestId("close-position").first().click()],
  ["part-tables", "gallery=tables"],
  ["part-charts", "gallery=charts"],
  ["part-charts-table", "gallery=charts", (page) => page.getByTestId("chart-table").first().click()],
  ["part-report", "gallery=report", (page) => page.getByTestId("report-all").click()],
  [
    "part-report-meaning",
    "gallery=report",
    async (page) => {
      await page.getByText("Sharpe ratio").focus();
      await page.getByTestId("explanation").waitFor();
    },
  ],
  ["part-account", "gallery=account"],
  ["part-open", "gallery=open", (page) => page.getByTestId("editor-save").click()],
  ["part-risk", "gallery=risk"],
  ["part-symbol", "gallery=symbol"],
  ["part-strategy", "gallery=strategy"],
  [
    "part-strategy-chosen",
    "gallery=strategy",
    async (page) => {
      await page.getByTestId("flow-leaf").nth(1).click();
      await page.getByTestId("leaf-right").fill("rsi(clsoe,14)");
    },
  ],
  ["part-strategy-list", "gallery=strategy", (page) => page.getByTestId("strategy-view-list").click()],
  ["part-strategy-file", "gallery=strategy", (page) => page.getByTestId("strategy-view-file").click()],
  ["part-strategy-tried", "gallery=strategy-tried", (page) => page.getByTestId("flow-leaf").nth(1).click()],
  ["pipelines", "pane=pipelines"],
  ["pipelines-first", "pane=pipelines&scene=empty"],
  ["pipelines-error", "pane=pipelines&scene=error"],
  ["pipelines-loading", "pane=pipelines&scene=slow"],
  ["pipelines-new", "pane=pipelines", (page) => page.getByTestId("new-strategy").click()],
  [
    "pipelines-import",
    "pane=pipelines",
    async (page) => {
      await page.getByTestId("import-strategy").click();
      await page.getByTestId("import-text").fill('{"name": "x", "format": 1, "whne": {}}');
      await page.getByTestId("import-go").click();
      await page.getByTestId("import-faults").waitFor();
    },
  ],
  ["pipelines-tried", "pane=pipelines", tryOnSignal],
  [
    "pipelines-chart",
    "pane=pipelines",
    async (page) => {
      await tryOnSignal(page);
      await page.getByTestId("strategy-view-chart").click();
      await page.getByTestId("line-value").first().waitFor();
    },
  ],
  [
    "pipelines-history",
    "pane=pipelines",
    async (page) => {
      await page.getByTestId("strategy-open").first().click();
      await page.getByTestId("strategy-side-try").click();
      await page.getByTestId("trial-kind-history").click();
      await page.getByTestId("trial-ask").click();
      await page.getByTestId("trial-history").waitFor();
    },
  ],
  [
    "webhooks-paste",
    "pane=webhooks",
    async (page) => {
      await page.getByTestId("paste-alert").click();
      await page.getByTestId("paste-body").fill('{"ticker": "BTCUSDT", "action": "buy",}');
      await page.getByTestId("paste-signals").waitFor();
    },
  ],
  ["webhooks-edit", "pane=webhooks", (page) => page.getByTestId("edit-webhook").nth(1).click()],
  ["tunnel", "pane=tunnel"],
  ["tunnel-off", "pane=tunnel&tunnel=off"],
  ["tunnel-down", "pane=tunnel&tunnel=down"],
  ["tunnel-failed", "pane=tunnel&tunnel=failed"],
  ["tunnel-own", "pane=tunnel&tunnel=own"],
  ["tunnel-error", "pane=tunnel&scene=error"],
  ["tunnel-loading", "pane=tunnel&scene=slow"],
  ["tunnel-moved", "pane=tunnel&tunnel=moved", (page) => page.getByTestId("moved-list").click()],
  ["signals-gap", "pane=signals&tunnel=down"],
  ["market", "pane=market"],
  ["market-down", "pane=market&market=down"],
  ["market-none", "pane=market&market=none"],
  ["market-error", "pane=market&scene=error"],
  ["market-loading", "pane=market&scene=slow"],
  ["market-table", "pane=market", (page) => page.getByTestId("chart-table").click()],
  ["account-venue-down", "pane=account&market=down"],
  [
    "account-venue-symbols",
    "pane=account&market=down",
    (page) => page.getByTestId("account-part-symbols").click(),
  ],
  [
    "signals-waiting",
    "pane=signals&market=down",
    (page) => page.locator('[data-testid="signal-row"]').first().click(),
  ],
  ["settings", "pane=settings"],
  ["settings-error", "pane=settings&scene=error"],
  ["help", "pane=signals", (page) => page.keyboard.press("?")],
  ["palette", "pane=signals", (page) => page.keyboard.press("Control+k")],
];

await mkdir(OUT, { recursive: true });
const site = `${OUT}site`;
const built = { outDir: site, emptyOutDir: true, rolldownOptions: { input: "dev.html" } };
await build({ logLevel: "error", build: built });
const server = await preview({ logLevel: "error", build: built, preview: { port: 1421, host: "127.0.0.1" } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
let violations = 0;
for (const [width, height] of [
  [1280, 800],
  [900, 600],
]) {
  for (const theme of ["dark", "light"]) {
    const page = await browser.newPage({
      viewport: { width, height },
      reducedMotion: "reduce",
      colorScheme: theme,
    });
    page.setDefaultTimeout(5_000);
    page.on("pageerror", (error) => {
      violations += 1;
      console.log(`  page error: ${error.message}`);
    });
    for (const [name, query, prepare] of LOOKS) {
      if (!name.includes(only)) continue;
      const title = `${name}-${theme}-${width}`;
      await page.goto(`http://127.0.0.1:1421/dev.html?still=1&theme=${theme}&${query}`);
      await page.waitForTimeout(400);
      try {
        await prepare?.(page);
      } catch (error) {
        violations += 1;
        console.log(`✗ ${title}: ${error.message.split("\n")[0]}`);
      }
      await page.waitForTimeout(250);
      await page.screenshot({ path: `${OUT}${title}.png` });
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of found.violations) {
        violations += violation.nodes.length;
        console.log(`✗ ${title}: ${violation.id} (${violation.impact}) ${violation.help}`);
        for (const node of violation.nodes.slice(0, 4)) {
          console.log(
            `    ${node.html.slice(0, 200)}\n    ${node.any[0]?.message ?? node.all[0]?.message ?? ""}`,
          );
        }
      }
    }
    await page.close();
  }
}
await browser.close();
await server.close();
console.log(violations === 0 ? "no violations" : `${violations} violations`);
process.exit(violations === 0 ? 0 : 1);
