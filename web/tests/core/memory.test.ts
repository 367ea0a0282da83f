// Places in the core's memory: apart from each other, used again, and refused when there is no more.
import { beforeAll, expect, test } from "vitest";
import { Architecture, Core, Network, start, Trainer, TrainingSet, UnavailableError } from "../../src/core/index.ts";
import { Memory } from "../../src/core/memory.ts";
import { freshCore, golden, mnist, ruleOf, sum } from "./support.ts";

let core: Core;
beforeAll(async () => {
    core = await freshCore();
});

test("places never overlap and come back in one piece", () => {
    const memory = new Memory(new WebAssembly.Memory({ initial: 1 }), 128);
    const held = new Map<number, number>(); // bytes of each place
    let seed = 1;
    const chance = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let turn = 0; turn < 2000; turn++) {
        const places = [...held.keys()];
        if (chance(5) < 2 && places.length > 0) {
            const at = places[chance(places.length)]!;
            memory.give(at);
            held.delete(at);
            continue;
        }
        const bytes = chance(3000), at = memory.take(bytes);
        const apart = [...held].every(([other, size]) => at + bytes <= other || other + size <= at);
        expect([at % 64, at >= 128, apart]).toEqual([0, true, true]);
        held.set(at, bytes);
    }
    for (const at of held.keys()) memory.give(at);
    expect(memory.used).toBe(0);
    expect(memory.take(1)).toBe(128);
});

test("more than there can be is refused, and the rest works on", () => {
    expect(() => core.memory.take(2 ** 33)).toThrow(UnavailableError);
    expect(core.memory.used).toBe(0);
    expect(Network.initial(core, new Architecture(), 0).forward(mnist("test", 5).images)).toHaveLength(50);
});

test("what was given back cannot be used", () => {
    const { images, labels } = mnist("train", 5);
    const set = new TrainingSet(core, images, labels);
    const rule = ruleOf(golden.updates[0]!.rule);
    const trainer = new Trainer(core, new Architecture(), rule, set, start(rule, core.initialWeights(new Architecture(), 0)));
    set.free();
    set.free();
    expect(() => trainer.run([0, 1])).toThrow("TrainingSet: found free()");
    trainer.free();
    expect(() => trainer.weights).toThrow("Trainer: found free()");
});

test("memory that was used before changes no bit", () => {
    core.memory.lend((places) => core.memory.uint8(places.take(1 << 24), 1 << 24).fill(0xff));
    const { images, labels } = mnist("train", 450);
    const given = golden.updates[1]!, rule = ruleOf(given.rule), architecture = new Architecture();
    const set = new TrainingSet(core, images, labels);
    const trainer = new Trainer(core, architecture, rule, set, start(rule, core.initialWeights(architecture, 0)), given.distortion);
    for (let epoch = 0; epoch < 2; epoch++) trainer.run(core.order(0, epoch, 450), { seed: 0 });
    expect(sum(trainer.weights).slice(0, 16)).toBe(given.weights);
    trainer.free();
    set.free();
});
