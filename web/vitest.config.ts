// How the tests run: under Node, without a page, every file of tests/.
import { defineConfig } from "vitest/config";

export default defineConfig({
    test: { environment: "node", include: ["tests/**/*.test.ts"], testTimeout: 60_000 },
});
