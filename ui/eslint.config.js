import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** Imports go downward only: bindings ← lib ← components/shared ← components/<noun> ← views ← App. */
const tauri = { regex: "^@tauri-apps/", message: "Only lib/platform.ts talks to Tauri." };
const relative = {
  regex: "^\\.\\./",
  message: "Name other folders by @/, so that the layers can be checked.",
};
const layer = (files, regex, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [tauri, relative, { regex, message }] }] },
});
const nouns = [
  "frame",
  "guide",
  "signal",
  "webhook",
  "account",
  "settings",
  "pipeline",
  "tunnel",
  "alert",
  "market",
];

export default defineConfig(
  { ignores: ["dist/", "src/bindings/"] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "scripts/*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.name='parseFloat']",
          message: "Amounts stay text: see lib/decimal.ts.",
        },
      ],
      "svelte/no-at-html-tags": "error",
      "svelte/prefer-svelte-reactivity": "off",
      eqeqeq: ["error", "always", { null: "ignore" }],
      // Counting characters, not bytes of them.
      "@typescript-eslint/no-misused-spread": [
        "error",
        { allow: [{ from: "lib", name: "string" }, "string"] },
      ],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    // Types of props that come from another component are not resolved by the linter; svelte-check sees them.
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // `void x` in an effect says what it depends on.
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "prefer-const": "off",
    },
  },
  { files: ["src/**"], rules: { "no-restricted-imports": ["error", { patterns: [tauri, relative] }] } },
  layer(["src/lib/**"], "^@/(components|views|dev|App)", "lib knows no component."),
  layer(["src/components/shared/**"], "^@/(components/(?!shared/)|views|dev|App)", "shared knows no noun."),
  ...nouns.map((noun) =>
    layer(
      [`src/components/${noun}/**`],
      `^@/(components/(?!(shared|${noun})/)|views|dev|App)`,
      "A noun knows itself and what is shared.",
    ),
  ),
  layer(["src/views/**"], "^@/(dev|App|views)", "A view knows components, no other view."),
  {
    files: ["src/lib/platform.ts", "src/dev/**", "test/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [relative] }] },
  },
  {
    files: ["src/dev/**", "test/**"],
    rules: {
      // The desk throws plain objects over the bridge, as Tauri does.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["*.js", "scripts/**"],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },
);
