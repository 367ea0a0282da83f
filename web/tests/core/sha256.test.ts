// SHA-256 against Node's own, at every length around a block's border.
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprint, sha256 } from "../../src/core/index.ts";

test("is SHA-256", () => {
    for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100_000]) {
        const bytes = Uint8Array.from({ length }, (_, k) => (k * 31 + length) & 255);
        expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
});

test("two zeros have Python's fingerprint", () => {
    expect(fingerprint(new Float32Array(2))).toBe("af5570f5a1810b7a");
});
