// Updates in pieces: going on from a state, one batch at a time, is the same run; a loss that is no number ends it.
import { beforeAll, expect, test } from "vitest";
import { Architecture, Core, fingerprint, Network, start, Trainer, TrainingSet } from "../../src/core/index.ts";
import { freshCore, golden, mnist, ruleOf } from "./support.ts";

let core: Core, set: TrainingSet;
beforeAll(async () => {
    core = await freshCore();
    const { images, labels } = mnist("train", 500);
    set = new TrainingSet(core, images, labels);
});

const architecture = new Architecture();

test.each([3, 4, 5, 6])("run %i batch by batch, resumed from its state each time", (index) => {
    const given = golden.updates[index]!, rule = ruleOf(given.rule), seed = BigInt(given.seed);
    const initial = start(rule, core.initialWeights(architecture, seed));
    let state = initial;
    for (let epoch = 0; epoch < given.epochs; epoch++) {
        const order = core.order(seed, epoch, given.count);
        for (let first = 0; first < order.length; first += rule.batchSize) {
            const trainer = new Trainer(core, architecture, rule, set, state, given.distortion);
            const losses = trainer.run(order.subarray(first, first + rule.batchSize), { seed });
            expect(losses).toHaveLength(1);
            state = trainer.state;
            trainer.free();
        }
    }
    expect(state.update).toBe(given.update);
    expect(fingerprint(state.weights)).toBe(given.weights);
    expect(state.average && fingerprint(state.average)).toBe(given.average);
    expect(initial.weights).toEqual(core.initialWeights(architecture, seed));
});

test("going back to a state and on again gives the same weights", () => {
    const given = golden.updates[5]!, rule = ruleOf(given.rule), order = core.order(2, 0, 500);
    const trainer = new Trainer(core, architecture, rule, set, start(rule, core.initialWeights(architecture, 2)));
    trainer.run(order.subarray(0, 200));
    const halfway = trainer.state;
    trainer.run(order.subarray(200));
    const end = trainer.state;
    trainer.state = halfway;
    trainer.run(order.subarray(200));
    expect(trainer.state).toEqual(end);
    trainer.free();
});

test("a loss that is no number ends the run", () => {
    const hot = new Architecture({ hidden: "relu", output: "softmax", loss: "cross_entropy" });
    const rule = { ...ruleOf(golden.updates[0]!.rule), batchSize: 10, learningRate: 1e6 };
    const weights = core.initialWeights(hot, 0).map((weight) => weight * 1e20);
    const trainer = new Trainer(core, hot, rule, set, start(rule, weights));
    const losses = trainer.run(core.order(0, 0, 500));
    expect(losses.length).toBeLessThan(50);
    expect(losses.at(-1)).not.toSatisfy(Number.isFinite);
    trainer.free();
});

test("edited weights are what the next forward uses", () => {
    const network = Network.initial(core, architecture, 0), { images } = mnist("test", 3);
    const before = network.forward(images), twin = network.copy();
    const w2 = network.matrices[1]!;
    w2.data[14] = w2.data[14]! + 1; // the bias of the output for 0
    const after = network.forward(images);
    expect(after[0]).toBeGreaterThan(before[0]!);
    expect(after[1]).toBe(before[1]);
    expect(twin.forward(images)).toEqual(before);
    expect(network.fingerprint).not.toBe(twin.fingerprint);
});

test("no images give no outputs, blank paper no digit", () => {
    const network = Network.initial(core, architecture, 0);
    expect(network.forward(new Uint8Array(0))).toHaveLength(0);
    expect(network.predict(new Uint8Array(0))).toHaveLength(0);
    expect(core.frame(new Uint8Array(100), 10, 10)).toBeNull();
    expect(core.frame(new Uint8Array(0), 0, 0)).toBeNull();
});
