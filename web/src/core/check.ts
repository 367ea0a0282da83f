// Checks of what enters the core, each raising the error that Python raises; they know no network and no memory.
//
// Arrays are flat and lie in one piece. `(n, 784)` in an error is the shape that the array stands for.
import { InputError, ShapeError } from "./errors.ts";
import { say } from "./words.ts";

/** The typed arrays that enter the core. */
export interface Arrays {
    uint8: Uint8Array;
    uint32: Uint32Array;
    float32: Float32Array;
}
const TYPES = { uint8: Uint8Array, uint32: Uint32Array, float32: Float32Array };

/** A shape as Python writes it: `(14, 785)`, `(784,)`. */
export function shapeText(...shape: (number | string)[]): string {
    return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A number as Python writes it, for one that may be no number. */
export function numberText(value: unknown): string {
    if (typeof value === "string") return `'${value}'`;
    if (typeof value !== "number") return String(value);
    return Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf");
}

function found(value: unknown): string {
    if (!ArrayBuffer.isView(value) || value instanceof DataView) return value === null ? "null" : typeof value;
    const { constructor, length } = value as Uint8Array;
    return `${constructor.name.replace("Array", "").toLowerCase()} ${shapeText(length)}`;
}

/** Raise `ShapeError` unless `value` is a typed array of this kind with `length` numbers. */
export function checkArray<K extends keyof Arrays>(what: string, value: unknown, kind: K, length: number): Arrays[K] {
    if (value instanceof TYPES[kind] && value.length === length) return value as Arrays[K];
    throw new ShapeError(what, { expected: `${kind} ${shapeText(length)}`, found: found(value) });
}

/** Return how many images (n, pixels) there are in `value`: bytes, or where `floats` are allowed, numbers 0 … 1. */
export function checkImages(value: unknown, pixels: number, floats: boolean): number {
    const fits = value instanceof Uint8Array || (floats && value instanceof Float32Array);
    if (!fits || value.length % pixels !== 0)
        throw new ShapeError("images", { expected: `uint8 ${shapeText("n", pixels)}`, found: found(value) });
    if (value instanceof Float32Array) {
        let low = Infinity, high = -Infinity, outside = false;
        for (const x of value) {
            outside ||= !(x >= 0 && x <= 1);
            low = Math.min(low, x);
            high = Math.max(high, x);
        }
        if (outside)
            throw new InputError(say("image"), {
                expected: say("float from 0 to 1"),
                found: say("{low} to {high}", { low: numberText(low), high: numberText(high) }),
                advice: say("divide by 255, or pass bytes as uint8"),
            });
    }
    return value.length / pixels;
}

/** Raise `InputError` unless every label (n,) is less than `outputs`. */
export function checkLabels(labels: unknown, count: number, outputs: number): Uint8Array {
    const bytes = checkArray("labels", labels, "uint8", count);
    const largest = bytes.reduce((most, label) => Math.max(most, label), 0);
    if (largest < outputs) return bytes;
    throw new InputError("labels", { expected: say("numbers from 0 to {last}", { last: outputs - 1 }), found: String(largest) });
}

/** Return an order (m,) of images as uint32; raise `InputError` for numbers that are no images. */
export function checkOrder(order: ArrayLike<number>, count: number): Uint32Array {
    const places = Uint32Array.from(order);
    let low = Infinity, high = -Infinity, outside = false;
    for (let i = 0; i < places.length; i++) {
        const place = order[i]!;
        outside ||= place !== places[i] || place >= count;
        low = Math.min(low, place);
        high = Math.max(high, place);
    }
    if (outside) {
        const expected = say("numbers from 0 to {last}", { last: count - 1 });
        throw new InputError("order", { expected, found: `${numberText(low)}…${numberText(high)}` });
    }
    return places;
}

/** Return a seed as 64 bits, from a whole number that is exact, from a BigInt, or from digits. */
export function checkSeed(seed: number | bigint | string): bigint {
    const exact = typeof seed === "string" ? /^\d{1,20}$/.test(seed) : typeof seed === "bigint" || Number.isSafeInteger(seed);
    const bits = exact ? BigInt(seed) : -1n;
    if (bits >= 0n && bits < 1n << 64n) return bits;
    const found = typeof seed === "string" ? `'${seed}'` : numberText(seed);
    throw new InputError("seed", { expected: say("a whole number from 0 to 2⁶⁴ − 1"), found });
}

/** Raise `InputError` unless `value` is a whole number from `low` to `high`. */
export function checkWhole(what: string, value: unknown, low: number, high: number): number {
    if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high) return value as number;
    throw new InputError(what, { expected: say("a whole number from {low} to {high:,}", { low, high }), found: numberText(value) });
}

/** Raise `InputError` unless `value` lies in `interval`, such as `[0, 1)`. */
export function checkReal(what: string, value: unknown, interval: string): number {
    const [low, high] = interval.slice(1, -1).split(", ").map(Number) as [number, number];
    const x = typeof value === "number" ? value : NaN;
    if ((interval.startsWith("(") ? x > low : x >= low) && (interval.endsWith(")") ? x < high : x <= high)) return x;
    throw new InputError(what, { expected: say("a number in the range {interval}", { interval }), found: numberText(value) });
}

/** Return the place of `value` among `choices`; raise `InputError` if it is none of them. */
export function checkChoice(what: string, value: unknown, choices: readonly string[]): number {
    const place = choices.indexOf(value as string);
    if (place >= 0) return place;
    throw new InputError(what, { expected: choices.join(", "), found: numberText(value) });
}
