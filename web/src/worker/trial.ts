// What another learning rate would have done (src/glassnet/training/trial.py): a few updates from a run's last weights,
// measured; it changes no run.
import type { Core } from "../core/core.ts";
import type { Rule } from "../core/rule.ts";
import { runUpdates } from "../core/trainer.ts";
import type { Run } from "./run.ts";
import { score } from "./score.ts";
import type { Sets } from "./sets.ts";

const MOST = 10_000; // images for the updates, half of them for the measurement

/** The loss on the first training images `before` and after `updates` more updates: with the rate, a tenth, ten times it. */
export interface Trial {
    readonly updates: number;
    readonly before: number;
    readonly same: number;
    readonly slower: number;
    readonly faster: number;
}

export function trial(core: Core, sets: Sets, run: Run): Trial {
    const { architecture, rule, settings } = run, size = settings.recipe.batchSize;
    const count = Math.min(run.images, Math.max(MOST, size)), state = { ...run.stateAt(run.update), average: null };
    const order = Uint32Array.from({ length: count }, (_, k) => k);
    const loss = (weights: Float32Array) => {
        if (!weights.every(Number.isFinite)) return Infinity;
        const found = score(core, architecture, weights, sets.get("train"), Math.min(MOST / 2, count)).loss;
        return Number.isFinite(found) ? found : Infinity;
    };
    const middle = Math.max(1, Math.min(run.update, Math.floor((rule.warmup + rule.updates) / 2))); // past warm-up, not yet at rest
    const rate = core.learningRate(rule, middle);
    const after = (factor: number) => {
        const changed: Rule = { ...rule, learningRate: rate * factor, schedule: "constant", warmup: 0, average: 0 };
        return loss(runUpdates(core, architecture, changed, state, sets.training(core), order).state.weights);
    };
    return { updates: Math.ceil(count / size), before: loss(state.weights), same: after(1), slower: after(0.1), faster: after(10) };
}
