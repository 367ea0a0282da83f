// Models as safetensors files, as src/glassnet/modelfile.py reads and writes them; it holds no current model.
import { Architecture, type ArchitectureOptions } from "../core/architecture.ts";
import { shapeText } from "../core/check.ts";
import type { Core } from "../core/core.ts";
import { FileFormatError, InputError } from "../core/errors.ts";
import { Network } from "../core/network.ts";
import { fingerprint } from "../core/sha256.ts";
import { say } from "../core/words.ts";
import { PIXELS } from "./idx.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const FORMAT = "glassnet-1";
const OUTPUTS = 10;

export interface ModelFile {
    readonly architecture: Architecture;
    /** (P,) */
    readonly weights: Float32Array;
    readonly metadata: Readonly<Record<string, string>>;
}

/** Return the model in a file. Raises `FileFormatError` for a file that is none or is damaged. */
export function readModel(core: Core, name: string, file: Uint8Array): ModelFile {
    const { tensors, metadata } = readSafetensors(name, file);
    if (metadata["format"] !== FORMAT)
        throw new FileFormatError(name, {
            expected: say("a model that glassnet saved"),
            found: metadata["format"]?.startsWith("glassnet-run-") ? say("the file of a training run") : `format: ${metadata["format"] ?? "None"}`,
        });
    const missing = ["sizes", "hidden", "output", "loss"].filter((key) => !(key in metadata));
    if (missing.length)
        throw new FileFormatError(name, { expected: say("metadata {keys}", { keys: missing.join(", ") }), found: say("none") });
    return within(name, () => {
        const { hidden, output, loss } = metadata as unknown as ArchitectureOptions;
        const architecture = digitsArchitecture({ sizes: parseSizes(metadata["sizes"]!), hidden: hidden!, output: output!, loss: loss! });
        const expected = architecture.sizes.slice(1).map((_, layer) => `w${layer + 1}`);
        const found = [...tensors.keys()].sort();
        if (found.join() !== [...expected].sort().join())
            throw new FileFormatError(name, { expected: expected.join(", "), found: found.join(", ") || say("nothing") });
        const matrices = expected.map((key) => {
            const { shape, data } = tensors.get(key)!;
            if (shape.length !== 2)
                throw new InputError(key, { expected: shapeText("n", "m"), found: shapeText(...shape) });
            return { rows: shape[0]!, columns: shape[1]!, data };
        });
        const { sizes, hidden: h, output: o, loss: l } = architecture;
        const { weights } = Network.fromWeights(core, matrices, { sizes, hidden: h, output: o, loss: l });
        const [stated, own] = [metadata["fingerprint"], fingerprint(weights)];
        if (stated !== undefined && stated !== own)
            throw new FileFormatError(name, {
                expected: say("weights with the fingerprint {fingerprint}", { fingerprint: stated }),
                found: own,
                advice: say("the file was changed after it was saved; save it again from its source"),
            });
        return { architecture, weights, metadata };
    });
}

/** Return the file of a model; `metadata` is added to what a file always says and cannot replace it. */
export function writeModel(core: Core, { architecture, weights, metadata }: ModelFile): Uint8Array {
    const { sizes, hidden, output, loss } = architecture;
    const network = new Network(core, architecture, weights); // refuses what is not finite
    const named = Object.fromEntries(network.matrices.map((matrix, layer) => [`w${layer + 1}`, matrix]));
    const words = { ...metadata, format: FORMAT, sizes: sizes.join("-"), hidden, output, loss, fingerprint: network.fingerprint };
    return writeSafetensors(named, words);
}

/** An architecture from 28 × 28 pixels to ten digits; raises `InputError` for any other. */
export function digitsArchitecture(options: ArchitectureOptions): Architecture {
    const architecture = new Architecture(options), { sizes } = architecture;
    if (sizes[0] !== PIXELS || sizes.at(-1) !== OUTPUTS)
        throw new InputError("sizes", { expected: say("784 inputs and 10 outputs"), found: sizes.join("-") });
    return architecture;
}

function parseSizes(text: string): number[] {
    const parts = text.split("-");
    if (text.length > 200 || !parts.every((part) => /^\d{1,9}$/.test(part)))
        throw new InputError("sizes", {
            expected: say("numbers joined by -, such as 784-14-10"),
            found: `'${text.slice(0, 60)}'`,
        });
    return parts.map(Number);
}

/** Let `work` speak of the file: its errors name it, and are the file's. */
function within<T>(name: string, work: () => T): T {
    try {
        return work();
    } catch (error) {
        if (!(error instanceof InputError) || error instanceof FileFormatError) throw error;
        throw new FileFormatError(`${name}, ${error.what}`, error.details);
    }
}
