// The arithmetic of the room Loss: the slides' example, NumPy's own sums to the last bit, and cross-entropies with known values.
import { describe, expect, test } from "vitest";
import { EXAMPLE, binaryCrossEntropy, softmaxCrossEntropy, squaredError, sum } from "../../src/rooms/loss/arithmetic.ts";
import { lossLink } from "../../src/rooms/loss/link.ts";

test("the slides' example gives 0.83, as Python adds it", () => {
    const { t, s, loss } = squaredError(EXAMPLE.prediction, EXAMPLE.target);
    expect(t).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(s.map((value) => value.toFixed(2))).toEqual(["0.01", "0.04", "0.09", "0.04", "0.01", "0.49", "0.01", "0.04", "0.09", "0.01"]);
    expect(loss).toBe(0.83);
});

test("numbers are added in NumPy's order", () => {
    expect(sum([1e16, 1, -1e16, 3, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])).toBe(6.1);
    expect(sum([0.1, 0.2, 0.3])).toBe(0.1 + 0.2 + 0.3);
});

describe("cross-entropies", () => {
    test("of the example, from the z3 whose sigmoid it is", () => {
        expect(binaryCrossEntropy(EXAMPLE.prediction, 1).loss).toBeCloseTo(3.0081954087773353, 12);
        const { a, loss } = softmaxCrossEntropy(EXAMPLE.prediction, 1);
        expect(sum(a)).toBeCloseTo(1, 12);
        expect(loss).toBeCloseTo(0.7098716235011396, 12);
    });
    test("sure and right costs nothing, sure and wrong has no end", () => {
        const sure = Array.from({ length: 10 }, (_, row) => (row === 3 ? 1 : 0));
        expect([binaryCrossEntropy(sure, 3).loss, softmaxCrossEntropy(sure, 3).loss]).toEqual([0, 0]);
        expect([binaryCrossEntropy(sure, 4).loss, softmaxCrossEntropy(sure, 4).loss]).toEqual([Infinity, Infinity]);
    });
    test("ten zeros leave softmax undecided", () => {
        expect(softmaxCrossEntropy(new Array<number>(10).fill(0), 2).loss).toBeCloseTo(Math.log(10), 12);
    });
});

test("a link says ten numbers from 0 to 1, or none", () => {
    const { prediction } = lossLink;
    expect(prediction.read(prediction.write(EXAMPLE.prediction))).toEqual(EXAMPLE.prediction);
    for (const bad of ["", "0.1", "2_0_0_0_0_0_0_0_0_0", "a_0_0_0_0_0_0_0_0_0", "0_0_0_0_0_0_0_0_0_0_0"]) expect(prediction.read(bad)).toBeUndefined();
});
