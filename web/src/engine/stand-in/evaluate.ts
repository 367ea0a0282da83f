// How well a network reads a set: src/glassnet/evaluation.py with the same numbers, in pieces that give way.
import { InputError } from "../../core/errors.ts";
import type { Network } from "../../core/network.ts";
import { sha256 } from "../../core/sha256.ts";
import { say } from "../../core/words.ts";
import type { CalibrationBin, Evaluation, LabeledImages, LossBar, Mistake, SetName } from "../../worker/protocol.ts";
import { turns } from "./turns.ts";

const BINS = 10, BARS = 24, PIECE = 128, PIXELS = 784;
const Z_95 = 1.959963984540054;
const DOUBTFUL = new Set([
    "f78b7e0e9a79225d", "4eb3048846e800c0", "e3af93390c2c4a93", "d6972fc8122d9f46", "a1dc6202f750f072",
    "84c7c01f5afe3568", "096ddd3ccb736e69", "3a918aa5195e1168", "ff8e80f5a8ca7d52", "491b315573efcaef",
    "7fe5da3d9cb4465f", "6f270bf8b6088122", "6d3798db55293a8f", "42b198458da8adda", "011d768c7a49d153",
]);

/** Outputs (n, 10) and losses (n,) of a whole set, computed in pieces. */
export async function outputsOf(network: Network, { images, labels }: LabeledImages, progress?: (share: number) => void) {
    const outputs = new Float32Array(labels.length * 10), losses = new Float32Array(labels.length), giveWay = turns();
    for (let first = 0; first < labels.length; first += PIECE) {
        const last = Math.min(labels.length, first + PIECE);
        const found = network.evaluate(images.subarray(first * PIXELS, last * PIXELS), labels.subarray(first, last));
        outputs.set(found.outputs, first * 10);
        losses.set(found.losses, first);
        await giveWay();
        progress?.(last / labels.length);
    }
    const finite = (i: number) => outputs.subarray(i * 10, i * 10 + 10).every(Number.isFinite);
    const bad = losses.findIndex((loss, i) => !Number.isFinite(loss) || !finite(i));
    if (bad >= 0)
        throw new InputError(say("outputs for image {index}", { index: bad }), {
            expected: say("finite numbers"), found: say("infinity or no number"),
            advice: say("the weights are too large; train with a smaller learning rate"),
        });
    return { outputs, losses };
}

export async function evaluateSet(
    network: Network, name: SetName, set: LabeledImages, progress?: (share: number) => void,
): Promise<Evaluation> {
    const { images, labels } = set, count = labels.length;
    const { outputs, losses } = await outputsOf(network, set, progress);
    const predicted = new Uint8Array(count), confidence = new Float32Array(count);
    const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    let correct = 0, lost = 0;
    for (let i = 0; i < count; i++) {
        let best = 0;
        for (let k = 1; k < 10; k++) if (outputs[i * 10 + k]! > outputs[i * 10 + best]!) best = k;
        predicted[i] = best;
        confidence[i] = outputs[i * 10 + best]!;
        confusion[labels[i]!]![best]!++;
        if (best === labels[i]) correct++;
        lost += losses[i]!;
    }
    const classes = confusion.map((row, label) => ({ label, count: row.reduce((sum, n) => sum + n, 0), correct: row[label]! }));
    return {
        set: name, count, accuracy: correct / count, interval: wilson(correct, count), loss: lost / count, confusion,
        classes: classes.filter((one) => one.count > 0).map((one) => ({ ...one, accuracy: one.correct / one.count })),
        mistakes: mistakesOf(images, labels, predicted, confidence), calibration: calibrate(labels, predicted, confidence),
        histogram: histogram(losses), outputs, losses, predicted, confidence, fingerprint: network.fingerprint,
    };
}

/** Wilson's score interval at 95 %. */
function wilson(correct: number, count: number): [number, number] {
    const share = correct / count, spread = (Z_95 * Z_95) / count;
    const center = (share + spread / 2) / (1 + spread);
    const half = Math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread);
    return [correct === 0 ? 0 : center - half, correct === count ? 1 : center + half];
}

function mistakesOf(images: Uint8Array, labels: Uint8Array, predicted: Uint8Array, confidence: Float32Array): Mistake[] {
    const wrong = Array.from(labels.keys()).filter((i) => predicted[i] !== labels[i]);
    wrong.sort((one, other) => confidence[other]! - confidence[one]! || one - other);
    return wrong.map((index) => {
        const bytes = new Uint8Array(PIXELS + 1);
        bytes.set(images.subarray(index * PIXELS, (index + 1) * PIXELS));
        bytes[PIXELS] = labels[index]!;
        const doubtful = DOUBTFUL.has(sha256(bytes).slice(0, 16));
        return { index, label: labels[index]!, prediction: predicted[index]!, confidence: confidence[index]!, doubtful };
    });
}

function calibrate(labels: Uint8Array, predicted: Uint8Array, confidence: Float32Array): { bins: CalibrationBin[]; error: number } {
    const all = Array.from({ length: BINS }, () => ({ count: 0, right: 0, sum: 0 }));
    confidence.forEach((value, i) => {
        const bin = all[Math.min(BINS - 1, Math.floor(value * BINS))]!;
        bin.count++;
        bin.right += Number(predicted[i] === labels[i]);
        bin.sum += value;
    });
    let error = 0;
    const bins = all.flatMap(({ count, right, sum }, place): CalibrationBin[] => {
        if (count === 0) return [];
        error += (count / labels.length) * Math.abs(right / count - sum / count);
        return [{ low: place / BINS, high: (place + 1) / BINS, count, accuracy: right / count, confidence: sum / count }];
    });
    return { bins, error };
}

function histogram(losses: Float32Array): LossBar[] {
    const most = losses.reduce((largest, loss) => Math.max(largest, loss), 0) || 1;
    const held: number[][] = Array.from({ length: BARS }, () => []);
    losses.forEach((loss, i) => held[Math.min(BARS - 1, Math.floor((loss / most) * BARS))]!.push(i));
    return held.map((indices, bar) => ({
        low: (bar / BARS) * most, high: ((bar + 1) / BARS) * most, count: indices.length,
        indices: Uint32Array.from(indices.sort((one, other) => losses[other]! - losses[one]! || one - other)),
    }));
}
