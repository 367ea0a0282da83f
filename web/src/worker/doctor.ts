// What is wrong with a run, in plain words (src/glassnet/training/doctor.py): the same findings, from the same limits and
// sentences, and the settings that would remedy it. It changes no run.
//
//   level  the loss over that of the best network that answers every image alike: 1 has learned nothing, 0 all
import limits from "../../../src/glassnet/training/limits.json" with { type: "json" };
import type { Core } from "../core/core.ts";
import { say } from "../core/words.ts";
import type { Finding, FindingKind, Recipe, Score, Settings } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { Sets } from "./sets.ts";
import {
    farthestMove, ignorantLoss, judged, largestRise, meanLosses, neglectedDigits, stuckDigits, swing, thirds,
} from "./signs.ts";
import { trial, type Trial } from "./trial.ts";

const TITLES = {
    diverged: "The loss is no longer a number.",
    saturated: "Output units are stuck at 0: some digits are never predicted.",
    rate_too_large: "The learning rate is too large.",
    rate_too_small: "The learning rate is too small.",
    overfitting: "The network learns its training images by heart.",
} as const satisfies Record<FindingKind, string>;

const USUAL = { rotation: 8, scale: 0.08, shear: 0.1, shift: 0.7, elastic: 0, smoothness: 4 };

const HARDLY_BEGUN = 100; // updates before which a rate is not judged by what has been learned

/** Return the gravest finding, or none; with `tries` a suspicion about the rate is tested on some training images. */
export function diagnose(core: Core, sets: Sets, run: Run, tries = false): Finding[] {
    const found = diverged(run) ?? saturated(run) ?? rate(core, sets, run, tries) ?? saturatedForAWhile(run) ?? overfitting(run);
    return found ? [found] : [];
}

function finding(
    run: Run, kind: FindingKind, evidence: readonly string[], remedy: readonly string[], change: Partial<Recipe> | null, update: number | null = null,
): Finding {
    const settings: Settings | null = change && { ...run.settings, recipe: { ...run.settings.recipe, ...change } };
    return { kind, title: say(TITLES[kind]), evidence: evidence.join(" "), remedy: remedy.join(" "), update, settings };
}

function diverged(run: Run): Finding | null {
    if (run.diverged === null) return null;
    const finite = run.losses.filter(Number.isFinite);
    const evidence = [say("It happened at update {update}.", { update: grouped(run.diverged) })];
    if (finite.length)
        evidence.push(say("The loss was {first:.4g} at first and {last:.4g} just before.", { first: finite[0]!, last: finite.at(-1)! }));
    return finding(run, "diverged", evidence, [smallerRate(run)], lowered(run), run.diverged);
}

/** Outputs that are stuck at the end. */
function saturated(run: Run): Finding | null {
    const { epochs } = run, last = epochs.at(-1);
    if (!last) return null;
    const stuck = stuckDigits(judged(last));
    if (!stuck.length || (run.update < HARDLY_BEGUN && farthestMove(run) <= limits.far)) return null;
    let first = epochs.length - 1;
    while (first > 0 && stuckDigits(judged(epochs[first - 1]!)).some((digit) => stuck.includes(digit))) first--;
    const score = judged(last);
    const digits = [...score.images.keys()].filter((digit) => score.images[digit]! > 0 && score.predicted[digit] === 0);
    const always = digits.filter((digit) => score.response[digit]! > 1 - limits.stuck);
    const response = stuck.reduce((sum, digit) => sum + score.response[digit]!, 0) / stuck.length;
    const evidence = [say(
        "Never predicted at the end, after epoch {epoch}: {digits}. Stuck at 0: {stuck}, with outputs of {response:.4f} on average on images of them.",
        { epoch: last.epoch, digits: digits.join(", "), stuck: stuck.join(", "), response },
    )];
    if (always.length) evidence.push(say("Others are stuck at 1, whatever the image shows: {digits}.", { digits: always.join(", ") }));
    return finding(run, "saturated", [...evidence, why(run)], loosen(run), lowered(run), epochs[first]!.update);
}

/** Outputs that were stuck at a quarter of the evaluations; at the first alone, learning had hardly begun. */
function saturatedForAWhile(run: Run): Finding | null {
    const stuck = run.epochs.map((item) => ({ item, digits: stuckDigits(judged(item)) })).filter(({ digits }) => digits.length);
    if (stuck.length < Math.max(2, run.epochs.length / 4)) return null;
    const evidence = say("Never predicted up to epoch {epoch}: {digits}. The time until they came free was lost.", {
        digits: [...new Set(stuck.flatMap(({ digits }) => digits))].sort((one, other) => one - other).join(", "),
        epoch: stuck.at(-1)!.item.epoch,
    });
    const found = finding(run, "saturated", [evidence, why(run)], loosen(run), lowered(run), stuck[0]!.item.update);
    return { ...found, title: say("Output units were stuck at 0 for a while.") };
}

function why({ architecture }: Run): string {
    if (architecture.output === "sigmoid") return say("A sigmoid that is nearly 0 has nearly no slope, and so it stops learning.");
    return say("The weights have grown so large that softmax gives hardly anything but 0 and 1.");
}

function loosen(run: Run): string[] {
    const { architecture, initial } = run, remedies = [smallerRate(run)];
    const [rows, columns] = architecture.weightShapes.at(-1)!, last = initial.weights.subarray(-rows * columns);
    let biases = 0;
    for (let row = 1; row <= rows; row++) biases += last[row * columns - 1]!;
    if (architecture.output === "sigmoid" && biases / rows > -1)
        remedies.push(say("Let the output biases begin at −2, as those of Network(seed=…) do."));
    if (architecture.loss === "squared_error")
        remedies.push(say("Or take the loss binary_cross_entropy, whose slope does not vanish there."));
    return remedies;
}

function rate(core: Core, sets: Sets, run: Run, tries: boolean): Finding | null {
    const last = run.epochs.at(-1);
    if (!last || run.update < HARDLY_BEGUN) return null;
    const score = judged(last);
    if (score.images.filter((count) => count > 0).length < 2) return null; // one class: there is nothing to tell apart
    const level = last.train.loss / ignorantLoss(run, score.images);
    if (level <= limits.learned) return null;
    const result = tries ? trial(core, sets, run) : null;
    return tooLarge(run, score, level, result) ?? tooSmall(run, level, result);
}

function tooLarge(run: Run, score: Score, level: number, result: Trial | null): Finding | null {
    const evidence: string[] = [], [, middle, last] = thirds(run);
    const [most, all] = [Math.max(...score.predicted), score.predicted.reduce((sum, count) => sum + count, 0)];
    if (last > 0.995 * middle && most > 0.9 * all)
        evidence.push(say("Nearly every image gets the same answer, and the loss no longer falls."));
    else if (last > 0.995 * middle && level > 0.8)
        evidence.push(say("The loss no longer falls, and it is hardly below that of answering every image alike."));
    const means = meanLosses(run), [low, high] = largestRise(means);
    if (means.length > 2 && means[high]! > 1.25 * means[low]!)
        evidence.push(
            say("The loss rose from {low:.4f} in epoch {low_epoch} to {high:.4f} in epoch {high_epoch}.", {
                low: means[low]!, low_epoch: low + 1, high: means[high]!, high_epoch: high + 1,
            }),
        );
    else if (means.length > 2 && swing(run) > 1.35)
        evidence.push(say("The loss of the last epoch swings in waves far beyond the chance of the batches."));
    const neglected = neglectedDigits(score);
    if (neglected.length && run.update >= 1000) // not merely the last to be learned
        evidence.push(say("Predicted less than half as often as shown, unlike the others: {digits}.", { digits: neglected.join(", ") }));
    const far = farthestMove(run);
    if (far > limits.far) evidence.push(say("A weight has moved by {far:.1f}, where inputs lie between 0 and 1.", { far }));
    if (result && slowerIsBetter(run, result))
        evidence.push(
            say("Tried: {updates} more updates bring the loss from {before:.4f} to {same:.4f}, with a tenth of the rate to {slower:.4f}.", { ...result }),
        );
    return evidence.length ? finding(run, "rate_too_large", evidence, [smallerRate(run)], lowered(run)) : null;
}

/** Whether the trial speaks against the rate; where the rate has fallen to 0, a slower one always does better. */
function slowerIsBetter(run: Run, { before, same, slower }: Trial): boolean {
    return run.rule.schedule === "cosine" ? same > 1.25 * before : slower < same - 0.06 * before;
}

function tooSmall(run: Run, level: number, result: Trial | null): Finding | null {
    const [, middle, last] = thirds(run), fell = 1 - last / middle, moved = farthestMove(run);
    const { epochs, learningRate } = run.settings.recipe;
    const longEnough = run.update >= 1000 && epochs >= 5; // every loss falls at first
    const steadily = fell > 0.12 && moved < 4 && (longEnough || level > 0.5);
    const hardly = fell > 0.005 && moved < 0.8 && level > 0.5;
    const finished = run.update === run.updates && run.diverged === null;
    if (!finished || level <= limits.slow || !(steadily || hardly)) return null;
    const evidence = [
        say("The loss was still falling when training ended: {middle:.4f} on average in the middle third of the updates, {last:.4f} in the last.", {
            middle, last,
        }),
    ];
    if (result) {
        if (result.faster > result.same) return null;
        evidence.push(
            say("Tried: {updates} more updates bring it from {before:.4f} to {same:.4f}, with ten times the rate to {faster:.4f}.", { ...result }),
        );
    }
    const faster = learningRate * (level < 0.6 ? 10 : 100);
    const remedy = say("learning_rate {old:g} → {new:g}, or more epochs.", { old: learningRate, new: faster });
    return finding(run, "rate_too_small", evidence, [remedy], { learningRate: faster });
}

function overfitting(run: Run): Finding | null {
    const both = run.epochs.filter((item) => item.validation !== null);
    const item = both.at(-1);
    if (!item) return null;
    const best = both.reduce((least, one) => (one.validation!.loss < least.validation!.loss ? one : least));
    const score = item.validation!, least = best.validation!, gap = item.train.accuracy - score.accuracy;
    const rose = score.loss > 1.15 * least.loss && item.train.loss < best.train.loss;
    const p = score.accuracy, all = score.images.reduce((sum, count) => sum + count, 0);
    const chance = 2 * Math.sqrt(Math.max(p * (1 - p), 0.05) / all); // twice the standard error of the accuracy
    if (gap < 0.04 + chance && !(rose && gap > 0.015 + chance)) return null;
    const evidence = [
        say("Accuracy is {train:.1f} % on training images and {validation:.1f} % on validation images.", {
            train: 100 * item.train.accuracy, validation: 100 * score.accuracy,
        }),
    ];
    if (rose)
        evidence.push(
            say("The validation loss rises since epoch {epoch}, from {least:.4f} to {last:.4f}.", {
                epoch: best.epoch, least: least.loss, last: score.loss,
            }),
        );
    const { distortion, epochs } = run.settings.recipe;
    const remedies = run.images < 50_000 ? [say("Use more images.")] : [];
    if (distortion === null) remedies.push(say(
        "Distort: distortion=Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7); in the terminal --distortion rotation=8,scale=0.08,shear=0.1,shift=0.7.",
    ));
    if (rose) remedies.push(say("Or stop earlier: epochs {old} → {new}.", { old: epochs, new: best.epoch }));
    const change = distortion === null ? { distortion: USUAL } : rose ? { epochs: best.epoch } : null;
    return finding(run, "overfitting", evidence, remedies, change, best.update);
}

const MOST_RATE = 3; // with which the lecture's network learns; far above, a tenth is as hopeless

/** The rate that the doctor would take instead. */
function lowered(run: Run): { learningRate: number } {
    const { learningRate, optimizer } = run.settings.recipe;
    return { learningRate: Math.min(learningRate / 10, optimizer === "adam" ? 0.005 : MOST_RATE) };
}

function smallerRate(run: Run): string {
    const { learningRate: old, optimizer } = run.settings.recipe, numbers = { old, new: lowered(run).learningRate };
    if (optimizer === "adam") return say("learning_rate {old:g} → {new:g}.", numbers);
    return say("learning_rate {old:g} → {new:g}, or optimizer adam with 0.005.", numbers);
}

const grouped = (count: number): string => count.toLocaleString("en-US");
