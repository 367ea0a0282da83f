// Numbers as text: the same as the terminal's (show/numbers.py) and as --json's.
import { expect, test } from "vitest";
import { shortest32, written } from "../../src/parts/number.ts";

test.each([
    [0.5, {}, "0.5000"], [0.5, { sign: true }, "+0.5000"], [-2.25, {}, "−2.2500"], [-0.0000123, {}, "0.0000"], [-0.0000123, { sign: true }, "0.0000"],
    [2e10, { sign: true }, "+2.0000e+10"], [Number.NaN, { sign: true }, "nan"], [-Infinity, {}, "−∞"], [0.83, { decimals: 2 }, "0.83"],
])("%d %o is written %s", (value, options, text) => expect(written(value, options)).toBe(text));

test("a float32 comes back from its shortest text", () => {
    expect(shortest32(Math.fround(0.1))).toBe("0.1");
    expect(shortest32(Math.fround(1 / 3))).toBe("0.33333334");
    const bits = new Uint32Array(1), value = new Float32Array(bits.buffer);
    for (let i = 0; i < 20_000; i++) {
        bits[0] = (i * 2_654_435_761) >>> 0;
        if (Number.isFinite(value[0]!)) expect(Math.fround(Number(shortest32(value[0]!)))).toBe(value[0]!);
    }
});
