import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), tailwindcss()],
  resolve: {
    alias: [
      { find: /^@(?=\/)/, replacement: fileURLToPath(new URL("src", import.meta.url)) },
      {
        find: /^@notices(?=\?)/,
        replacement: fileURLToPath(new URL("../THIRD_PARTY_NOTICES", import.meta.url)),
      },
    ],
    // Component tests run in a simulated browser and need the client build of Svelte.
    ...(process.env.VITEST ? { conditions: ["browser"] } : {}),
  },
  build: {
    // The oldest web view supported: WebKitGTK 2.40 and macOS 11 with its updates.
    target: ["es2022", "safari16"],
    // The content security policy allows files only: no inlined scripts, fonts or preload shims.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // THIRD_PARTY_NOTICES is in the folder above.
  server: { host: "127.0.0.1", port: 1420, strictPort: true, fs: { allow: [".."] } },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    restoreMocks: true,
    // No test measures time; a busy machine is given enough of it.
    testTimeout: 30_000,
  },
});
