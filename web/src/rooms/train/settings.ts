// The room's settings as the engine wants them, and a recipe put into the fields; it holds no state.
import type { Distortion } from "../../core/rule.ts";
import type { Loss, Output, Recipe, Settings } from "../../worker/protocol.ts";
import type { State } from "../../state/table.ts";

const SMOOTHNESS = 4; // pixels, of an elastic distortion

function distortionOf({ rotateBy, scaleBy, shearBy, shiftBy, elasticBy }: State): Distortion | null {
    if (!(rotateBy || scaleBy || shearBy || shiftBy || elasticBy)) return null;
    return { rotation: rotateBy, scale: scaleBy, shear: shearBy, shift: shiftBy, elastic: elasticBy, smoothness: SMOOTHNESS };
}

export function settingsOf(state: State): Settings {
    const [output, loss] = state.pair.split(" + ") as [Output, Loss];
    return {
        sizes: state.sizes.split("-").map(Number),
        hidden: state.hidden, output, loss, seed: state.seed,
        ...(state.count > 0 && { images: state.count }),
        recipe: {
            epochs: state.epochs, batchSize: state.batch, optimizer: state.optimizer, learningRate: state.rate,
            momentum: state.momentum, schedule: state.schedule, warmup: state.warmup, evaluateEvery: state.evaluateEvery,
            distortion: distortionOf(state), average: 0,
            undistorted: Math.min(state.undistorted, state.epochs),
        },
    };
}

/** Put a recipe into the fields. */
export function useRecipe(state: State, recipe: Recipe): void {
    state.epochs = recipe.epochs;
    state.batch = recipe.batchSize;
    state.optimizer = recipe.optimizer;
    state.rate = recipe.learningRate;
    state.momentum = recipe.momentum;
    state.schedule = recipe.schedule;
    state.warmup = recipe.warmup;
    const { rotation = 0, scale = 0, shear = 0, shift = 0, elastic = 0 } = recipe.distortion ?? {};
    [state.rotateBy, state.scaleBy, state.shearBy, state.shiftBy, state.elasticBy] = [rotation, scale, shear, shift, elastic];
    state.undistorted = recipe.undistorted;
    state.evaluateEvery = recipe.evaluateEvery;
}
