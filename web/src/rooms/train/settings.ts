// The room's settings as the engine wants them, and a recipe put into the fields; it holds no state.
import type { Distortion } from "../../core/rule.ts";
import type { Loss, Output, Recipe, Settings } from "../../worker/protocol.ts";
import type { ValuesOf } from "../../state/property.ts";
import { RECIPES, suitedRate } from "../../worker/recipe.ts";
import type { Words } from "../../words/words.ts";
import type { trainLink } from "./link.ts";
import { trainWords as w } from "./words.ts";

/** The fields that make up a run's settings. */
export type Fields = Omit<ValuesOf<typeof trainLink>, "typedRate" | "speed" | "update" | "place" | "weight">;

export const ALL = 55_000; // MNIST's training images
/** What the fields are called, by the engine's names of what they say. */
export const FIELDS: Words = {
    sizes: w.sizes, learning_rate: w.rate, batch_size: w.batch, epochs: w.epochs, seed: w.seed, images: w.images, momentum: w.momentum,
    warmup: w.warmup, evaluate_every: w.evaluateEvery, rotation: w.rotateBy, scale: w.scaleBy, shear: w.shearBy, shift: w.shiftBy,
    elastic: w.elasticBy, undistorted: w.undistorted,
};
const SMOOTHNESS = 4; // pixels, of an elastic distortion

function distortionOf({ rotateBy, scaleBy, shearBy, shiftBy, elasticBy }: Fields): Distortion | null {
    if (!(rotateBy || scaleBy || shearBy || shiftBy || elasticBy)) return null;
    return { rotation: rotateBy, scale: scaleBy, shear: shearBy, shift: shiftBy, elastic: elasticBy, smoothness: SMOOTHNESS };
}

export function settingsOf(state: Fields): Settings {
    const [output, loss] = state.pair.split(" + ") as [Output, Loss];
    return {
        sizes: state.sizes.split("-").map((size) => (/^\d+$/.test(size) ? Number(size) : Number.NaN)),
        hidden: state.hidden, output, loss, seed: state.seed,
        ...(state.count !== 0 && { images: state.count }),
        recipe: {
            epochs: state.epochs, batchSize: state.batch, optimizer: state.optimizer, learningRate: state.rate,
            momentum: state.momentum, schedule: state.schedule, warmup: state.warmup, evaluateEvery: state.evaluateEvery,
            distortion: distortionOf(state), average: 0,
            undistorted: state.undistorted,
        },
    };
}

/** The fields in which a recipe stands. */
function recipeFields({ epochs, batchSize, optimizer, learningRate, momentum, schedule, warmup, distortion, undistorted, evaluateEvery }: Recipe) {
    const { rotation = 0, scale = 0, shear = 0, shift = 0, elastic = 0 } = distortion ?? {};
    return {
        epochs, batch: batchSize, optimizer, rate: learningRate, momentum, schedule, warmup,
        rotateBy: rotation, scaleBy: scale, shearBy: shear, shiftBy: shift, elasticBy: elastic, undistorted, evaluateEvery,
    } satisfies Partial<Fields>;
}

/** `settingsOf` back; the smoothness of elastic distortions is always the one of this page. */
export function fieldsOf({ sizes, hidden, output, loss, seed, images, recipe }: Settings): Fields {
    const count = images === undefined || images >= ALL ? 0 : images;
    return { sizes: sizes.join("-"), hidden, pair: `${output} + ${loss}` as Fields["pair"], seed, count, ...recipeFields(recipe) };
}

type Kind = Pick<Fields, "hidden" | "pair" | "optimizer">;
const suited = (recipe: Recipe, { pair, ...fields }: Fields): number =>
    suitedRate(recipe, { ...fields, loss: pair.split(" + ")[1] as Loss });

/** Put a recipe into the fields. */
export function useRecipe(fields: Fields, recipe: Recipe): void {
    Object.assign(fields, recipeFields(recipe));
    fields.rate = suited(recipe, fields);
}
/** The recipe that the fields hold, but for a network and an optimizer that its rate suits. */
function recipeOf(fields: Fields): Recipe | undefined {
    return Object.values(RECIPES).find((recipe) =>
        Object.entries({ ...recipeFields(recipe), optimizer: fields.optimizer, rate: suited(recipe, fields) })
            .every(([name, value]) => fields[name as keyof Fields] === value));
}
/** Put another activation, loss or optimizer into the fields; a recipe's rate stays the one that suits. */
export function useKind(fields: Fields, kind: Partial<Kind>): void {
    const recipe = recipeOf(fields);
    Object.assign(fields, kind);
    if (recipe) fields.rate = suited(recipe, fields);
}
