// One image's way through a network: every step of the ledger with its value, in training's own bits. It explains nothing.
import type { Architecture } from "./architecture.ts";
import { checkImages, checkWhole } from "./check.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";
import type { Matrix } from "./network.ts";
import { say } from "./words.ts";

/** A step's id and shape, as the ledger has them. */
export interface StepShape {
    readonly id: string;
    readonly rows: number;
    readonly columns: number;
}

/** The ledger's steps in order: up to the prediction, or with a label on to the loss and all gradients. */
export function stepShapes({ sizes, loss }: Architecture, labeled: boolean): StepShape[] {
    const shapes: StepShape[] = [];
    const add = (id: string, rows: number, columns = 1) => shapes.push({ id, rows, columns });
    const top = sizes.length, outputs = sizes[top - 1]!;
    add("x", sizes[0]!);
    add("a1", sizes[0]! + 1);
    for (let k = 2; k <= top; k++) {
        const neurons = sizes[k - 1]!;
        add(`z${k}`, neurons);
        add(`a${k}`, neurons);
        if (k < top) add(`a${k}_1`, neurons + 1);
    }
    if (!labeled) return shapes;
    add("t", outputs);
    add("e", outputs);
    add(loss === "squared_error" ? "s" : "c", outputs);
    add("loss", 1);
    for (let k = top; k >= 2; k--) {
        const neurons = sizes[k - 1]!;
        if (k < top || loss === "squared_error") add(`d_a${k}`, neurons);
        add(`d_z${k}`, neurons);
        add(`d_w${k - 1}`, neurons, sizes[k - 2]! + 1);
    }
    return shapes;
}

/**
 * Return every step's value by its id for one image (pixels,), bytes or numbers 0 … 1, at weights (P,); `label` is the
 * output that should be 1, or null. Raises `ShapeError` for several images, `InputError` for another label.
 */
export function stepValues(
    core: Core, architecture: Architecture, weights: Float32Array, image: Uint8Array | Float32Array, label: number | null,
): Map<string, Matrix> {
    const { sizes, codes, pixels, outputs } = architecture;
    const count = checkImages(image, pixels, true);
    if (count !== 1) throw new ShapeError("x", { expected: say("one image"), found: say("{count} images", { count }) });
    const target = label === null ? -1 : checkWhole("label", label, 0, outputs - 1);
    const shapes = stepShapes(architecture, label !== null);
    const { call, memory } = core;
    const all = memory.lend((places) => {
        const shape = places.put(Int32Array.from(sizes)), layers = sizes.length - 1;
        const total = call.steps_count(shape, layers, codes.loss, Number(label !== null));
        const room = places.take(call.steps_bytes(shape, layers)), out = places.take(4 * total);
        const [at, from] = [places.put(weights), places.put(image)];
        const [bytes, floats] = image instanceof Uint8Array ? [from, 0] : [0, from];
        call.steps(room, shape, layers, codes.hidden, codes.loss, at, bytes, floats, target, out);
        return memory.float32(out, total).slice();
    });
    let at = 0;
    return new Map(shapes.map(({ id, rows, columns }) => [id, { rows, columns, data: all.subarray(at, (at += rows * columns)) }]));
}
