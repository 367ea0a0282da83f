// What a network is before it has weights: sizes, activations and loss, checked; computes nothing.
import { checkChoice, shapeText } from "./check.ts";
import { InputError } from "./errors.ts";
import { say } from "./words.ts";

export const HIDDEN = ["sigmoid", "tanh", "relu"] as const;
export const PAIRS = ["sigmoid + squared_error", "sigmoid + binary_cross_entropy", "softmax + cross_entropy"] as const;
const MOST_WEIGHTS = 100_000_000;

export type Hidden = (typeof HIDDEN)[number];
export type Output = "sigmoid" | "softmax";
export type Loss = "squared_error" | "binary_cross_entropy" | "cross_entropy";

export interface ArchitectureOptions {
    sizes?: readonly number[];
    hidden?: Hidden;
    output?: Output;
    loss?: Loss;
}

/** The shape of a network: the lecture's 784-14-10, sigmoid and squared error, unless something else is asked for. */
export class Architecture {
    /** From the input's pixels to the outputs. */
    readonly sizes: readonly number[];
    readonly hidden: Hidden;
    readonly output: Output;
    readonly loss: Loss;
    /** The core's numbers for `hidden` and for the pair of output and loss. */
    readonly codes: { readonly hidden: number; readonly loss: number };

    /** Raises `InputError` naming the part that does not fit. */
    constructor(options: ArchitectureOptions = {}) {
        const { sizes = [784, 14, 10], hidden = "sigmoid", output = "sigmoid", loss = "squared_error" } = options;
        this.sizes = Object.freeze(checkSizes(sizes));
        this.hidden = hidden;
        this.output = output;
        this.loss = loss;
        const code = checkChoice("hidden", hidden, HIDDEN);
        const pair = PAIRS.indexOf(`${output} + ${loss}` as (typeof PAIRS)[number]);
        if (pair < 0) throw new InputError("output + loss", { expected: PAIRS.join(", "), found: `${output} + ${loss}` });
        this.codes = { hidden: code, loss: pair };
    }

    /** The shapes of w1, w2, …: (neurons, inputs + 1), the bias in the last column. */
    get weightShapes(): [rows: number, columns: number][] {
        return this.sizes.slice(1).map((neurons, layer) => [neurons, this.inputs(layer) + 1]);
    }
    /** P: the weights in all. */
    get weightCount(): number {
        return countWeights(this.sizes);
    }
    get pixels(): number {
        return this.sizes[0]!;
    }
    get outputs(): number {
        return this.sizes.at(-1)!;
    }
    private inputs(layer: number): number {
        return this.sizes[layer]!;
    }
}

function countWeights(sizes: readonly number[]): number {
    return sizes.slice(1).reduce((sum, neurons, layer) => sum + neurons * (sizes[layer]! + 1), 0);
}

function checkSizes(sizes: readonly number[]): number[] {
    const whole = Array.isArray(sizes) && sizes.length >= 2 && sizes.every((size) => Number.isInteger(size) && size >= 1);
    if (!whole)
        throw new InputError("sizes", {
            expected: say("at least two whole numbers of 1 or more, such as (784, 14, 10)"),
            found: Array.isArray(sizes) ? shapeText(...sizes) : typeof sizes,
        });
    const weights = countWeights(sizes);
    if (weights > MOST_WEIGHTS)
        throw new InputError("sizes", {
            expected: say("at most {most:,} weights", { most: MOST_WEIGHTS }),
            found: weights.toLocaleString("en-US"),
            advice: say("use fewer or smaller layers"),
        });
    return [...sizes];
}
