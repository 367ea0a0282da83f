// The Python of a run that began with a model: the packaged one by its name, another one by its file.
import { expect, test } from "vitest";
import { runInPython } from "../../src/frame/python.ts";
import { readRun } from "../../src/state/runs.ts";

const PACKAGED = "0123456789abcdef";

test.each([
    [PACKAGED, 'glassnet.train(glassnet.Network.load("lecture"), '],
    ["fedcba9876543210", 'glassnet.train(glassnet.Network.load("fedcba9876543210.safetensors"), '],
    [null, 'glassnet.train(glassnet.Network((784, 14, 10), "sigmoid", "sigmoid", "squared_error", seed=3), '],
])("%s", (start, python) => {
    const { settings } = readRun("seed(3)to(7)")!;
    const expression = runInPython(settings, start, 7, PACKAGED);
    expect(expression.startsWith(python)).toBe(true);
    expect(expression.endsWith(".at(7)")).toBe(true);
});
