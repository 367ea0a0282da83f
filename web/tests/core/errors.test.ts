// Input that does not fit: the same sentences as in Python, in both languages, and nothing stays in the memory.
import { beforeAll, expect, test } from "vitest";
import { Architecture, Core, GlassnetError, Network, runUpdates, start, TrainingSet, useLanguage } from "../../src/core/index.ts";
import { checkSeed } from "../../src/core/check.ts";
import type { Matrix, Rule } from "../../src/core/index.ts";
import { freshCore, golden, mnist, ruleOf } from "./support.ts";

let core: Core;
beforeAll(async () => {
    core = await freshCore();
});

const { images, labels } = mnist("train", 5);
const lecture = new Architecture();
const rule = ruleOf(golden.updates[0]!.rule);
const usual = golden.distort[0]!.distortion;
const matrix = (rows: number, columns: number): Matrix => ({ rows, columns, data: new Float32Array(rows * columns) });
const of = (...matrices: Matrix[]) => Network.fromWeights(core, matrices, { sizes: [784, 14, 10] });

function run(given: { images?: Uint8Array; labels?: Uint8Array; order?: number[]; rule?: Partial<Rule>; rotation?: number }): void {
    const set = new TrainingSet(core, given.images ?? images, given.labels ?? labels);
    const changed = { ...rule, ...given.rule };
    const distortion = given.rotation === undefined ? null : { ...usual, rotation: given.rotation };
    try {
        const state = start(rule, core.initialWeights(lecture, 0));
        runUpdates(core, lecture, changed, state, set, given.order ?? [0, 1, 2, 3, 4], { distortion });
    } finally {
        set.free();
    }
}

const spoiled = matrix(14, 785);
spoiled.data[3 * 785 + 4] = NaN;
const CASES: Record<string, () => unknown> = {
    transposed: () => of(matrix(785, 14), matrix(10, 15)),
    shape: () => of(matrix(14, 785), matrix(14, 785)),
    missing: () => of(matrix(14, 785)),
    nan: () => of(spoiled, matrix(10, 15)),
    sizes: () => new Architecture({ sizes: [784] }),
    most: () => new Architecture({ sizes: [784, 10_000_000] }),
    hidden: () => new Architecture({ hidden: "step" as "relu" }),
    pair: () => new Architecture({ output: "softmax" }),
    labels: () => run({ labels: new Uint8Array(5).fill(10) }),
    fewer_labels: () => run({ labels: labels.subarray(0, 4) }),
    order: () => run({ order: [0, 5] }),
    no_images: () => run({ images: images.subarray(0, 0), labels: labels.subarray(0, 0) }),
    seed: () => core.order(-1, 0, 5),
    batch_size: () => run({ rule: { batchSize: 0 } }),
    learning_rate: () => run({ rule: { learningRate: 0 } }),
    optimizer: () => run({ rule: { optimizer: "newton" as "sgd" } }),
    rotation: () => run({ rotation: 46 }),
    square: () => core.distort(new Uint8Array(783), 1, usual, 0, 1),
    floats: () => Network.initial(core, lecture, 0).forward(new Float32Array(784).fill(2.5)),
    ink: () => core.frame(new Uint8Array(20_001), 20_001, 1),
};

test("every sentence of Python's is tried", () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(golden.errors.en).sort());
});

test.each(Object.keys(CASES))("%s", (name) => {
    for (const language of ["en", "ko"] as const) {
        useLanguage(language);
        expect(CASES[name]).toThrow(GlassnetError);
        expect(CASES[name]).toThrow(expect.objectContaining({ message: golden.errors[language][name] }));
    }
    useLanguage("en");
    expect(core.memory.used).toBe(0);
});

test.each<[string, () => unknown]>([
    ["images: expected uint8 (n, 784), found uint8 (783,)", () => run({ images: new Uint8Array(783) })],
    ["images: expected uint8 (n, 784), found float32 (784,)", () => run({ images: new Float32Array(784) as never })],
    ["images: expected uint8 (n, 784), found object", () => Network.initial(core, lecture, 0).forward([0, 0] as never)],
    ["weights: expected float32 (11140,), found float32 (3,)", () => new Network(core, lecture, new Float32Array(3))],
    ["order: expected numbers from 0 to 4, found nan…nan", () => run({ order: [0, NaN] })],
    ["order: expected numbers from 0 to 4, found -1…1.5", () => run({ order: [-1, 1.5] })],
    ["x: expected one image, found 2 images", () => Network.initial(core, lecture, 0).trace(images.subarray(0, 2 * 784))],
    ["label: expected a whole number from 0 to 9, found 10", () => Network.initial(core, lecture, 0).trace(images.subarray(0, 784), 10)],
    ["seed: expected a whole number from 0 to 2⁶⁴ − 1, found 0.5", () => core.initialWeights(lecture, 0.5)],
    ["seed: expected a whole number from 0 to 2⁶⁴ − 1, found '-1'", () => core.initialWeights(lecture, checkSeed("-1"))],
    ["seed: expected a whole number from 0 to 2⁶⁴ − 1, found 18446744073709551616", () => core.order(1n << 64n, 0, 3)],
])("%s", (sentence, act) => {
    expect(act).toThrow(expect.objectContaining({ message: sentence }));
    expect(core.memory.used).toBe(0);
});

test("what is no core is said to be none", async () => {
    await expect(Core.load(new Uint8Array([0, 1, 2]))).rejects.toThrow(/^the compiled core: expected WebAssembly with SIMD, found /);
});
