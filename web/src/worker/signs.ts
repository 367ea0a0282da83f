// Numbers read off a run by which the doctor judges it (src/glassnet/training/signs.py); it says nothing.
//
// response  the mean of output d over the images that show d
import type { Epoch, Score } from "./protocol.ts";
import type { Run } from "./run.ts";
import limits from "../../../src/glassnet/training/limits.json" with { type: "json" };

/** The score on validation images, or on training images where there are no others. */
export const judged = (item: Epoch): Score => item.validation ?? item.train;

/** Digits that are shown and never predicted, with an output that has all but lost its slope. */
export function stuckDigits({ images, predicted, response }: Score): number[] {
    return digits(images).filter((d) => images[d]! > 0 && predicted[d] === 0 && response[d]! < limits.stuck);
}

/** Digits that are predicted too seldom, where most outputs answer well. */
export function neglectedDigits({ images, predicted, response }: Score): number[] {
    const shown = digits(images).filter((d) => images[d]! > 0), usual = median(shown.map((d) => response[d]!));
    if (usual < 0.5) return [];
    return shown.filter((d) => predicted[d]! < 0.5 * images[d]! && response[d]! < 0.5 * usual);
}

/** The loss of answering every image with the classes' shares: the best there is without looking at it. */
export function ignorantLoss({ architecture: { loss } }: Run, images: readonly number[]): number {
    const total = sum(images), shares = images.filter((count) => count > 0).map((count) => count / total);
    const terms = shares.map((p) => {
        if (loss === "squared_error") return p * (1 - p);
        const others = loss === "binary_cross_entropy" ? (1 - p) * Math.log(Math.max(1 - p, 1e-9)) : 0;
        return -p * Math.log(p) - others;
    });
    return Math.max(sum(terms), 1e-9); // 0 where all images show one class
}

/** The mean loss of the first, the middle and the last third of the updates; there are at least three. */
export function thirds({ losses }: Run): [first: number, middle: number, last: number] {
    const part = Math.floor(losses.length / 3), more = losses.length % 3; // as NumPy splits: the first ones are longer
    const ends = [part + Number(more > 0), 2 * part + Math.min(2, more), losses.length];
    return ends.map((end, k) => mean(losses.subarray(k === 0 ? 0 : ends[k - 1]!, end))) as [number, number, number];
}

/** How much the last epoch's loss moves in slow waves, over what independent batches would give: about 1. */
export function swing({ losses, perEpoch }: Run): number {
    const last = losses.slice(-perEpoch), size = Math.max(5, Math.floor(last.length / 25));
    if (last.length < 10 * size) return 1;
    const means = Array.from({ length: Math.floor(last.length / size) }, (_, k) => mean(last.subarray(k * size, (k + 1) * size)));
    const [middle, height] = [(means.length - 1) / 2, mean(means)];
    const slope = sum(means.map((y, x) => (x - middle) * (y - height))) / sum(means.map((_, x) => (x - middle) ** 2));
    const waves = means.map((y, x) => y - height - slope * (x - middle)), off = mean(waves);
    const deviation = Math.sqrt(mean(waves.map((wave) => (wave - off) ** 2)));
    const steps = Array.from({ length: last.length - 1 }, (_, k) => (last[k + 1]! - last[k]!) ** 2);
    const chance = Math.sqrt(mean(steps) / 2 / size);
    return chance ? deviation / chance : 1;
}

/** How far the weight that moved most is from where it began. */
export function farthestMove({ initial, weights }: Run): number {
    const now = weights;
    return now.reduce((far, weight, k) => Math.max(far, Math.abs(Math.fround(weight - initial.weights[k]!))), 0);
}

/** The mean batch loss of every whole epoch so far. */
export function meanLosses({ losses, perEpoch }: Run): number[] {
    return Array.from({ length: Math.floor(losses.length / perEpoch) }, (_, k) => mean(losses.subarray(k * perEpoch, (k + 1) * perEpoch)));
}

/** The places of two means, the later the largest multiple of an earlier one; [0, 0] if none rises. */
export function largestRise(means: readonly number[]): [low: number, high: number] {
    let low = 0, best: [number, number] = [0, 0], most = 1;
    means.forEach((value, k) => {
        if (value < means[low]!) low = k;
        if (value / means[low]! > most) [most, best] = [value / means[low]!, [low, k]];
    });
    return best;
}

const digits = (images: readonly number[]): number[] => [...images.keys()];
function sum(numbers: ArrayLike<number>): number {
    let total = 0;
    for (let k = 0; k < numbers.length; k++) total += numbers[k]!;
    return total;
}
const mean = (numbers: ArrayLike<number>): number => sum(numbers) / numbers.length;
function median(numbers: number[]): number {
    const rising = [...numbers].sort((one, other) => one - other), middle = rising.length >> 1;
    return rising.length % 2 ? rising[middle]! : (rising[middle - 1]! + rising[middle]!) / 2;
}
