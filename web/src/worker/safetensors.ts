// The safetensors format from and to bytes: float32 matrices with names, and metadata. It knows no network.
//
//     0  8 bytes  length of the header, little-endian      8  header, JSON      then the tensors without a gap
// Every claim of the header is checked against the file before anything is read. Source: the format's own
// specification, github.com/huggingface/safetensors.
import { FileFormatError } from "../core/errors.ts";
import type { Matrix } from "../core/network.ts";
import { say } from "../core/words.ts";

export interface Tensors {
    readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
    readonly metadata: Readonly<Record<string, string>>;
}

/** No file with more bytes is read: 64 MiB, far above any network that the page can hold. */
export const LARGEST = 2 ** 26;
const LONGEST_HEADER = 2 ** 20;

const FOREIGN: readonly [start: readonly number[], kind: string][] = [
    ...[2, 3, 4, 5].map((protocol): [number[], string] => [[0x80, protocol], "pickle"]),
    [[0x50, 0x4b, 0x03, 0x04], "zip (.pt, .npz, .keras)"],
    [[0x89, 0x48, 0x44, 0x46], "HDF5 (.h5)"],
    [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "NumPy (.npy)"],
    [[0x1f, 0x8b], "gzip"],
];

/** Return the matrices of a file. Raises `FileFormatError` naming the file (`name`) for anything that is not whole. */
export function readSafetensors(name: string, file: Uint8Array): Tensors {
    for (const [start, kind] of FOREIGN)
        if (!isOwn(file) && start.every((byte, k) => file[k] === byte)) {
            const advice = say("such files can run code or are of another program; save the model as safetensors");
            throw new FileFormatError(name, { expected: "safetensors", found: kind, advice });
        }
    if (file.length > LARGEST)
        throw new FileFormatError(name, {
            expected: say("at most {most:,} bytes", { most: LARGEST }),
            found: file.length.toLocaleString("en-US"),
        });
    const damaged = (place?: string): never => {
        const found = place ?? damage(file);
        const [expected, advice] = [say("a whole safetensors file"), say("the file is damaged or of another kind")];
        throw new FileFormatError(name, { expected, found, advice });
    };
    if (file.length < 8) damaged();
    const length = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
    if (length > BigInt(Math.min(LONGEST_HEADER, file.length - 8))) damaged();
    const begin = 8 + Number(length);
    const header = parsed(file.subarray(8, begin)) ?? damaged();
    const { __metadata__: metadata = {}, ...entries } = header;
    if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === "string")) damaged("__metadata__");

    const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
    let end = 0;
    const placed = Object.entries(entries).map(([key, entry]) => [key, placeOf(entry) ?? damaged(key)] as const);
    for (const [key, { dtype, shape, from, to }] of placed.sort(([, one], [, other]) => one.from - other.from || one.to - other.to)) {
        if (from !== end) damaged(`${key}: data_offsets`);
        end = to;
        if (begin + to > file.length) damaged();
        if (dtype !== "F32") throw new FileFormatError(`${name}, ${key}`, { expected: "float32", found: dtype });
        if (shape.reduce((product, extent) => product * extent, 4) !== to - from) damaged(`${key}: shape`);
        tensors.set(key, { shape, data: new Float32Array(file.slice(begin + from, begin + to).buffer) });
    }
    if (begin + end !== file.length) damaged();
    return { tensors, metadata: metadata as Record<string, string> };
}

/** Whether it begins with a header's length, whose bytes may be those of a pickle, and a header. */
function isOwn(file: Uint8Array): boolean {
    return file[8] === "{".charCodeAt(0) && file.subarray(4, 8).every((byte) => byte === 0);
}

/** Say what is wrong with a file that cannot be read, by its first nine bytes. */
function damage(file: Uint8Array): string {
    const size = file.length;
    if (size === 0) return say("an empty file (0 bytes)");
    if (!isOwn(file)) return say("a file of another kind ({size:,} bytes)", { size });
    const length = new DataView(file.buffer, file.byteOffset, 8).getUint32(0, true);
    return length + 8 > size ? say("one that is cut off after {size:,} bytes", { size }) : say("one that is cut off or changed ({size:,} bytes)", { size });
}

/** Return the file that Python writes for the same matrices and metadata, byte for byte. */
export function writeSafetensors(matrices: Readonly<Record<string, Matrix>>, metadata: Readonly<Record<string, string>>): Uint8Array {
    const entries: Record<string, unknown> = { __metadata__: sorted(metadata) };
    let end = 0;
    for (const [name, { rows, columns }] of Object.entries(sorted(matrices))) {
        const begin = end;
        end += 4 * rows * columns;
        entries[name] = { data_offsets: [begin, end], dtype: "F32", shape: [rows, columns] };
    }
    const text = new TextEncoder().encode(JSON.stringify(entries));
    const header = Math.ceil(text.length / 8) * 8;
    const file = new Uint8Array(8 + header + end).fill(0x20, 8, 8 + header);
    new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
    file.set(text, 8);
    let at = 8 + header;
    for (const { data } of Object.values(sorted(matrices))) {
        file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
        at += data.byteLength;
    }
    return file;
}

/** An object from JSON whose keys are all different; null for anything else. */
function parsed(text: Uint8Array): Record<string, unknown> | null {
    try {
        const written = new TextDecoder("utf-8", { fatal: true }).decode(text);
        const value: unknown = JSON.parse(written);
        if (!isRecord(value) || !written.startsWith("{")) return null;
        // JSON.parse keeps the last of equal keys; what is written again is then shorter than what was read
        return JSON.stringify(value).length === compact(written).length ? value : null;
    } catch {
        return null;
    }
}

/** JSON without the spaces between its tokens, and with \u escapes for letters written as such. */
function compact(json: string): string {
    return json.replace(/"(?:[^"\\]|\\.)*"|\s+/gu, (token) => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : ""));
}

function placeOf(entry: unknown): { dtype: string; shape: number[]; from: number; to: number } | null {
    if (!isRecord(entry)) return null;
    const { dtype, shape, data_offsets: offsets } = entry;
    if (typeof dtype !== "string" || !isCounts(shape) || shape.length > 8 || !isCounts(offsets) || offsets.length !== 2) return null;
    const [from, to] = offsets as [number, number];
    return from <= to ? { dtype, shape, from, to } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isCounts(value: unknown): value is number[] {
    return Array.isArray(value) && value.every((number) => Number.isSafeInteger(number) && number >= 0);
}
function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
    return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
