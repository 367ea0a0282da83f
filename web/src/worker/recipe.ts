// Python's recipes and what an update needs of one (src/glassnet/training/recipe.py); it trains nothing.
//
// recipes.json is written by `make golden` from Python's own, and a test holds them equal.
import { checkReal, checkWhole } from "../core/check.ts";
import { InputError } from "../core/errors.ts";
import { recipeNumbers, type Distortion, type Rule } from "../core/rule.ts";
import { say } from "../core/words.ts";
import type { Hidden, Loss, Optimizer, Recipe } from "./protocol.ts";
import recipes from "./recipes.json" with { type: "json" };

export const RECIPES = recipes.named as Readonly<Record<string, Recipe>>;

/** What a named recipe's rate has to suit. */
export interface Kind {
    readonly hidden: Hidden;
    readonly loss: Loss;
    readonly optimizer: Optimizer;
    readonly momentum: number;
}
/** Return the rate of a named recipe for another network and optimizer than it was made for, as Python's `Recipe.named`. */
export function suitedRate(recipe: Recipe, { hidden, loss, optimizer, momentum }: Kind): number {
    if (optimizer === "adam") return recipes.adamRate;
    const adding = recipe.optimizer === "sgd" && optimizer === "momentum" ? 1 - momentum : 1;
    const share = Math.max(0.1, recipes.rateShares[hidden] * recipes.rateShares[loss]);
    return Number((recipe.learningRate * adding * share).toPrecision(9));
}

/** Return the number of batches that `images` make; the last may be smaller. */
export function updatesPerEpoch(recipe: Recipe, images: number): number {
    return Math.ceil(images / recipe.batchSize);
}

/** Return how the images are distorted in an epoch, the first of which is 0. */
export function distortionIn(recipe: Recipe, epoch: number): Distortion | null {
    return epoch < recipe.epochs - recipe.undistorted ? recipe.distortion : null;
}

/** Return the rule of a recipe for so many images; raises `InputError` naming a field that is out of range. */
export function ruleOf(recipe: Recipe, images: number): Rule {
    const epochs = checkWhole("epochs", recipe.epochs, 1, 100_000);
    const size = checkWhole("batch_size", recipe.batchSize, 1, 10_000_000);
    checkWhole("evaluate_every", recipe.evaluateEvery, 0, 100_000);
    checkReal("warmup", recipe.warmup, "[0, 100000]");
    checkReal("average", recipe.average, "[0, 100000]");
    checkWhole("undistorted", recipe.undistorted, 0, 100_000);
    for (const name of ["warmup", "undistorted"] as const)
        if (recipe[name] > epochs)
            throw new InputError(name, { expected: say("at most the {epochs} epochs", { epochs }), found: String(recipe[name]) });
    const perEpoch = updatesPerEpoch(recipe, images);
    const rule: Rule = {
        batchSize: Math.min(size, images), // a batch is never larger than what there is
        optimizer: recipe.optimizer,
        learningRate: recipe.learningRate,
        momentum: recipe.momentum,
        schedule: recipe.schedule,
        warmup: halfToEven(recipe.warmup * perEpoch),
        updates: epochs * perEpoch,
        average: recipe.average ? Math.max(1, halfToEven(recipe.average * perEpoch)) : 0,
    };
    recipeNumbers(rule, recipe.distortion);
    return rule;
}

/** Python's round. */
function halfToEven(x: number): number {
    const floor = Math.floor(x);
    if (x - floor !== 0.5) return Math.round(x);
    return floor % 2 === 0 ? floor : floor + 1;
}
