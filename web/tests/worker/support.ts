// What the worker's tests share: an engine opened with the real files, and Python's answers. It tests nothing.
import { readFileSync } from "node:fs";
import type { Difference, Hidden, IdxPair, Loss, Output, Product, Recipe, Settings, UpdateLine } from "../../src/worker/protocol.ts";
import { StudioEngine } from "../../src/worker/engine.ts";
import { WASM } from "../core/support.ts";

const ROOT = new URL("../../../", import.meta.url);
export const file = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, ROOT)));
const DATA = "src/glassnet/data/mnist/";
export const pair = (name: "train" | "t10k"): IdxPair => ({
    images: file(`${DATA}${name}-images-idx3-ubyte`), labels: file(`${DATA}${name}-labels-idx1-ubyte`),
});
export const core = (): Uint8Array => new Uint8Array(readFileSync(WASM));
export const packaged = (): Uint8Array => file("src/glassnet/models/lecture.safetensors");

/** An engine with core, model and test set; with `training`, all three sets. */
export async function opened(training = true): Promise<StudioEngine> {
    const engine = new StudioEngine();
    await engine.open({ wasm: core(), model: packaged(), test: pair("t10k") });
    if (training) engine.add({ file: pair("train") });
    return engine;
}

interface Snaked {
    epochs: number; batch_size: number; optimizer: Recipe["optimizer"]; learning_rate: number; momentum: number;
    schedule: Recipe["schedule"]; warmup: number; evaluate_every: number; distortion: Recipe["distortion"]; average: number;
    undistorted: number;
}
export interface PythonWeight {
    name: string; row: number; column: number; pixel: [number, number] | null; learning_rate: number;
    old: number; new: number; gradient: number; image_gradient: number | null;
    lines: UpdateLine[]; difference: Difference; products: (Omit<Product, "dZ"> & { d_z: number })[];
}
export interface PythonFinding {
    kind: string; title: string; evidence: string; remedy: string; update: number | null;
}
export interface PythonRun {
    sizes: number[]; hidden: Hidden; output: Output; loss: Loss; recipe: Snaked; seed: string; images: number;
    data_sha256: string; diverged: number | null; at: [number, string][];
    scores: [epoch: number, loss: number, accuracy: number, validation: number | null][];
    explain: {
        update: number; loss: number; indices: number[]; largest: [string, number, number]; whole: PythonWeight; one: PythonWeight;
    };
    findings: Record<"en" | "ko", [PythonFinding[], PythonFinding[]]>;
}
export interface Golden {
    evaluation: {
        count: number; accuracy: number; interval: [number, number]; loss: number; confusion: number[][]; classes: object[];
        mistakes: { index: number; label: number; prediction: number; confidence: number; doubtful: boolean }[];
        calibration: { bins: object[]; error: number }; fingerprint: string;
    };
    runs: PythonRun[];
}
export const golden = JSON.parse(new TextDecoder().decode(file("tests/golden/studio.json"))) as Golden;

export function settingsOf({ sizes, hidden, output, loss, recipe, seed, images }: PythonRun): Settings {
    return {
        sizes, hidden, output, loss, seed, images,
        recipe: {
            epochs: recipe.epochs, batchSize: recipe.batch_size, optimizer: recipe.optimizer, learningRate: recipe.learning_rate,
            momentum: recipe.momentum, schedule: recipe.schedule, warmup: recipe.warmup, evaluateEvery: recipe.evaluate_every,
            distortion: recipe.distortion, average: recipe.average, undistorted: recipe.undistorted,
        },
    };
}
