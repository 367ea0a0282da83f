// How the tests run: under Node, without a page, every file of tests/.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
    plugins: [svelte()],
    test: { environment: "node", include: ["tests/**/*.test.ts"], testTimeout: 60_000 },
});
