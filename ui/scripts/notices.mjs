// Writes THIRD_PARTY_NOTICES: the packages that the built page carries, with their licences.
//   npm run notices
// Asks the build itself what it took in, so that nothing is forgotten and nothing is listed in vain.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "vite";

const OUT = new URL("../../THIRD_PARTY_NOTICES", import.meta.url);
/** Notices that are not in the package: copied from the NOTICE file of its repository. */
const NOTICES = {
  "lightweight-charts":
    "TradingView Lightweight Charts™\nCopyright (с) 2025 TradingView, Inc. https://www.tradingview.com/",
};
/** Its reset is in the styles, which the bundler does not list. */
const STYLES = ["tailwindcss"];

const found = new Set(STYLES);
const listing = {
  name: "listing",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      for (const id of chunk.moduleIds ?? []) {
        const inside = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
        if (inside) found.add(inside[1]);
      }
    }
  },
};
// The parts that no pane shows yet too: they are all in dev.html.
const input = ["index.html", "dev.html"];
await build({ logLevel: "error", build: { write: false, rolldownOptions: { input } }, plugins: [listing] });

const packages = [...found].sort().map((name) => {
  const folder = new URL(`../node_modules/${name}/`, import.meta.url);
  const { version, license, author, repository } = JSON.parse(
    readFileSync(new URL("package.json", folder), "utf8"),
  );
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text =
    file && existsSync(new URL(file, folder)) ? readFileSync(new URL(file, folder), "utf8").trim() : null;
  const address = (typeof repository === "string" ? repository : (repository?.url ?? "")).replace(
    /^git\+/,
    "",
  );
  const by = typeof author === "string" ? author : author?.name;
  return { name, version, license, by, address, text, notice: NOTICES[name] };
});

const RULE = "-".repeat(78);
const parts = packages.map(({ name, version, license, by, address, text, notice }) =>
  [
    `${name} ${version}`,
    `Licence: ${license ?? "see below"}${address ? `\n${address}` : ""}`,
    notice,
    text ?? `The package has no licence file.${by ? ` Author: ${by}` : ""}`,
  ]
    .filter(Boolean)
    .join("\n\n"),
);
const head =
  "The interface of Pitwire carries these packages. Made by `npm run notices` in ui/ from what the build takes in.";
writeFileSync(OUT, `${[head, ...parts].join(`\n\n${RULE}\n\n`).replaceAll("\r\n", "\n")}\n`);
console.log(
  packages
    .map(
      ({ name, version, license, text }) => `${name} ${version} ${license}${text ? "" : ", no licence file"}`,
    )
    .join("\n"),
);
