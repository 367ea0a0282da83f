// The loss of ten numbers in float64, operation by operation as NumPy does it; and the two cross-entropies beside it.
//
//   a  (10,) prediction, each 0 … 1      t  (10,) target: 1 at the label, 0 elsewhere

/** The slides' own example: a prediction, and the digit 1 as its target. Its squared error is 0.83. */
export const EXAMPLE = { prediction: [0.1, 0.8, 0.3, 0.2, 0.1, 0.7, 0.1, 0.2, 0.3, 0.1], target: 1 } as const;

export interface SquaredError {
    readonly a: readonly number[];
    readonly t: readonly number[];
    readonly e: readonly number[];
    readonly s: readonly number[];
    readonly loss: number;
}

export function squaredError(a: readonly number[], label: number): SquaredError {
    const t = oneHot(label, a.length);
    const e = a.map((value, row) => value - t[row]!);
    const s = e.map((value) => value * value);
    return { a, t, e, s, loss: sum(s) };
}

export function oneHot(label: number, count: number): number[] {
    return Array.from({ length: count }, (_, row) => (row === label ? 1 : 0));
}

/** Add as NumPy adds 8 … 128 numbers: eight sums side by side, joined in pairs, then what is left over. */
export function sum(values: readonly number[]): number {
    if (values.length < 8) return values.reduce((total, value) => total + value, 0);
    const eight = values.slice(0, 8), whole = values.length - (values.length % 8);
    for (let i = 8; i < whole; i++) eight[i % 8]! += values[i]!;
    const [a, b, c, d, e, f, g, h] = eight as [number, number, number, number, number, number, number, number];
    const paired = a + b + (c + d) + (e + f + (g + h));
    return values.slice(whole).reduce((total, value) => total + value, paired);
}

export interface CrossEntropy {
    /** The outputs that the terms are of. */
    readonly a: readonly number[];
    readonly c: readonly number[];
    readonly loss: number;
}

/** −ln a at the label, −ln(1 − a) elsewhere; infinite where the prediction was sure and wrong. */
export function binaryCrossEntropy(a: readonly number[], label: number): CrossEntropy {
    const c = a.map((value, row) => 0 - (row === label ? Math.log(value) : Math.log1p(-value)));
    return { a, c, loss: sum(c) };
}

/**
 * Softmax and cross-entropy of the z3 whose sigmoids `a` are: z3 = ln(a / (1 − a)), so that e^z3 = a / (1 − a).
 * An output of exactly 1 has no finite z3: then the ones share everything.
 */
export function softmaxCrossEntropy(a: readonly number[], label: number): CrossEntropy {
    const sure = a.some((value) => value === 1);
    const powers = a.map((value) => (sure ? Number(value === 1) : value / (1 - value)));
    const total = sum(powers);
    const outputs = powers.map((value) => (total > 0 ? value / total : 1 / a.length));
    const c = outputs.map((value, row) => (row === label ? 0 - Math.log(value) : 0));
    return { a: outputs, c, loss: sum(c) };
}
