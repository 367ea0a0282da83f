// Training as the page does it gives Python's weights, its arithmetic of an update, and its doctor's words.
import { beforeAll, expect, test } from "vitest";
import type { StudioEngine } from "../../src/worker/engine.ts";
import type { Report, WeightExplanation } from "../../src/worker/protocol.ts";
import { golden, opened, settingsOf, type PythonRun, type PythonWeight } from "./support.ts";

let engine: StudioEngine;
beforeAll(async () => {
    engine = await opened();
});

const named = golden.runs.map((run, k) => [`${k}: ${run.sizes.join("-")} ${run.recipe.optimizer}`, run] as const);

async function finished(given: PythonRun) {
    const { run } = engine.start(settingsOf(given));
    return engine.go(run, { until: "pause" });
}

test.each(named)("run %s is Python's, forwards and backwards", async (_, given) => {
    const { run, diverged } = await finished(given);
    expect(diverged).toBe(given.diverged);
    for (const [update, fingerprint] of [...given.at, ...[...given.at].reverse()])
        expect(engine.at(run, update).fingerprint, `update ${update}`).toBe(fingerprint);
    const { epochs } = engine.history(run);
    expect(epochs.map(({ epoch }) => epoch)).toEqual(given.scores.map(([epoch]) => epoch));
    given.scores.forEach(([, loss, accuracy, validation], k) => {
        expect(epochs[k]!.train.loss).toBeCloseTo(loss, 10);
        expect([epochs[k]!.train.accuracy, epochs[k]!.validation?.accuracy]).toEqual([accuracy, validation]);
    });
    await expect.poll(() => engine.runs().find((info) => info.run === run)!.dataSha256).toBe(given.data_sha256);
    engine.discard(run);
});

test.each(named)("update of run %s as arithmetic", async (_, given) => {
    const { run } = await finished(given);
    const { update, loss, indices, largest, whole, one } = given.explain;
    const explained = engine.explain(run, update);
    expect([...explained.indices]).toEqual(indices);
    expect(explained.loss).toBe(loss);
    expect(explained.largest).toEqual({ matrix: largest[0], row: largest[1], column: largest[2] });
    const place = { matrix: whole.name, row: whole.row, column: whole.column };
    compare(engine.explainWeight(run, update, null, place), whole);
    compare(engine.explainWeight(run, update, 2, place), one);
    expect(engine.explain(run, update, 2).trace!.label).toBe(explained.labels[2]);
    engine.discard(run);
});

function compare(found: WeightExplanation, python: PythonWeight): void {
    const near = (value: number, goal: number) =>
        Number.isFinite(goal) ? expect(Math.abs(value - goal)).toBeLessThanOrEqual(1e-8 * Math.max(1e-3, Math.abs(goal))) : expect(value).toBe(goal);
    expect([found.old, found.new, found.gradient, found.imageGradient].map(fround)).toEqual(
        [python.old, python.new, python.gradient, python.image_gradient].map(fround),
    );
    expect(found.pixel).toEqual(python.pixel);
    expect(found.lines.map(({ id, python: line }) => [id, line])).toEqual(python.lines.map(({ id, python: line }) => [id, line]));
    expect(found.lines.map(({ written }) => written)).toEqual(python.lines.map(({ written }) => written));
    found.lines.forEach(({ value, stored }, k) => {
        near(value, python.lines[k]!.value);
        expect(fround(stored)).toBe(fround(python.lines[k]!.stored));
    });
    expect(found.products.map(({ index, label, dZ, entering }) => [index, label, fround(dZ), fround(entering)])).toEqual(
        python.products.map(({ index, label, d_z, entering }) => [index, label, fround(d_z), fround(entering)]),
    );
    near(found.difference.above, python.difference.above);
    near(found.difference.below, python.difference.below);
    expect(Math.abs(found.difference.slope - (found.imageGradient ?? found.gradient))).toBeLessThan(1e-6 + 1e-4 * Math.abs(found.gradient));
}
const fround = (value: number | null) => (value === null ? null : Math.fround(value));

test.each(named)("the doctor on run %s", async (_, given) => {
    const { run } = await finished(given);
    for (const language of ["en", "ko"] as const) {
        engine.useLanguage(language);
        const found = [false, true].map((tries) => engine.diagnose(run, tries).map(({ settings: _settings, ...finding }) => finding));
        engine.useLanguage("en");
        expect(found).toEqual(given.findings[language]);
    }
    engine.discard(run);
});

test("reports tell every loss once, also when the run pauses on the way", async () => {
    const reports: Report[] = [];
    engine.listen((report) => void reports.push(report));
    const { run, updates } = engine.start(settingsOf(golden.runs[0]!));
    await engine.go(run, { until: { updates: 7 } });
    await engine.go(run, { until: "epoch" });
    expect(engine.runs().at(-1)).toMatchObject({ run, update: 20, status: "paused" });
    const going = engine.go(run, { until: "pause" });
    await new Promise((resolve) => setTimeout(resolve, 1));
    engine.pause(run);
    await going;
    await engine.go(run, { until: "pause" });
    engine.listen(null);
    expect(engine.runs().at(-1)).toMatchObject({ update: updates, status: "finished" });
    expect(reports.flatMap(({ losses }) => [...losses])).toEqual([...engine.history(run).losses]);
    expect(reports.flatMap(({ epochs }) => epochs)).toEqual(engine.history(run).epochs);
    expect(engine.at(run, 120).fingerprint).toBe(golden.runs[0]!.at[3]![1]);
    engine.discard(run);
});

test("an edited network trains on, and a run's becomes the model", async () => {
    const { run } = engine.start(settingsOf(golden.runs[0]!));
    await engine.go(run, { until: { updates: 3 } });
    const adopted = engine.adopt({ run, update: 2 });
    expect(adopted.fingerprint).toBe(engine.at(run, 2).fingerprint);
    engine.edit({ kind: "weight", matrix: "w2", row: 1, column: 2, value: 0.5 });
    const second = engine.start({ ...settingsOf(golden.runs[0]!), from: "model" });
    expect(second.start).toBe(engine.model().fingerprint);
    engine.undo();
    expect(engine.undo().fingerprint).toBe(golden.evaluation.fingerprint);
});

test("what a run has not made is refused, and settings that cannot be", () => {
    const { run } = engine.start(settingsOf(golden.runs[0]!));
    expect(() => engine.at(run, 1)).toThrow("update: expected a whole number from 0 to 0, found 1; the run has not gone farther");
    expect(() => engine.explain(run, 0)).toThrow("update: expected a whole number from 1 to 0");
    expect(() => engine.at(99, 0)).toThrow("run: expected");
    const settings = settingsOf(golden.runs[0]!), runs = engine.runs().length;
    expect(() => engine.start({ ...settings, sizes: [784, 14, 9] })).toThrow("sizes: expected 784 inputs and 10 outputs, found 784-14-9");
    expect(() => engine.start({ ...settings, recipe: { ...settings.recipe, learningRate: -1 } })).toThrow("learning_rate: expected");
    expect(() => engine.start({ ...settings, seed: "-1" })).toThrow("seed: expected a whole number");
    expect(engine.runs()).toHaveLength(runs);
});
