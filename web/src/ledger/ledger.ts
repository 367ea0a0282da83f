// The ledger: forward propagation, the loss and the way back as a list of steps, from the lecture's own steps.json.
//
// The same rules as src/glassnet/lecture/steps.py, which a test compares. It describes and computes nothing.
import templates from "../../../src/glassnet/lecture/steps.json";
import type { Hidden, Loss, Optimizer, Output } from "../worker/protocol.ts";
import { fill, type Word } from "../words/words.ts";

export type Part = "forward" | "loss" | "backward" | "update";

export interface Step {
    readonly id: string;
    readonly part: Part;
    /** Counted from 1, the input. */
    readonly layer: number;
    /** The line of Python that computes it from the values before it. */
    readonly python: string;
    readonly formula: string;
    readonly shape: readonly [rows: number, columns: number];
    readonly title: Word;
    readonly sentence: Word;
}

interface Template {
    readonly id: string;
    readonly python: string;
    readonly formula: string;
    readonly shape: readonly (string | number)[];
    readonly title: Word;
    readonly sentence: Word;
}

export interface LedgerOptions {
    readonly sizes: readonly number[];
    readonly hidden: Hidden;
    readonly output: Output;
    readonly loss: Loss;
    /** Without a target the list ends at the prediction. */
    readonly target?: boolean;
    /** Go on to the new weights. */
    readonly optimizer?: Optimizer;
}

export function ledger({ sizes, hidden, output, loss, target = true, optimizer }: LedgerOptions): Step[] {
    const last = sizes.length;
    const steps: Step[] = [];
    const add = (part: Part, layer: number, ...entries: readonly Template[]) =>
        steps.push(...entries.map((entry) => step(entry, part, layer, sizes)));

    add("forward", 1, ...templates.input);
    for (let layer = 2; layer < last; layer++)
        add("forward", layer, ...templates.sum, templates.activation[hidden], ...templates.append);
    add("forward", last, ...templates.sum, templates.activation[output]);
    if (!target) return steps;

    add("loss", last, ...templates.target, ...templates.loss[loss]);
    add("backward", last, ...templates.output_slope[loss], ...templates.gradient);
    for (let layer = last - 1; layer > 1; layer--)
        add("backward", layer, ...templates.carry, templates.hidden_slope[hidden], ...templates.gradient);
    if (optimizer) for (let layer = last; layer > 1; layer--) add("update", layer, ...templates.update[optimizer]);
    return steps;
}

function step(entry: Template, part: Part, layer: number, sizes: readonly number[]): Step {
    const first = sizes[0]!, neurons = sizes[layer - 1]!, inputs = (sizes[layer - 2] ?? first) + 1;
    const rows: Record<string, number> = { n1: first, "n1 + 1": first + 1, n: neurons, "n + 1": neurons + 1, m1: inputs };
    const values = {
        k: String(layer), p: String(layer - 1), q: String(layer + 1),
        n: String(neurons), n1: String(first), m1: String(inputs),
        a: layer === 2 ? "a1" : `a${layer - 1}_1`,
    };
    const both = (word: Word): Word => ({ ko: fill(word.ko, values), en: fill(word.en, values) });
    const extent = (size: string | number | undefined) => (typeof size === "number" ? size : (rows[size ?? ""] ?? 1));
    return {
        id: fill(entry.id, values),
        part,
        layer,
        python: fill(entry.python, values),
        formula: fill(entry.formula, values),
        shape: [extent(entry.shape[0]), extent(entry.shape[1])],
        title: both(entry.title),
        sentence: both(entry.sentence),
    };
}
