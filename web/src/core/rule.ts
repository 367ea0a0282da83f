// What an update needs of a recipe, and all that the next update depends on: numbers and their limits, no training.
//
// The fields are Python's (src/glassnet/engine/numpy_training.py and distortion.py), and so are the errors.
import { checkChoice, checkReal, checkWhole } from "./check.ts";

export const OPTIMIZERS = ["sgd", "momentum", "adam"] as const;
export const SCHEDULES = ["constant", "cosine"] as const;

export type Optimizer = (typeof OPTIMIZERS)[number];
export type Schedule = (typeof SCHEDULES)[number];

/**
 * `warmup` and `updates` are counted in updates: the rate climbs in a straight line over the first `warmup`, then stays
 * (`constant`) or falls along half a cosine to 0 (`cosine`) until `updates`. `average`: 0 for none, else the number of
 * updates over which weights are averaged.
 */
export interface Rule {
    readonly batchSize: number;
    readonly optimizer: Optimizer;
    readonly learningRate: number;
    readonly momentum: number;
    readonly schedule: Schedule;
    readonly warmup: number;
    readonly updates: number;
    readonly average: number;
}

/** How far training images are changed at most: degrees, fractions, pixels per pixel, pixels, pixels, and how smooth elastic is. */
export interface Distortion {
    readonly rotation: number;
    readonly scale: number;
    readonly shear: number;
    readonly shift: number;
    readonly elastic: number;
    readonly smoothness: number;
}

/**
 * Everything after `update` updates. Vectors (P,) in the lecture's layout: `weights`; `memory`, momentum's v or Adam's
 * m and v; `average`, the averaged weights, or null without.
 */
export interface State {
    readonly update: number;
    readonly weights: Float32Array;
    readonly memory: readonly Float32Array[];
    readonly average: Float32Array | null;
}

/** How many vectors each optimizer remembers: `memory` of a State. */
export const REMEMBERED: Record<Optimizer, number> = { sgd: 0, momentum: 1, adam: 2 };

/** Return the state before the first update, from initial weights (P,), which are copied. */
export function start(rule: Rule, weights: Float32Array): State {
    const memory = Array.from({ length: REMEMBERED[rule.optimizer] }, () => new Float32Array(weights.length));
    return { update: 0, weights: weights.slice(), memory, average: rule.average ? weights.slice() : null };
}

const UNDISTORTED: Distortion = { rotation: 0, scale: 0, shear: 0, shift: 0, elastic: 0, smoothness: 4 };

/** Return the core's fourteen numbers; raises `InputError` naming a field that is out of range. */
export function recipeNumbers(rule: Rule, distortion: Distortion | null): Float64Array {
    const { rotation, scale, shear, shift, elastic, smoothness } = distortion ?? UNDISTORTED;
    return Float64Array.of(
        checkChoice("optimizer", rule.optimizer, OPTIMIZERS),
        checkChoice("schedule", rule.schedule, SCHEDULES),
        checkReal("learning_rate", rule.learningRate, "(0, 1e+06]"),
        checkReal("momentum", rule.momentum, "[0, 1)"),
        checkWhole("warmup", rule.warmup, 0, Number.MAX_SAFE_INTEGER),
        checkWhole("updates", rule.updates, 1, Number.MAX_SAFE_INTEGER),
        checkWhole("average", rule.average, 0, Number.MAX_SAFE_INTEGER),
        checkWhole("batch_size", rule.batchSize, 1, 10_000_000),
        checkReal("rotation", rotation, "[0, 45]"),
        checkReal("scale", scale, "[0, 0.9]"),
        checkReal("shear", shear, "[0, 1]"),
        checkReal("shift", shift, "[0, 14]"),
        checkReal("elastic", elastic, "[0, 14]"),
        checkReal("smoothness", smoothness, "[0.5, 100]"),
    );
}
