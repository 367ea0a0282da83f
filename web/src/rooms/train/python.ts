// The Python that makes a run of the page again, to the last bit: a run is its settings. It only writes.
import type { Distortion } from "../../core/rule.ts";
import type { RunInfo } from "../../worker/protocol.ts";

const ALL = 55_000; // MNIST's training images

/** Return the expression of the network after `update` of a run; with a model's own start, how to come by it. */
export function runInPython({ settings, images, start }: RunInfo, update: number): string {
    const { sizes, hidden, output, loss, seed, recipe } = settings;
    const network = settings.from === "model"
        ? `glassnet.Network.load("model.safetensors")`
        : `glassnet.Network((${sizes.join(", ")}), "${hidden}", "${output}", "${loss}", seed=${seed})`;
    const data = images < ALL ? `glassnet.mnist().train[:${images}]` : "glassnet.mnist()";
    const numbers = [
        recipe.epochs, recipe.batchSize, `"${recipe.optimizer}"`, `learning_rate=${recipe.learningRate}`,
        `momentum=${recipe.momentum}`, `schedule="${recipe.schedule}"`, `warmup=${recipe.warmup}`,
        `evaluate_every=${recipe.evaluateEvery}`, `distortion=${distortionInPython(recipe.distortion)}`,
        `average=${recipe.average}`, `undistorted=${recipe.undistorted}`,
    ];
    const call = `glassnet.train(${network}, ${data}, glassnet.Recipe(${numbers.join(", ")}), seed=${seed}).at(${update})`;
    return settings.from === "model" ? `${call}  # model.safetensors: the model that the run began with, ${start}` : call;
}

function distortionInPython(distortion: Distortion | null): string {
    if (!distortion) return "None";
    const { rotation, scale, shear, shift, elastic, smoothness } = distortion;
    return `glassnet.Distortion(${rotation}, ${scale}, ${shear}, ${shift}, ${elastic}, ${smoothness})`;
}
