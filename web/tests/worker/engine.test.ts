// Data, traces, evaluation and the model: Python's numbers, and bad files that leave everything as it was.
import { beforeAll, describe, expect, test } from "vitest";
import type { StudioEngine } from "../../src/worker/engine.ts";
import { StudioEngine as Fresh } from "../../src/worker/engine.ts";
import { plainly } from "../../src/worker/problems.ts";
import { writeSafetensors } from "../../src/worker/safetensors.ts";
import { sum } from "../core/support.ts";
import { core, golden, opened, packaged, pair } from "./support.ts";

let engine: StudioEngine;
beforeAll(async () => {
    engine = await opened();
});

test("the three sets, their images and mean digits", () => {
    expect(engine.sets().map(({ name, count }) => [name, count])).toEqual([["train", 55000], ["validation", 5000], ["test", 10000]]);
    const raw = pair("train"), { images, labels } = engine.images("train", [0, 54999]);
    expect(images.subarray(0, 784)).toEqual(raw.images.subarray(16 + 5000 * 784, 16 + 5001 * 784));
    expect([...labels]).toEqual([raw.labels[8 + 5000], raw.labels[8 + 59999]]);
    expect(sum(engine.wholeSet("validation").images)).toBe(sum(raw.images.subarray(16, 16 + 5000 * 784)));
    const means = engine.meanDigits("test");
    expect(means).toHaveLength(7840);
    expect(means[14 * 28 + 14]).toBeLessThan(means[784 + 14 * 28 + 14]!); // a 0 is hollow where a 1 is not
    expect(() => engine.images("test", [10000])).toThrow("index: expected a whole number from 0 to 9,999, found 10000");
});

test("a part of the training file: validation first, the rest to train", async () => {
    const some = await opened(false), { images, labels } = pair("train");
    const cut = (count: number) => {
        const files = { images: images.slice(0, 16 + 784 * count), labels: labels.slice(0, 8 + count) };
        for (const bytes of [files.images, files.labels]) new DataView(bytes.buffer).setUint32(4, count);
        return files;
    };
    expect(some.add({ file: cut(300) }).map(({ name, count }) => [name, count])).toEqual([["validation", 300], ["test", 10000]]);
    expect(some.add({ file: cut(5100) }).map(({ name, count }) => [name, count])).toEqual([
        ["train", 100], ["validation", 5000], ["test", 10000],
    ]);
    expect(() => some.add({ file: { ...cut(10), labels: labels } })).toThrow("train labels: expected uint8 (10,), found uint8 (60000,)");
    expect(() => some.add({ file: { images: images.slice(0, 1000), labels } })).toThrow("train images: expected 47,040,016 bytes");
    expect(some.sets()[0]!.count).toBe(100);
});

test("the nearest training digit to a training digit is itself", async () => {
    const { images } = engine.images("train", [123]);
    const found = await engine.nearest(images, 3);
    expect(found[0]).toMatchObject({ set: "train", index: 123, distance: 0 });
    expect(found[1]!.distance).toBeGreaterThan(0);
    expect(found[2]!.distance).toBeGreaterThanOrEqual(found[1]!.distance);
});

test("the evaluation is Python's, and filters ask it", async () => {
    const found = await engine.evaluate("test"), python = golden.evaluation;
    for (const key of ["count", "accuracy", "confusion", "classes", "fingerprint"] as const) expect(found[key]).toEqual(python[key]);
    [0, 1].forEach((k) => expect(found.interval[k]).toBeCloseTo(python.interval[k]!, 14));
    expect(found.loss).toBeCloseTo(python.loss, 12);
    expect(found.calibration.error).toBeCloseTo(python.calibration.error, 12);
    expect(found.calibration.bins).toHaveLength(python.calibration.bins.length);
    const mistakes = found.mistakes.map((mistake) => ({ ...mistake, confidence: Math.fround(mistake.confidence) }));
    const expected = python.mistakes.map((mistake) => ({ ...mistake, confidence: Math.fround(mistake.confidence) }));
    expect([...mistakes.slice(0, 20), ...mistakes.filter(({ doubtful }) => doubtful)]).toEqual(expected);
    expect(found.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(10000);
    expect(await engine.find("test", { wrong: true })).toHaveLength(found.mistakes.length);
    expect(await engine.find("test", { label: 4, predicted: 9 })).toHaveLength(python.confusion[4]![9]!);
});

describe("the model", () => {
    const image = () => engine.images("test", [0]).images;

    test("is saved as Python saves it, byte for byte", () => {
        expect(engine.save()).toEqual(packaged());
    });

    test("is traced with and without a label, and under cross-entropy", () => {
        expect([...engine.trace(image()).steps.keys()]).toEqual(["x", "a1", "z2", "a2", "a2_1", "z3", "a3"]);
        const trace = engine.trace(image(), { label: 7 });
        expect(trace).toMatchObject({ prediction: 7, fingerprint: golden.evaluation.fingerprint });
        const other = engine.trace(image(), { label: 7, as: { output: "softmax", loss: "cross_entropy" } });
        expect(other.steps.get("z3")).toEqual(trace.steps.get("z3"));
        expect(other.steps.get("a3")!.data.reduce((sum, a) => sum + a, 0)).toBeCloseTo(1, 5);
    });

    test("can be edited, loses its 1 and its units, and gets everything back", () => {
        const before = engine.model(), trace = engine.trace(image(), { label: 7 });
        engine.edit({ kind: "one", layer: 1, value: 0 });
        const without = engine.trace(image(), { label: 7 });
        expect(without.steps.get("a1")!.data[784]).toBe(0);
        expect(without.steps.get("d_w1")!.data[784]).toBe(0);
        before.weights[0]!.data.forEach((_, place) => {
            if (place % 785 !== 784) return;
            const unit = Math.floor(place / 785), bias = before.weights[0]!.data[place]!;
            expect(without.steps.get("z2")!.data[unit]).toBeCloseTo(trace.steps.get("z2")!.data[unit]! - bias, 4);
        });
        expect(() => engine.save()).toThrow("a1: expected 1, found 0");
        expect(engine.edit({ kind: "cut", layer: 2, unit: 3 }).cut).toEqual([{ layer: 2, unit: 3 }]);
        const edited = engine.edit({ kind: "weight", matrix: "w1", row: 2, column: 784, value: 0.25 });
        expect(edited.weights[0]!.data[2 * 785 + 784]).toBe(0.25);
        expect(edited.version).toBe(before.version + 3);
        for (let k = 0; k < 3; k++) engine.undo();
        expect(engine.model()).toMatchObject({ fingerprint: before.fingerprint, ones: [1, 1], cut: [], metadata: before.metadata });
        expect(engine.redo().ones).toEqual([0, 1]);
        engine.undo();
        expect(() => engine.edit({ kind: "weight", matrix: "w1", row: 14, column: 0, value: 1 })).toThrow("row of w1: expected");
        expect(() => engine.edit({ kind: "weight", matrix: "w1", row: 0, column: 0, value: NaN })).toThrow("w1[0, 0]: expected");
        expect(engine.model().fingerprint).toBe(before.fingerprint);
    });

    const model = packaged(), length = Number(new DataView(model.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(model.subarray(8, 8 + length));
    const withHeader = (text: string, data = model.subarray(8 + length)) => {
        const bytes = new TextEncoder().encode(text), made = new Uint8Array(8 + bytes.length + data.length);
        new DataView(made.buffer).setBigUint64(0, BigInt(bytes.length), true);
        made.set(bytes, 8);
        made.set(data, 8 + bytes.length);
        return made;
    };
    const changed = (at: number, ...bytes: number[]) => {
        const made = model.slice();
        made.set(bytes, at);
        return made;
    };
    test.each([0x280, 0x380, 0x480, 0x580])("opens a model whose header's length, %i bytes, begins like a pickle", (long) => {
        expect(long & 0xff).toBe(0x80);
        const before = engine.model();
        expect(engine.load(withHeader(header.padEnd(long)), "own")).toMatchObject({ name: "own", fingerprint: before.fingerprint });
        engine.undo();
    });

    const zeros = (rows: number, columns: number) => ({ rows, columns, data: new Float32Array(rows * columns) });
    const words = { format: "glassnet-1", sizes: "784-14-10", hidden: "sigmoid", output: "sigmoid", loss: "squared_error" };
    const BAD: [string, () => Uint8Array, string][] = [
        ["nothing", () => new Uint8Array(0), "found an empty file (0 bytes)"],
        ["half a file", () => model.subarray(0, 100), "found one that is cut off after 100 bytes"],
        ["a run", () => withHeader(header.replace("glassnet-1", "glassnet-run-1")), "found the file of a training run"],
        ["a pickle", () => Uint8Array.of(0x80, 4, 0x95, 1, 2, 3, 4, 5, 6), "found pickle; such files can run code"],
        ["a zip", () => Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0), "found zip"],
        ["an endless header", () => changed(0, ...new Array<number>(8).fill(255)), "found a file of another kind (45,472 bytes)"],
        ["no JSON", () => changed(8, 0x28), "found a file of another kind"],
        ["no UTF-8", () => changed(9, 0xff), "found one that is cut off or changed"],
        ["a list", () => withHeader("[1, 2]"), "found a file of another kind"],
        ["a key twice",
            () => withHeader(header.replace('"w2":', '"w1":{"data_offsets":[0,4],"dtype":"F32","shape":[1]},"w2":')),
            "found one that is cut off or changed",
        ],
        ["overlapping tensors", () => withHeader(header.replace("[43960,44560]", "[43956,44556]")), "w2: data_offsets"],
        ["a gap", () => withHeader(header.replace("[43960,44560]", "[43964,44564]")), "w2: data_offsets"],
        ["a product that overflows", () => withHeader(header.replace("[10,15]", "[9007199254740991,9007199254740991]")), "w2: shape"],
        ["doubles", () => withHeader(header.replaceAll("F32", "F64")), "w1: expected float32, found F64"],
        ["a file too long", () => withHeader(header, new Uint8Array(44600)), "a whole safetensors file"],
        ["a huge file", () => new Uint8Array(100_000_000), "at most 67,108,864 bytes, found 100,000,000"],
        ["another format", () => withHeader(header.replace("glassnet-1", "glassnet-9")), "expected a model that glassnet saved, found format: glassnet-9"],
        ["changed weights", () => changed(model.length - 1, 1), `weights with the fingerprint ${golden.evaluation.fingerprint}`],
        ["no number", () => changed(model.length - 4, 0, 0, 0xc0, 0x7f), "w2[9, 14]: expected a finite number, found nan"],
        ["transposed",
            () => writeSafetensors({ w1: zeros(785, 14), w2: zeros(10, 15) }, words),
            "w1: expected (14, 785), found (785, 14); did you transpose it?",
        ],
        ["one tensor more", () => writeSafetensors({ w1: zeros(14, 785), w2: zeros(10, 15), w3: zeros(1, 1) }, words), "expected w1, w2, found w1, w2, w3"],
        ["letters",
            () => writeSafetensors({ w1: zeros(3, 5), w2: zeros(2, 4) }, { ...words, sizes: "4-3-2" }),
            "expected 784 inputs and 10 outputs, found 4-3-2",
        ],
    ];
    test.each(BAD)("%s is refused, and the model stays", (_, made, sentence) => {
        const before = engine.model();
        expect(() => engine.load(made(), "given")).toThrow(sentence);
        expect(() => engine.load(made(), "given")).toThrow("given");
        expect(engine.model()).toEqual(before);
    });

    test("every place at which a file may be cut is told", () => {
        for (let cut = 0; cut < model.length; cut += cut < 1200 ? 1 : 997)
            expect(() => engine.load(model.subarray(0, cut), "cut"), `${cut} bytes`).toThrow("a whole safetensors file");
    });
});

test("what is thrown is plain data in the language of the moment", async () => {
    const plain = plainly(new Fresh());
    await expect(plain.evaluate("test")).rejects.toMatchObject({ problem: true, what: "engine" });
    await plain.open({ wasm: core(), model: packaged(), test: pair("t10k") });
    plain.useLanguage("ko");
    try {
        plain.load(Uint8Array.of(0x80, 4), "model.pkl");
        expect.unreachable();
    } catch (problem) {
        expect(structuredClone(problem)).toMatchObject({
            problem: true, kind: "input", what: "model.pkl", expected: "safetensors", found: "pickle",
            message: expect.stringContaining("필요: safetensors / 실제: pickle") as unknown,
        });
    } finally {
        plain.useLanguage("en");
    }
});
