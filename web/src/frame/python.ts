// The Python that gives a number, a network or a run of the page again, to the last bit; it only writes, and checks nothing.
import type { Distortion } from "../core/rule.ts";
import { ALL } from "../rooms/train/settings.ts";
import { readRun } from "../state/runs.ts";
import type { Picture } from "../state/picture.ts";
import type { Edit, ModelState, SetName, Settings, Trace } from "../worker/protocol.ts";

/** The current model, the run that it was taken from (as a link says it, or ""), and what was changed since. */
export interface KnownModel {
    readonly model: ModelState;
    /** Fingerprint of the packaged model. */
    readonly packaged: string;
    readonly made: string;
    readonly edits: readonly Edit[];
}
interface Known {
    readonly trace: Trace | null;
    readonly x: Uint8Array | null;
    readonly label: number | null;
}

/** Return the expression for entry [row, column] of a step or weight, or null where there is none. */
export function expression(step: string, row: number, column: number, picture: Picture, known: KnownModel, { trace, x, label }: Known): string | null {
    // the weights are what they were, also where the 1 above them is a 0
    if (/^w\d+$/.test(step)) return `float(${networkInPython({ ...known, model: { ...known.model, ones: [] } })}.${step}[${row}, ${column}])`;
    const network = networkInPython(known);
    if (!trace?.steps.has(step) || !x) return null;
    if (isOne(step, row, known.model) && known.model.ones.includes(0)) return null; // of a 1 that was set to 0
    const image = picture.kind === "set" ? `glassnet.mnist().${picture.set}.images[${picture.index}]` : pixelsInPython(x);
    const target = label === null ? "" : `, target=${label}`;
    return `float(${network}.trace(${image}${target})["${step}"][${row}, ${column}])`;
}

/** Return the expression for a number of an evaluation, such as `.accuracy`. */
export function evaluationInPython(set: SetName, what: string, known: KnownModel): string {
    return `glassnet.evaluate(${networkInPython(known)}, glassnet.mnist().${set})${what}`;
}

/** The line that has to be run before an expression of this file. */
export function importsOf(python: string): string {
    const used = [["base64.", "base64"], ["glassnet.", "glassnet"], ["np.", "numpy as np"]] as const;
    return `import ${used.filter(([name]) => python.includes(name)).map(([, module]) => module).join(", ")}`;
}

/** Return the expression of the network after `update` of a run; `start` is the fingerprint of the model it began with, or null. */
export function runInPython(settings: Settings, start: string | null, update: number, packaged: string): string {
    const { sizes, hidden, output, loss, seed, recipe, images = ALL } = settings;
    const network = start === null
        ? `glassnet.Network((${sizes.join(", ")}), "${hidden}", "${output}", "${loss}", seed=${seed})`
        : `glassnet.Network.load("${start === packaged ? "lecture" : `${start}.safetensors`}")`;
    const data = images < ALL ? `glassnet.mnist().train[:${images}]` : "glassnet.mnist()";
    const numbers = [
        recipe.epochs, recipe.batchSize, `"${recipe.optimizer}"`, `learning_rate=${recipe.learningRate}`,
        `momentum=${recipe.momentum}`, `schedule="${recipe.schedule}"`, `warmup=${recipe.warmup}`,
        `evaluate_every=${recipe.evaluateEvery}`, `distortion=${distortionInPython(recipe.distortion)}`,
        `average=${recipe.average}`, `undistorted=${recipe.undistorted}`,
    ];
    return `glassnet.train(${network}, ${data}, glassnet.Recipe(${numbers.join(", ")}), seed=${seed}).at(${update})`;
}

function networkInPython({ model, made, edits, packaged }: KnownModel): string {
    const run = readRun(made);
    const network = run ? runInPython(run.settings, run.from, run.to, packaged) : `glassnet.Network.load(${JSON.stringify(model.name || "lecture")})`;
    const changes = changedWeights(model, edits).map(([name, entries]) => `${name}={${entries.map(([place, value]) => `(${place}): ${value}`).join(", ")}}`);
    return changes.length > 0 ? `${network}.edited(${changes.join(", ")})` : network;
}

type Entries = [place: string, value: number][];

/** Every weight that another number stands in, by matrix; a 1 that is set to 0 is a bias of 0. */
function changedWeights({ weights, ones }: ModelState, edits: readonly Edit[]): [name: string, entries: Entries][] {
    const changed = weights.map(() => new Map<string, number>());
    for (const edit of edits) {
        if (edit.kind === "weight") changed[Number(edit.matrix.slice(1)) - 1]?.set(`${edit.row}, ${edit.column}`, Math.fround(edit.value));
        if (edit.kind === "cut") for (let row = 0; row < weights[edit.layer - 1]!.rows; row++) changed[edit.layer - 1]!.set(`${row}, ${edit.unit}`, 0);
    }
    ones.forEach((one, k) => {
        if (one === 0) for (let row = 0; row < weights[k]!.rows; row++) changed[k]!.set(`${row}, ${weights[k]!.columns - 1}`, 0);
    });
    return changed.map((entries, k): [string, Entries] => [`w${k + 1}`, [...entries]]).filter(([, entries]) => entries.length > 0);
}

/** Whether the entry is the 1 below a layer. */
function isOne(step: string, row: number, { sizes }: ModelState): boolean {
    const layer = Number(/^a(\d+)(?:_1)?$/.exec(step)?.[1] ?? 0);
    return (layer === 1 || step.endsWith("_1")) && row === sizes[layer - 1];
}

function distortionInPython(distortion: Distortion | null): string {
    if (!distortion) return "None";
    const { rotation, scale, shear, shift, elastic, smoothness } = distortion;
    return `glassnet.Distortion(${rotation}, ${scale}, ${shear}, ${shift}, ${elastic}, ${smoothness})`;
}

/** 784 bytes as one line: zeros counted, the rest in hexadecimal would be long, so it is base64 of the bytes. */
function pixelsInPython(x: Uint8Array): string {
    let text = "";
    for (const byte of x) text += String.fromCharCode(byte);
    return `np.frombuffer(base64.b64decode("${btoa(text)}"), np.uint8).reshape(28, 28)`;
}
