// Models as safetensors files, from and to bytes, everything checked; what pickles or other programs save is refused.
//
// The same rules as src/glassnet/modelfile.py; what is written is Python's file to the last byte.
import { Architecture, type ArchitectureOptions } from "../../core/architecture.ts";
import { shapeText } from "../../core/check.ts";
import { FileFormatError, InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/network.ts";
import { fingerprint } from "../../core/sha256.ts";
import { say } from "../../core/words.ts";

export const FORMAT = "glassnet-1";
const LONGEST_HEADER = 1_000_000;
const FOREIGN: readonly (readonly [start: readonly number[], kind: string])[] = [
    [[0x80, 2], "pickle"], [[0x80, 3], "pickle"], [[0x80, 4], "pickle"], [[0x80, 5], "pickle"],
    [[0x50, 0x4b, 3, 4], "zip (.pt, .npz, .keras)"], [[0x89, 0x48, 0x44, 0x46], "HDF5 (.h5)"],
    [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "NumPy (.npy)"], [[0x1f, 0x8b], "gzip"],
];

export interface ModelFile {
    readonly architecture: Architecture;
    readonly weights: readonly Matrix[];
    readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly data_offsets: readonly [number, number];
}

/** Return the model in a file's bytes; raises `FileFormatError` naming the file, or the tensor at fault. */
export function readModel(name: string, bytes: Uint8Array): ModelFile {
    const foreign = FOREIGN.find(([start]) => start.every((byte, i) => bytes[i] === byte));
    if (foreign) {
        const advice = say("such files can run code or are of another program; save the model as safetensors");
        throw new FileFormatError(name, { expected: "safetensors", found: foreign[1], advice });
    }
    const { entries, metadata, data } = header(name, bytes);
    if (metadata["format"] !== FORMAT) {
        const found = `format: ${metadata["format"] ?? say("none")}`;
        throw new FileFormatError(name, { expected: `format: ${FORMAT}`, found, advice: say("a model that glassnet saved is needed") });
    }
    const architecture = architectureOf(name, metadata);
    const expected = architecture.weightShapes.map((_, i) => `w${i + 1}`);
    if ([...entries.keys()].sort().join() !== [...expected].sort().join())
        throw new FileFormatError(name, { expected: expected.join(", "), found: [...entries.keys()].join(", ") || say("nothing") });
    const weights = expected.map((key, i) => {
        const { dtype, shape, data_offsets } = entries.get(key)!, [rows, columns] = architecture.weightShapes[i]!;
        if (dtype !== "F32") throw new FileFormatError(`${name}, ${key}`, { expected: "float32", found: dtype });
        if (shape.length !== 2 || shape[0] !== rows || shape[1] !== columns) {
            const turned = shape[0] === columns && shape[1] === rows;
            throw new FileFormatError(`${name}, ${key}`, {
                expected: shapeText(rows, columns), found: shapeText(...shape), ...(turned && { advice: say("did you transpose it?") }),
            });
        }
        const values = new Float32Array(data.slice(data_offsets[0], data_offsets[1]).buffer);
        const at = values.findIndex((value) => !Number.isFinite(value));
        if (at >= 0) {
            const what = `${name}, ${key}[${Math.floor(at / columns)}, ${at % columns}]`;
            throw new FileFormatError(what, { expected: say("a finite number"), found: String(values[at]).replace("NaN", "nan") });
        }
        return { rows, columns, data: values };
    });
    const stated = metadata["fingerprint"], found = fingerprintOf(weights);
    if (stated !== undefined && stated !== found) {
        const wanted = say("weights with the fingerprint {fingerprint}", { fingerprint: stated });
        const advice = say("the file was changed after it was saved; save it again from its source");
        throw new FileFormatError(name, { expected: wanted, found, advice });
    }
    return { architecture, weights, metadata };
}

/** The file of a model; `metadata` is added to what every file says. */
export function writeModel({ architecture, weights, metadata }: ModelFile): Uint8Array {
    const { sizes, hidden, output, loss } = architecture;
    const own = { format: FORMAT, sizes: sizes.join("-"), hidden, output, loss, fingerprint: fingerprintOf(weights) };
    const entries: Record<string, unknown> = { __metadata__: sorted({ ...metadata, ...own }) };
    const names = weights.map((_, i) => `w${i + 1}`).sort();
    let at = 0;
    for (const name of names) {
        const { rows, columns, data } = weights[Number(name.slice(1)) - 1]!;
        entries[name] = { data_offsets: [at, (at += 4 * data.length)], dtype: "F32", shape: [rows, columns] };
    }
    let text = new TextEncoder().encode(JSON.stringify(entries));
    const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
    padded.set(text);
    text = padded;
    const bytes = new Uint8Array(8 + text.length + at);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    let to = 8 + text.length;
    for (const name of names) {
        const { data } = weights[Number(name.slice(1)) - 1]!;
        bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), to);
        to += data.byteLength;
    }
    return bytes;
}

export function fingerprintOf(weights: readonly Matrix[]): string {
    const all = new Float32Array(weights.reduce((sum, { data }) => sum + data.length, 0));
    let at = 0;
    for (const { data } of weights) {
        all.set(data, at);
        at += data.length;
    }
    return fingerprint(all);
}

function sorted(words: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(words).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Return tensors by name, the metadata, and the bytes behind the header; every offset is within them, none overlaps. */
function header(name: string, bytes: Uint8Array) {
    const damaged = (found: string): never => {
        const advice = say("the file is damaged or of another kind");
        throw new FileFormatError(name, { expected: say("a whole safetensors file"), found, advice });
    };
    if (bytes.length < 8) return damaged(`${bytes.length} B`);
    const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
    if (length === 0n || length > BigInt(Math.min(LONGEST_HEADER, bytes.length - 8))) return damaged(`header: ${length} B`);
    const data = bytes.subarray(8 + Number(length));
    let parsed: unknown;
    try {
        parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + Number(length))));
    } catch (error) {
        return damaged(error instanceof Error ? error.message : "JSON");
    }
    if (!isRecord(parsed)) return damaged("JSON");
    const { __metadata__: words = {}, ...tensors } = parsed;
    if (!isRecord(words) || Object.values(words).some((value) => typeof value !== "string")) return damaged("__metadata__");
    const entries = new Map<string, Entry>();
    for (const [key, entry] of Object.entries(tensors)) {
        if (!isEntry(entry)) return damaged(key);
        entries.set(key, entry);
    }
    let at = 0;
    for (const [key, { shape, data_offsets, dtype }] of [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])) {
        const bytesEach = dtype === "F32" ? 4 : null;
        const wanted = bytesEach && shape.reduce((product, size) => product * size, bytesEach);
        if (data_offsets[0] !== at || (wanted && data_offsets[1] - at !== wanted)) return damaged(`${key}: ${data_offsets.join("–")}`);
        at = data_offsets[1];
    }
    if (at !== data.length) return damaged(`${data.length.toLocaleString("en-US")} B`);
    return { entries, metadata: words as Record<string, string>, data };
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is Entry {
    if (!isRecord(value)) return false;
    const { dtype, shape, data_offsets: offsets } = value;
    const whole = (list: unknown): list is number[] => Array.isArray(list) && list.every((item) => Number.isSafeInteger(item) && item >= 0);
    return typeof dtype === "string" && whole(shape) && whole(offsets) && offsets.length === 2 && offsets[0]! <= offsets[1]!;
}

function architectureOf(name: string, metadata: Readonly<Record<string, string>>): Architecture {
    const missing = ["sizes", "hidden", "output", "loss"].filter((key) => metadata[key] === undefined);
    if (missing.length > 0)
        throw new FileFormatError(name, { expected: say("metadata {keys}", { keys: missing.join(", ") }), found: say("none") });
    const { sizes: text = "", hidden, output, loss } = metadata;
    if (!/^\d{1,9}(-\d{1,9}){0,20}$/.test(text)) {
        const expected = say("numbers joined by -, such as 784-14-10");
        throw new FileFormatError(`${name}, sizes`, { expected, found: `'${text.slice(0, 60)}'` });
    }
    try {
        const architecture = new Architecture({ sizes: text.split("-").map(Number), hidden, output, loss } as ArchitectureOptions);
        if (architecture.pixels === 784 && architecture.outputs === 10) return architecture;
    } catch (error) {
        if (error instanceof InputError) throw new FileFormatError(`${name}, ${error.what}`, error.details);
        throw error;
    }
    throw new FileFormatError(`${name}, sizes`, { expected: "784-…-10", found: text });
}
