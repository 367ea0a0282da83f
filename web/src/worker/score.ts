// The few numbers that a run keeps of how its weights do on a set (src/glassnet/training/score.py); evaluation.ts says more.
import type { Architecture } from "../core/architecture.ts";
import type { Core } from "../core/core.ts";
import { Network } from "../core/network.ts";
import { PIXELS } from "./idx.ts";
import type { LabeledImages, Score } from "./protocol.ts";
import { largestAt } from "./tracing.ts";

const BLOCK = 1_000;

/** Return the score of finite weights (P,) on the first `count` images of a set that is not empty. */
export function score(core: Core, architecture: Architecture, weights: Float32Array, set: LabeledImages, count: number): Score {
    const most = Math.min(count, set.labels.length), width = architecture.outputs;
    const network = new Network(core, architecture, weights);
    const [predicted, images, answered] = [0, 0, 0].map(() => new Array<number>(width).fill(0)) as [number[], number[], number[]];
    let total = 0, correct = 0;
    for (let first = 0; first < most; first += BLOCK) {
        const last = Math.min(most, first + BLOCK), labels = set.labels.subarray(first, last);
        const { outputs, losses } = network.evaluate(set.images.subarray(first * PIXELS, last * PIXELS), labels);
        for (let i = 0; i < labels.length; i++) {
            const label = labels[i]!, read = largestAt(outputs, i * width, width);
            total += losses[i]!;
            correct += Number(read === label);
            predicted[read]!++;
            images[label]!++;
            answered[label]! += outputs[i * width + label]!;
        }
    }
    const response = answered.map((sum, digit) => (images[digit] ? sum / images[digit]! : 0));
    return { loss: total / most, accuracy: correct / most, predicted, images, response };
}
