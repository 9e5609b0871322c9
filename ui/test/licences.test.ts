import { fireEvent, render, screen } from "@testing-library/svelte";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PageDesk } from "@/dev/desk";
import { licences } from "@/lib/licences";
import Settings from "@/views/Settings.svelte";

test("every package that the page is made of has its notice", async () => {
  const text = await licences();
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
    dependencies: Record<string, string>;
  };
  const missing = Object.entries(manifest.dependencies)
    .map(([name, version]) => `${name} ${version}\n\nLicence: `)
    .filter((line) => !text.includes(line));
  expect(missing, "run `npm run notices`").toEqual([]);
  expect(text).toContain("2025 TradingView, Inc. https://www.tradingview.com/");
});

test("the settings show the licences and whose charts they are", async () => {
  new PageDesk("full").install();
  render(Settings);
  expect(await screen.findByText(/Lightweight Charts™, copyright 2025 TradingView, Inc\./)).toBeTruthy();
  await fireEvent.click(screen.getByTestId("licences"));
  expect(await screen.findByLabelText("Licences", { selector: "pre" })).toBeTruthy();
});
