// The room's settings as the engine wants them, and a recipe put into the fields; it holds no state.
import type { Loss, Output, Recipe, Settings } from "../../worker/protocol.ts";
import type { State } from "../../state/table.ts";

const DISTORTION = { rotation: 8, scale: 0.08, shear: 0.1, shift: 0.7, elastic: 0, smoothness: 4 };

export function settingsOf(state: State): Settings {
    const [output, loss] = state.pair.split(" + ") as [Output, Loss];
    return {
        sizes: state.sizes.split("-").map(Number),
        hidden: state.hidden, output, loss, seed: state.seed,
        ...(state.count > 0 && { images: state.count }),
        recipe: {
            epochs: state.epochs, batchSize: state.batch, optimizer: state.optimizer, learningRate: state.rate,
            momentum: state.momentum, schedule: state.schedule, warmup: state.warmup, evaluateEvery: 1,
            distortion: state.distorted ? DISTORTION : null, average: 0,
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
    state.distorted = recipe.distortion !== null;
    state.undistorted = recipe.undistorted;
}
