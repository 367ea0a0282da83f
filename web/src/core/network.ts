// A network: its architecture and its weights, in JavaScript's memory; the core computes. It does not train itself.
//
//   P       weights in all: w1 (neurons, inputs + 1) row by row, then w2, …; the bias is the last column
//   images  (n, pixels) one after the other: Uint8Array 0 … 255, or Float32Array 0 … 1, with the same results
import { Architecture, type ArchitectureOptions } from "./architecture.ts";
import { checkArray, checkImages, checkLabels, numberText, shapeText } from "./check.ts";
import type { Core } from "./core.ts";
import { InputError, ShapeError } from "./errors.ts";
import { fingerprint } from "./sha256.ts";
import { stepValues } from "./steps.ts";
import { say } from "./words.ts";

const BLOCK = 64; // images at a time: their values stay in the nearest cache

/** A matrix (rows, columns), row by row. */
export interface Matrix {
    readonly rows: number;
    readonly columns: number;
    readonly data: Float32Array;
}

export class Network {
    readonly architecture: Architecture;
    /** (P,): the network's own, may be edited; the next forward uses what is in it. */
    readonly weights: Float32Array;
    private readonly core: Core;

    /** `weights` (P,) are copied. Raises `ShapeError` for another length, `InputError` for weights that are not finite. */
    constructor(core: Core, architecture: Architecture, weights: Float32Array) {
        this.core = core;
        this.architecture = architecture;
        this.weights = checkArray("weights", weights, "float32", architecture.weightCount).slice();
        this.checkFinite();
    }

    /** The network that training starts with. */
    static initial(core: Core, architecture: Architecture, seed: number | bigint): Network {
        return new Network(core, architecture, core.initialWeights(architecture, seed));
    }

    /** A network of copies of w1, w2, … (neurons, inputs + 1). Raises `ShapeError` naming the one that does not fit. */
    static fromWeights(core: Core, matrices: readonly Matrix[], options: ArchitectureOptions = {}): Network {
        const first = matrices[0];
        const sizes = options.sizes ?? (first ? [first.columns - 1, ...matrices.map((matrix) => matrix.rows)] : undefined);
        const architecture = new Architecture({ ...options, ...(sizes && { sizes }) });
        checkMatrices(architecture, matrices);
        const weights = new Float32Array(architecture.weightCount);
        let at = 0;
        for (const { data } of matrices) {
            weights.set(data, at);
            at += data.length;
        }
        return new Network(core, architecture, weights);
    }

    /** w1, w2, …: views of `weights`. */
    get matrices(): Matrix[] {
        let at = 0;
        return this.architecture.weightShapes.map(([rows, columns]) => {
            const data = this.weights.subarray(at, (at += rows * columns));
            return { rows, columns, data };
        });
    }

    /** Sixteen hex digits that name these weights, the same as Python's. */
    get fingerprint(): string {
        return fingerprint(this.weights);
    }

    copy(): Network {
        return new Network(this.core, this.architecture, this.weights);
    }

    /** Return the outputs (n, outputs) of images (n, pixels). */
    forward(images: Uint8Array | Float32Array): Float32Array {
        return this.blocks(images, null).outputs;
    }

    /** Return the row of each image's largest output, the first of several: (n,). */
    predict(images: Uint8Array | Float32Array): Uint32Array {
        const { outputs } = this.architecture;
        const values = this.forward(images);
        return Uint32Array.from({ length: values.length / outputs }, (_, i) => {
            let best = 0;
            for (let k = 1; k < outputs; k++) if (values[i * outputs + k]! > values[i * outputs + best]!) best = k;
            return best;
        });
    }

    /** Return the outputs (n, outputs) and the losses (n,) of images (n, pixels) with labels (n,). */
    evaluate(images: Uint8Array, labels: Uint8Array): { outputs: Float32Array; losses: Float32Array } {
        const count = checkImages(images, this.architecture.pixels, false);
        return this.blocks(images, checkLabels(labels, count, this.architecture.outputs));
    }

    /**
     * Return every step of one image (pixels,) by its id, in the ledger's order; with a label on to the gradients.
     * `trace(image, 7).get("z2")` is a matrix (14, 1).
     */
    trace(image: Uint8Array | Float32Array, label: number | null = null): Map<string, Matrix> {
        this.checkFinite();
        return stepValues(this.core, this.architecture, this.weights, image, label);
    }

    private blocks(images: Uint8Array | Float32Array, labels: Uint8Array | null) {
        const { sizes, codes, pixels, outputs: width } = this.architecture;
        const { call, memory } = this.core;
        const count = checkImages(images, pixels, true);
        const outputs = new Float32Array(count * width), losses = new Float32Array(labels ? count : 0);
        this.checkFinite();
        const room = Math.min(BLOCK, count), layers = sizes.length - 1;
        memory.lend((places) => {
            const shape = places.put(Int32Array.from(sizes));
            const network = places.take(call.network_bytes(shape, layers, room));
            call.network(network, shape, layers, codes.hidden, codes.loss, room, places.put(this.weights));
            const from = places.take(room * pixels * images.BYTES_PER_ELEMENT), to = places.take(4 * room * width);
            const targets = places.take(room), lost = places.take(4 * room);
            const forward = images instanceof Uint8Array ? call.forward : call.forward_floats;
            for (let first = 0; first < count; first += BLOCK) {
                const here = Math.min(BLOCK, count - first), block = images.subarray(first * pixels, (first + here) * pixels);
                memory.uint8(from, block.byteLength).set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
                forward(network, from, here, Number(labels !== null));
                if (labels) {
                    memory.uint8(targets, here).set(labels.subarray(first, first + here));
                    call.losses(network, targets, here, lost);
                    losses.set(memory.float32(lost, here), first);
                }
                call.outputs(network, here, to);
                outputs.set(memory.float32(to, here * width), first * width);
            }
        });
        return { outputs, losses };
    }

    private checkFinite(): void {
        const at = this.weights.findIndex((weight) => !Number.isFinite(weight));
        if (at < 0) return;
        let place = at;
        for (const [layer, [rows, columns]] of this.architecture.weightShapes.entries()) {
            const entry = `w${layer + 1}[${Math.floor(place / columns)}, ${place % columns}]`;
            const found = numberText(this.weights[at]);
            if (place < rows * columns) throw new InputError(entry, { expected: say("a finite number"), found });
            place -= rows * columns;
        }
    }
}

function checkMatrices(architecture: Architecture, matrices: readonly Matrix[]): void {
    const shapes = architecture.weightShapes;
    if (matrices.length !== shapes.length)
        throw new ShapeError(say("weights"), {
            expected: say("{count} matrices", { count: shapes.length }),
            found: String(matrices.length),
        });
    matrices.forEach(({ rows, columns, data }, layer) => {
        const name = `w${layer + 1}`, [neurons, entering] = shapes[layer]!;
        if (rows !== neurons || columns !== entering)
            throw new ShapeError(name, {
                expected: shapeText(neurons, entering),
                found: shapeText(rows, columns),
                ...(rows === entering && columns === neurons && { advice: say("did you transpose it?") }),
            });
        checkArray(name, data, "float32", rows * columns);
    });
}
