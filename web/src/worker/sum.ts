// The SHA-256 of much data, without holding anybody up: the browser's own where there is one. Fingerprints are not made here.
import { sha256 } from "../core/sha256.ts";

/** Return the SHA-256 of `parts` one after the other, 64 hex digits. */
export async function sha256Of(...parts: readonly Uint8Array[]): Promise<string> {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined; // only on a secure page
    if (!subtle) return sha256(whole);
    const digest = new Uint8Array(await subtle.digest("SHA-256", whole));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
