// How the page is built: one script, one style sheet, one worker, with addresses relative to the page, so that
// `glassnet studio` can serve them and `--export` can put them into one file.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const SERVED = ["core.wasm", "model", "test-images", "test-labels", "training-images", "training-labels", "picture"];

export default defineConfig({
    base: "./",
    plugins: [svelte()],
    worker: { format: "iife", rollupOptions: { output: { entryFileNames: "worker.js" } } },
    build: {
        outDir: "../src/glassnet/studio/page",
        emptyOutDir: true,
        target: "es2022",
        assetsInlineLimit: 0,
        modulePreload: false,
        cssCodeSplit: false,
        reportCompressedSize: true,
        rollupOptions: { output: { inlineDynamicImports: true, entryFileNames: "[name].js", assetFileNames: "[name][extname]" } },
    },
    // While the page is being written: `npm run dev` beside `glassnet studio --no-open --port 8428`, which gives the data.
    server: {
        fs: { allow: [".."] },
        proxy: Object.fromEntries(SERVED.map((name) => [`/${name}`, { target: "http://127.0.0.1:8428", changeOrigin: true }])),
    },
});
