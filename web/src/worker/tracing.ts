// The trace that the page gets: every step of one image, with a 0 in place of the 1s that were taken away.
import { Architecture } from "../core/architecture.ts";
import type { Core } from "../core/core.ts";
import type { Trace, TraceOptions } from "./protocol.ts";
import { fingerprintOf, shapeOf, working, type Net } from "./state.ts";

/** Return every step of an image (784,) through `net`; raises `ShapeError` and `InputError` as the core does. */
export function traceOf(core: Core, net: Net, image: Uint8Array, { label = null, as }: TraceOptions = {}): Trace {
    const architecture = as ? new Architecture({ ...shapeOf(net.architecture), ...as }) : net.architecture;
    const steps = working(core, net, architecture).trace(image, label);
    net.ones.forEach((one, layer) => {
        if (one === 1) return;
        const column = steps.get(layer === 0 ? "a1" : `a${layer + 1}_1`)!;
        column.data[column.rows - 1] = 0;
        const gradient = steps.get(`d_w${layer + 1}`);
        if (!gradient) return;
        for (let row = 1; row <= gradient.rows; row++) gradient.data[row * gradient.columns - 1] = 0;
    });
    const outputs = steps.get(`a${architecture.sizes.length}`)!.data;
    const prediction = largestAt(outputs, 0, outputs.length);
    // the steps share one long array, of which each takes its part along
    const own = new Map([...steps].map(([id, matrix]) => [id, { ...matrix, data: matrix.data.slice() }]));
    return {
        ...shapeOf(architecture),
        steps: own,
        label,
        prediction,
        confidence: outputs[prediction]!,
        fingerprint: fingerprintOf(net.weights),
        ones: net.ones,
    };
}

/** The place, from `from` on, of the largest of `count` numbers, the first of equals. */
export function largestAt(numbers: Float32Array, from: number, count: number): number {
    let best = 0;
    for (let k = 1; k < count; k++) if (numbers[from + k]! > numbers[from + best]!) best = k;
    return best;
}
