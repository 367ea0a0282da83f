// A network as a value that is never changed: its shape, its weights, and what stands below each column, 1 or 0.
//
// Where the 1 is taken away, nothing is added to the sums: that is a network whose last column of weights is 0, and so
// it is computed. The weights themselves are kept, and come back with the 1.
import type { Architecture } from "../core/architecture.ts";
import type { Core } from "../core/core.ts";
import { Network, type Matrix } from "../core/network.ts";
import { fingerprint } from "../core/sha256.ts";
import type { NetworkShape, NetworkState } from "./protocol.ts";

export interface Net {
    readonly architecture: Architecture;
    /** (P,) not to be changed. */
    readonly weights: Float32Array;
    readonly ones: readonly (0 | 1)[];
}

export function allOnes(architecture: Architecture): readonly (0 | 1)[] {
    return architecture.weightShapes.map(() => 1 as const);
}

export function shapeOf({ sizes, hidden, output, loss }: Architecture): NetworkShape {
    return { sizes, hidden, output, loss };
}

/** Copies of w1, w2, … */
export function matricesOf(architecture: Architecture, vector: Float32Array): Matrix[] {
    let at = 0;
    return architecture.weightShapes.map(([rows, columns]) => {
        const data = vector.slice(at, (at += rows * columns));
        return { rows, columns, data };
    });
}

/** What the page gets to see. */
export function networkState({ architecture, weights, ones }: Net): NetworkState {
    return { ...shapeOf(architecture), weights: matricesOf(architecture, weights), fingerprint: fingerprintOf(weights), ones };
}

const known = new WeakMap<Float32Array, string>();

/** The fingerprint of weights that are not changed any more: computed once. */
export function fingerprintOf(weights: Float32Array): string {
    let print = known.get(weights);
    if (print === undefined) known.set(weights, (print = fingerprint(weights)));
    return print;
}

/** The network that computes, also under another architecture of the same sizes. */
export function working(core: Core, { architecture, weights, ones }: Net, as: Architecture = architecture): Network {
    const network = new Network(core, as, weights);
    network.matrices.forEach(({ rows, columns, data }, layer) => {
        if (ones[layer] === 0) for (let row = 0; row < rows; row++) data[(row + 1) * columns - 1] = 0;
    });
    return network;
}
