// One update as arithmetic, as src/glassnet/training/explain.py has it: its batch, its gradients, and for any weight the
// rule with its numbers. The gradients are those that the engine used; it changes no run.
import { checkWhole } from "../core/check.ts";
import type { Core } from "../core/core.ts";
import { InputError, OutOfRangeError } from "../core/errors.ts";
import { TrainingSet } from "../core/images.ts";
import { Network } from "../core/network.ts";
import { gradient } from "../core/trainer.ts";
import { say } from "../core/words.ts";
import { PIXELS } from "./idx.ts";
import type { Difference, Explanation, Product, Trace, WeightExplanation, WeightName } from "./protocol.ts";
import { distortionIn } from "./recipe.ts";
import type { Run } from "./run.ts";
import type { Sets } from "./sets.ts";
import { allOnes, matricesOf, networkState } from "./state.ts";
import { largestAt, traceOf } from "./tracing.ts";
import { ruleLines } from "./weight.ts";

const STEP = 2 ** -17; // of a finite difference, times the weight's size where that is above 1

/** What an explanation is made of; vectors (P,). */
interface Found {
    readonly epoch: number;
    readonly batch: number;
    readonly indices: Uint32Array;
    readonly images: Uint8Array;
    readonly labels: Uint8Array;
    /** The places in the batch that are explained. */
    readonly shown: readonly number[];
    readonly loss: number;
    readonly whole: Float32Array;
    readonly part: Float32Array;
    readonly before: Float32Array;
    readonly after: Float32Array;
}

function find(core: Core, sets: Sets, run: Run, update: number, image: number | null): Found {
    run.checkMade(update, 1);
    const { epoch, batch, indices } = run.batchOf(update);
    if (image !== null && !(Number.isInteger(image) && image >= 0 && image < indices.length))
        throw new OutOfRangeError(say("image of the batch"), { expected: say("0 to {last}", { last: indices.length - 1 }), found: String(image) });
    const { images: drawn, labels } = sets.pick("train", indices), distortion = distortionIn(run.settings.recipe, epoch);
    const images = distortion ? core.distort(drawn, indices.length, distortion, run.seed, update) : drawn;
    const before = run.stateAt(update - 1).weights, after = run.stateAt(update).weights;
    const of = (places: readonly number[]) => {
        const set = new TrainingSet(core, images, labels);
        try {
            return gradient(core, run.architecture, before, set, places);
        } finally {
            set.free();
        }
    };
    const all = [...indices.keys()], shown = image === null ? all : [image];
    const { loss, gradient: whole } = of(all);
    const part = image === null ? whole : of(shown).gradient;
    return { epoch, batch, indices, images, labels, shown, loss, whole, part, before, after };
}

/** Raises `OutOfRangeError` for an update or an image that is not there. */
export function explainUpdate(core: Core, sets: Sets, run: Run, number: number, update: number, image: number | null): Explanation {
    const found = find(core, sets, run, update, image), { architecture } = run, width = architecture.outputs;
    const { outputs, losses } = new Network(core, architecture, found.before).evaluate(found.images, found.labels);
    const net = (weights: Float32Array) => ({ architecture, weights, ones: allOnes(architecture) });
    return {
        run: number,
        update,
        epoch: found.epoch + 1,
        batch: found.batch + 1,
        optimizer: run.rule.optimizer,
        learningRate: Math.fround(core.learningRate(run.rule, update)),
        indices: found.indices,
        labels: found.labels,
        predictions: Uint8Array.from(found.indices, (_, k) => largestAt(outputs, k * width, width)),
        losses,
        images: found.images,
        image,
        loss: found.loss,
        gradients: matricesOf(architecture, found.whole),
        imageGradients: matricesOf(architecture, found.part),
        trace: image === null ? null : traceAt(core, run, found, image),
        before: networkState(net(found.before)),
        after: networkState(net(found.after)),
        largest: largestOf(run, found.part),
    };
}

/** Raises `InputError` for a matrix that the network does not have, and for a row or column outside it. */
export function explainWeight(
    core: Core, sets: Sets, run: Run, _number: number, update: number, image: number | null, { matrix, row, column }: WeightName,
): WeightExplanation {
    const shapes = run.architecture.weightShapes, names = shapes.map((_, k) => `w${k + 1}`), layer = names.indexOf(matrix);
    if (layer < 0) throw new InputError(say("weights"), { expected: names.join(", "), found: `'${matrix}'` });
    const [rows, columns] = shapes[layer]!;
    checkWhole(say("row of {step}", { step: matrix }), row, 0, rows - 1);
    checkWhole(say("column of {step}", { step: matrix }), column, 0, columns - 1);
    const found = find(core, sets, run, update, image);
    const place = shapes.slice(0, layer).reduce((sum, [r, c]) => sum + r * c, 0) + row * columns + column;
    const gradient = found.whole[place]!;
    const [before, after] = [run.stateAt(update - 1), run.stateAt(update)];
    return {
        matrix,
        row,
        column,
        pixel: layer === 0 && column < PIXELS ? [Math.floor(column / 28), column % 28] : null,
        update,
        optimizer: run.rule.optimizer,
        learningRate: Math.fround(core.learningRate(run.rule, update)),
        old: found.before[place]!,
        new: found.after[place]!,
        gradient,
        imageGradient: image === null ? null : found.part[place]!,
        lines: ruleLines(run.rule, Math.fround(core.learningRate(run.rule, update)), layer + 1, place, gradient, before, after),
        products: products(core, run, found, layer, row, column),
        difference: difference(core, run, found, place),
    };
}

function traceAt(core: Core, run: Run, { before, images, labels }: Found, place: number): Trace {
    const net = { architecture: run.architecture, weights: before, ones: allOnes(run.architecture) };
    return traceOf(core, net, images.slice(place * PIXELS, (place + 1) * PIXELS), { label: labels[place]! });
}

function products(core: Core, run: Run, found: Found, layer: number, row: number, column: number): Product[] {
    return found.shown.map((place) => {
        const { steps } = traceAt(core, run, found, place);
        const entering = steps.get(layer === 0 ? "a1" : `a${layer + 1}_1`)!.data[column]!;
        const dZ = steps.get(`d_z${layer + 2}`)!.data[row]!;
        return { index: found.indices[place]!, label: found.labels[place]!, dZ, entering, product: dZ * entering };
    });
}

/** The mean loss of the images explained, in float64, a little above and below the weight. */
function difference(core: Core, run: Run, { before, images, labels, shown }: Found, place: number): Difference {
    const weights = Float64Array.from(before), old = weights[place]!, step = STEP * Math.max(1, Math.abs(old));
    const some = new Uint8Array(shown.length * PIXELS);
    shown.forEach((image, k) => some.set(images.subarray(image * PIXELS, (image + 1) * PIXELS), k * PIXELS));
    const targets = Uint8Array.from(shown, (image) => labels[image]!);
    const lossAt = (weight: number) => {
        weights[place] = weight;
        return core.meanLoss(run.architecture, weights, some, targets);
    };
    const above = lossAt(old + step), below = lossAt(old - step);
    return { step, above, below, slope: (above - below) / (old + step - (old - step)) };
}

/** The weight with the largest gradient; among equals the first. */
function largestOf(run: Run, vector: Float32Array): WeightName {
    let best = -1, at = 0;
    vector.forEach((entry, place) => {
        if (Math.abs(entry) > best) [best, at] = [Math.abs(entry), place];
    });
    for (const [layer, [rows, columns]] of run.architecture.weightShapes.entries()) {
        if (at < rows * columns) return { matrix: `w${layer + 1}`, row: Math.floor(at / columns), column: at % columns };
        at -= rows * columns;
    }
    return { matrix: "w1", row: 0, column: 0 };
}
