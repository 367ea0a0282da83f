// How well a network reads a set, as src/glassnet/evaluation.py says it: the same numbers; it trains and draws nothing.
//
// confidence  the largest output, 0 to 1: a promise that the calibration holds against the truth
import type { Core } from "../core/core.ts";
import { InputError } from "../core/errors.ts";
import { sha256 } from "../core/sha256.ts";
import { say } from "../core/words.ts";
import doubtful from "./doubtful.json" with { type: "json" };
import { PIXELS } from "./idx.ts";
import type { CalibrationBin, ClassResult, Evaluation, LabeledImages, LossBar, Mistake, SetName } from "./protocol.ts";
import { fingerprintOf, working, type Net } from "./state.ts";
import { largestAt } from "./tracing.ts";
import { turns } from "./turns.ts";

const BLOCK = 512; // images at a time
const BINS = 10;
const BARS = 20;
const Z_95 = 1.959963984540054; // the standard normal distribution's 97.5 % point
const DOUBTFUL = new Set(doubtful);

/** Raises `InputError` for an empty set and for outputs that are no numbers. */
export async function evaluate(
    core: Core, net: Net, name: SetName, { images, labels }: LabeledImages, progress: (share: number) => void = () => {},
): Promise<Evaluation> {
    const count = labels.length, network = working(core, net), width = network.architecture.outputs;
    if (count === 0) throw new InputError(name, { expected: say("at least one image"), found: "0" });
    const outputs = new Float32Array(count * width), losses = new Float32Array(count);
    const predicted = new Uint8Array(count), confidence = new Float32Array(count);
    const giveWay = turns();
    for (let first = 0; first < count; first += BLOCK) {
        const last = Math.min(count, first + BLOCK);
        const block = network.evaluate(images.subarray(first * PIXELS, last * PIXELS), labels.subarray(first, last));
        outputs.set(block.outputs, first * width);
        losses.set(block.losses, first);
        for (let i = first; i < last; i++) {
            predicted[i] = largestAt(outputs, i * width, width);
            confidence[i] = outputs[i * width + predicted[i]!]!;
        }
        await giveWay();
        if (first % (16 * BLOCK) === 0) progress(last / count);
    }
    checkFinite(outputs, losses, width);
    const confusion = Array.from({ length: width }, () => new Array<number>(width).fill(0));
    for (let i = 0; i < count; i++) confusion[labels[i]!]![predicted[i]!]!++;
    const correct = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    progress(1);
    return {
        set: name,
        count,
        accuracy: correct / count,
        interval: wilsonInterval(correct, count),
        loss: losses.reduce((sum, loss) => sum + loss, 0) / count,
        confusion,
        classes: classesOf(confusion),
        mistakes: mistakesOf(images, labels, predicted, confidence),
        calibration: calibrate(confidence, labels, predicted),
        histogram: histogram(losses),
        outputs,
        losses,
        predicted,
        confidence,
        fingerprint: fingerprintOf(net.weights),
    };
}

/** The 95 % interval of a fraction: Wilson's score interval, within 0 to 1 and honest at 100 %. */
export function wilsonInterval(correct: number, count: number): [low: number, high: number] {
    const share = correct / count, spread = (Z_95 * Z_95) / count;
    const center = (share + spread / 2) / (1 + spread);
    const half = Math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread);
    return [correct === 0 ? 0 : center - half, correct === count ? 1 : center + half];
}

function checkFinite(outputs: Float32Array, losses: Float32Array, width: number): void {
    let index = losses.findIndex((loss) => !Number.isFinite(loss));
    if (index < 0) index = Math.floor(outputs.findIndex((output) => !Number.isFinite(output)) / width);
    if (index < 0) return;
    throw new InputError(say("outputs for image {index}", { index }), {
        expected: say("finite numbers"),
        found: say("infinity or no number"),
        advice: say("the weights are too large; train with a smaller learning rate"),
    });
}

function classesOf(confusion: readonly (readonly number[])[]): ClassResult[] {
    return confusion
        .map((row, label) => {
            const count = row.reduce((sum, one) => sum + one, 0), correct = row[label]!;
            return { label, count, correct, accuracy: correct / count };
        })
        .filter(({ count }) => count > 0);
}

/** The wrong predictions, the most confident first; equal ones in the set's order. */
function mistakesOf(images: Uint8Array, labels: Uint8Array, predicted: Uint8Array, confidence: Float32Array): Mistake[] {
    const wrong: Mistake[] = [];
    for (let index = 0; index < labels.length; index++) {
        const label = labels[index]!, prediction = predicted[index]!;
        if (label === prediction) continue;
        const isDoubtful = DOUBTFUL.has(identity(images.subarray(index * PIXELS, (index + 1) * PIXELS), label));
        wrong.push({ index, label, prediction, confidence: confidence[index]!, doubtful: isDoubtful });
    }
    return wrong.sort((one, other) => other.confidence - one.confidence || one.index - other.index);
}

function identity(image: Uint8Array, label: number): string {
    return sha256(Uint8Array.of(...image, label)).slice(0, 16);
}

function calibrate(confidence: Float32Array, labels: Uint8Array, predicted: Uint8Array): Evaluation["calibration"] {
    const all = Array.from({ length: BINS }, () => ({ count: 0, right: 0, sum: 0 }));
    confidence.forEach((value, i) => {
        const bin = all[Math.min(BINS - 1, Math.floor(value * BINS))]!;
        bin.count++;
        bin.right += Number(labels[i] === predicted[i]);
        bin.sum += value;
    });
    let error = 0;
    const bins: CalibrationBin[] = [];
    all.forEach(({ count, right, sum }, place) => {
        if (count === 0) return;
        const bin = { low: place / BINS, high: (place + 1) / BINS, count, accuracy: right / count, confidence: sum / count };
        error += (count / confidence.length) * Math.abs(bin.accuracy - bin.confidence);
        bins.push(bin);
    });
    return { bins, error };
}

/** Bars of equal width from 0 to the largest loss, each with its images, the largest loss first. */
function histogram(losses: Float32Array): LossBar[] {
    const most = losses.reduce((largest, loss) => Math.max(largest, loss), 0) || 1;
    const places = Array.from({ length: BARS }, (): number[] => []);
    losses.forEach((loss, i) => places[Math.min(BARS - 1, Math.floor((loss / most) * BARS))]!.push(i));
    return places.map((indices, bar) => ({
        low: (bar * most) / BARS,
        high: ((bar + 1) * most) / BARS,
        count: indices.length,
        indices: Uint32Array.from(indices.sort((one, other) => losses[other]! - losses[one]! || one - other)),
    }));
}
