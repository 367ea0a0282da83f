// SHA-256, so that fingerprints are there at once and on every page: crypto.subtle waits, and wants a secure page.
//
// Source: FIPS 180-4. Its constants are 32 bits of the fractions of roots of the first primes, made here rather than
// listed: a float64 has 17 bits more, so that it does not matter how well a browser rounds its cube roots.

const PRIMES: number[] = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((p) => n % p !== 0)) PRIMES.push(n);
const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32);
const START = PRIMES.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const ROUNDS = PRIMES.map((p) => fraction(Math.cbrt(p)));

const turned = (x: number, by: number) => (x >>> by) | (x << (32 - by));

/** Return the SHA-256 of `bytes` as 64 hex digits. */
export function sha256(bytes: Uint8Array): string {
    const blocks = Math.ceil((bytes.length + 9) / 64);
    const padded = new Uint8Array(blocks * 64);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);

    const state = Uint32Array.from(START);
    const word = new Uint32Array(64);
    for (let at = 0; at < padded.length; at += 64) mix(state, word, view, at);
    return [...state].map((x) => x.toString(16).padStart(8, "0")).join("");
}

function mix(state: Uint32Array, word: Uint32Array, view: DataView, at: number): void {
    for (let t = 0; t < 16; t++) word[t] = view.getUint32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
        const early = word[t - 15]!, late = word[t - 2]!;
        const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
        const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
        word[t] = word[t - 16]! + s0 + word[t - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let t = 0; t < 64; t++) {
        const sum1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25), choice = (e & f) ^ (~e & g);
        const one = (h + sum1 + choice + ROUNDS[t]! + word[t]!) | 0;
        const sum0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22), majority = (a & b) ^ (a & c) ^ (b & c);
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + sum0 + majority) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, k) => (state[k] = state[k]! + x));
}

/** Return the first 16 hex digits of the SHA-256 of weights (P,): w1 row by row, then w2, …; little-endian. */
export function fingerprint(weights: Float32Array): string {
    return sha256(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength)).slice(0, 16);
}
