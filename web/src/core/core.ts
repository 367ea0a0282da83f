// The WebAssembly core, loaded, with what needs no network: chance, distortion, the frame. Touches no page.
//
// It works in a worker, in a window and in Node. The module imports nothing: everything goes through its memory.
import type { Architecture } from "./architecture.ts";
import { checkArray, checkSeed, checkWhole, shapeText } from "./check.ts";
import { InputError, ShapeError, UnavailableError } from "./errors.ts";
import { Memory } from "./memory.ts";
import { recipeNumbers, type Distortion, type Rule } from "./rule.ts";
import { say } from "./words.ts";

/** The exports of core/wasm.cpp, which documents them. Numbers are places in the memory, counts, or codes. */
export interface Exports {
    memory: WebAssembly.Memory;
    heap(): number;
    order(seed: bigint, epoch: bigint, count: number, out: number): void;
    initial_weights(sizes: number, layers: number, sigmoidOutput: number, seed: bigint, out: number): void;
    learning_rate(recipe: number, update: bigint): number;
    packed_bytes(images: number, count: number, pixels: number): number;
    pack(at: number, images: number, count: number, pixels: number): void;
    distort_bytes(pixels: number, most: number): number;
    distort(
        images: number, count: number, pixels: number, most: number, seed: bigint, update: bigint, room: number, out: number,
    ): void;
    frame(ink: number, height: number, width: number, room: number, out: number): number;
    frame_bytes(height: number, width: number): number;
    network_bytes(sizes: number, layers: number, images: number): number;
    network(at: number, sizes: number, layers: number, hidden: number, loss: number, images: number, weights: number): void;
    outputs(network: number, count: number, out: number): void;
    forward(network: number, images: number, count: number, sumsOnly: number): void;
    forward_floats(network: number, images: number, count: number, sumsOnly: number): void;
    losses(network: number, labels: number, count: number, out: number): void;
    steps_count(sizes: number, layers: number, loss: number, labeled: number): number;
    steps_bytes(sizes: number, layers: number): number;
    steps(
        room: number, sizes: number, layers: number, hidden: number, loss: number, weights: number,
        bytes: number, floats: number, label: number, out: number,
    ): void;
    loss_double_bytes(sizes: number, layers: number, loss: number): number;
    loss_double(
        room: number, sizes: number, layers: number, hidden: number, loss: number, weights: number,
        images: number, labels: number, count: number,
    ): number;
    job_bytes(packed: number, sizes: number, layers: number, recipe: number): number;
    job(
        at: number, packed: number, labels: number, sizes: number, layers: number, hidden: number, loss: number, recipe: number,
    ): void;
    write(job: number, which: number, vector: number): void;
    read(job: number, which: number, vector: number): void;
    run(job: number, order: number, visits: number, update: number, seed: bigint, losses: number): number;
}

const MOST_SIDE = 20_000;
const FRAMED = 28 * 28;

export class Core {
    readonly call: Exports;
    readonly memory: Memory;

    /** Raises `UnavailableError` where WebAssembly or its SIMD is missing. */
    static async load(source: BufferSource | Response | Promise<Response>): Promise<Core> {
        const got = await source;
        const bytes = "arrayBuffer" in got ? await got.arrayBuffer() : got;
        try {
            return new Core(await WebAssembly.compile(bytes));
        } catch (error) {
            const found = error instanceof Error ? error.message : String(error);
            const advice = say("use a newer browser");
            throw new UnavailableError(say("the compiled core"), { expected: say("WebAssembly with SIMD"), found, advice });
        }
    }

    constructor(module: WebAssembly.Module) {
        this.call = new WebAssembly.Instance(module).exports as unknown as Exports;
        this.memory = new Memory(this.call.memory, this.call.heap());
    }

    /** Return the order (count,) in which an epoch, from 0, visits `count` images. */
    order(seed: number | bigint, epoch: number, count: number): Uint32Array {
        checkWhole("count", count, 0, 2 ** 31 - 1);
        const [key, number] = [checkSeed(seed), checkEpoch(epoch)];
        return this.memory.lend((places) => {
            const out = places.take(4 * count);
            this.call.order(key, number, count, out);
            return this.memory.uint32(out, count).slice();
        });
    }

    /** Return the weights (P,) that training starts with: w1 (neurons, inputs + 1) row by row, then w2, … */
    initialWeights(architecture: Architecture, seed: number | bigint): Float32Array {
        const { sizes, output, weightCount } = architecture;
        const key = checkSeed(seed);
        return this.memory.lend((places) => {
            const out = places.take(4 * weightCount);
            const at = places.put(Int32Array.from(sizes));
            this.call.initial_weights(at, sizes.length - 1, Number(output === "sigmoid"), key, out);
            return this.memory.float32(out, weightCount).slice();
        });
    }

    /**
     * Return the mean loss of images (n, pixels) with labels (n,) at weights (P,), all in float64: for finite differences,
     * which say little in float32.
     */
    meanLoss(architecture: Architecture, weights: Float64Array, images: Uint8Array, labels: Uint8Array): number {
        const { sizes, codes, pixels } = architecture, layers = sizes.length - 1;
        checkArray("images", images, "uint8", labels.length * pixels);
        return this.memory.lend((places) => {
            const shape = places.put(Int32Array.from(sizes)), room = places.take(this.call.loss_double_bytes(shape, layers, codes.loss));
            const [at, from, targets] = [places.put(weights), places.put(images), places.put(labels)];
            return this.call.loss_double(room, shape, layers, codes.hidden, codes.loss, at, from, targets, labels.length);
        });
    }

    /** Return the learning rate of update 1, 2, …, `rule.updates`. */
    learningRate(rule: Rule, update: number): number {
        const number = BigInt(checkWhole("update", update, 1, Number.MAX_SAFE_INTEGER));
        return this.memory.lend((places) => this.call.learning_rate(places.put(recipeNumbers(rule, null)), number));
    }

    /**
     * Return the images (count · side²,), bytes, of a batch as update number `update` sees them: as many bytes.
     * Raises `ShapeError` unless they are square.
     */
    distort(images: Uint8Array, count: number, distortion: Distortion, seed: number | bigint, update: number): Uint8Array {
        checkWhole("count", count, 1, 2 ** 31 - 1);
        const pixels = images.length / count;
        checkSquare(checkArray("images", images, "uint8", count * Math.round(pixels)).length / count);
        const six = recipeNumbers(NO_RULE, distortion).slice(8);
        const [key, when] = [checkSeed(seed), BigInt(checkWhole("update", update, 0, Number.MAX_SAFE_INTEGER))];
        return this.memory.lend((places) => {
            const [from, to, most] = [places.put(images), places.take(images.length), places.put(six)];
            const room = places.take(this.call.distort_bytes(pixels, most));
            this.call.distort(from, count, pixels, most, key, when, room, to);
            return this.memory.uint8(to, images.length).slice();
        });
    }

    /**
     * Return ink (height · width,), bytes from 0 (paper) to 255, as MNIST would show it: (784,) bytes; null without ink.
     * Size-normalized to 20 × 20 and centered by its mass in 28 × 28. At most 20,000 pixels a side.
     */
    frame(ink: Uint8Array, height: number, width: number): Uint8Array | null {
        checkArray("ink", ink, "uint8", height * width);
        if (height > MOST_SIDE || width > MOST_SIDE)
            throw new InputError("ink", { expected: say("at most 20,000 pixels a side"), found: shapeText(height, width) });
        if (ink.length === 0) return null;
        return this.memory.lend((places) => {
            const [from, to] = [places.put(ink), places.take(FRAMED)];
            const room = places.take(this.call.frame_bytes(height, width));
            return this.call.frame(from, height, width, room, to) ? this.memory.uint8(to, FRAMED).slice() : null;
        });
    }
}

const NO_RULE: Rule = {
    batchSize: 1, optimizer: "sgd", learningRate: 1, momentum: 0, schedule: "constant", warmup: 0, updates: 1, average: 0,
};

/** Return an epoch, from 0, as 64 bits. */
export function checkEpoch(epoch: number): bigint {
    return BigInt(checkWhole("epoch", epoch, 0, Number.MAX_SAFE_INTEGER));
}

/** Return the side of a square image; raises `ShapeError` for any other. */
export function checkSquare(pixels: number): number {
    const side = Math.round(Math.sqrt(pixels));
    if (side * side === pixels && side > 0) return side;
    const found = say("{count} pixels", { count: pixels });
    throw new ShapeError("images", { expected: say("square images, to be distorted"), found });
}

