// The golden numbers: the core in WebAssembly gives Python's bits (tests/golden/core.json, written by `make golden`).
import { beforeAll, describe, expect, test } from "vitest";
import { Core, fingerprint, gradient, Network, runUpdates, start, TrainingSet } from "../../src/core/index.ts";
import { shortestText } from "../../src/core/digits.ts";
import { architectureOf, freshCore, golden, lectureWeights, mnist, ruleOf, sum, type Ink } from "./support.ts";

let core: Core;
beforeAll(async () => {
    core = await freshCore();
});

describe("chance", () => {
    test.each(golden.initial_weights)("initial weights of $sizes, seed $seed", (given) => {
        const weights = core.initialWeights(architectureOf(given), BigInt(given.seed));
        expect(fingerprint(weights)).toBe(given.fingerprint);
    });

    test.each(golden.order)("order of $count images, seed $seed, epoch $epoch", (given) => {
        const order = core.order(BigInt(given.seed), given.epoch, given.count);
        expect([...order.subarray(0, 8)]).toEqual(given.first);
        expect(sum(order)).toBe(given.sha256);
    });

    test.each(golden.distort)("distorted images, $distortion", (given) => {
        const { images } = mnist("train", given.count);
        const changed = core.distort(images, given.count, given.distortion, BigInt(given.seed), given.update);
        expect(sum(changed)).toBe(given.sha256);
    });
});

test.each(golden.written)("$float64 is written $text", ({ float64, text }) => {
    expect(shortestText(Buffer.from(float64, "hex").readDoubleBE())).toBe(text);
});

test.each(golden.learning_rate)("learning rates, $rule.schedule", ({ rule, rates }) => {
    expect(rates.map((_, k) => core.learningRate(ruleOf(rule), k + 1))).toEqual(rates);
});

test.each(golden.frame)("the frame of test image $test, $times times as large", (given) => {
    const framed = core.frame(ink(given), given.height, given.width);
    expect(framed && sum(framed)).toBe(given.sha256);
});

function ink({ test, times, height, width, top, left, binary }: Ink): Uint8Array {
    const { images } = mnist("test", 1, test);
    const paper = new Uint8Array(height * width);
    for (let i = 0; i < 28 * times; i++)
        for (let j = 0; j < 28 * times; j++) {
            const byte = images[Math.floor(i / times) * 28 + Math.floor(j / times)]!;
            paper[(top + i) * width + left + j] = binary ? (byte > 127 ? 255 : 0) : byte;
        }
    return paper;
}

describe("the packaged network", () => {
    const given = golden.forward;
    const { images, labels } = mnist("test", given.count);
    const network = () => new Network(core, architectureOf(given), lectureWeights());

    test("is the one that the numbers belong to", () => {
        expect(network().fingerprint).toBe(given.fingerprint);
    });

    test("gives Python's outputs and losses", () => {
        const { outputs, losses } = network().evaluate(images, labels);
        expect([...outputs.subarray(0, 10)]).toEqual(given.first);
        expect(sum(outputs)).toBe(given.outputs_sha256);
        expect(sum(losses)).toBe(given.losses_sha256);
        expect(sum(network().forward(images))).toBe(given.outputs_sha256);
        expect(network().predict(images).filter((label, i) => label === labels[i])).toHaveLength(given.right);
    });

    test("gives the same for one image and for pixels from 0 to 1", () => {
        expect([...network().forward(images.subarray(0, 784))]).toEqual(given.first);
        expect(sum(network().forward(Float32Array.from(images, (byte) => Math.fround(byte / 255))))).toBe(given.outputs_sha256);
    });
});

test.each(golden.steps)("every step of $sizes, $loss, label $label", (given) => {
    const { images } = mnist("test", 1, 4);
    const network = Network.initial(core, architectureOf(given), 0);
    const steps = [...network.trace(images, given.label)];
    expect(steps.map(([id, { rows, columns }]) => [id, rows, columns])).toEqual(given.shapes);
    expect(sum(Float32Array.from(steps.flatMap(([, { data }]) => [...data])))).toBe(given.sha256);
    const prediction = network.trace(Float32Array.from(images, (byte) => Math.fround(byte / 255))).get(`a${given.sizes.length}`);
    expect(prediction?.data).toEqual(network.forward(images));
});

test.each(golden.gradient)("the gradient of $sizes, $loss", (given) => {
    const { images, labels } = mnist("train", given.count);
    const architecture = architectureOf(given), set = new TrainingSet(core, images, labels);
    const found = gradient(core, architecture, core.initialWeights(architecture, 0), set, [...labels.keys()]);
    expect(found.loss).toBe(given.mean_loss);
    expect(sum(found.gradient)).toBe(given.sha256);
    set.free();
});

test.each(golden.updates)("$update updates of $sizes, $rule.optimizer, distortion $distortion", (given) => {
    const { images, labels } = mnist("train", given.count);
    const architecture = architectureOf(given), rule = ruleOf(given.rule), seed = BigInt(given.seed);
    const set = new TrainingSet(core, images, labels);
    let state = start(rule, core.initialWeights(architecture, seed));
    const losses: number[] = [];
    for (let epoch = 0; epoch < given.epochs; epoch++) {
        const order = core.order(seed, epoch, given.count);
        const ran = runUpdates(core, architecture, rule, state, set, order, { distortion: given.distortion, seed });
        state = ran.state;
        losses.push(...ran.losses);
    }
    expect(state.update).toBe(given.update);
    expect(losses.at(-1)).toBe(given.last_loss);
    expect(sum(Float32Array.from(losses))).toBe(given.losses_sha256);
    expect(fingerprint(state.weights)).toBe(given.weights);
    expect(state.memory.map(fingerprint)).toEqual(given.memory);
    expect(state.average && fingerprint(state.average)).toBe(given.average);
    set.free();
    expect(core.memory.used).toBe(0);
});
