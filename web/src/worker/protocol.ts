// The contract between the page and the worker in which everything is computed: types, no code that computes or draws.
//
// The page calls `Engine` through Comlink, so every method gives a promise there. Arrays that a method returns are the
// caller's own (transferred or copied); arrays that the page passes are copied. Nothing blocks longer than some 10 ms:
// what takes longer goes on in pieces, between which other calls are answered.
//
//   set      "train" (55,000 images or fewer), "validation" (5,000), "test" (10,000); indices count from 0 in each
//   image    (784,) bytes 0 paper … 255 ink, row by row of 28     label  0 … 9     P  weights in all, w1 row by row, w2, …
//   update   one change of the weights; 0 is before the first      run   a training run by its number, from 1
//   matrix   {rows, columns, data}: float32, row by row            a number that is none is NaN or ±Infinity
//
// Errors: whatever a method refuses arrives as a plain `Problem` (thrown), in the language set by `useLanguage`;
// the state is then as it was before the call.
import type { Hidden, Loss, Output } from "../core/architecture.ts";
import type { Matrix } from "../core/network.ts";
import type { Distortion, Optimizer, Schedule } from "../core/rule.ts";
import type { Language } from "../core/words.ts";

export type { Distortion, Hidden, Language, Loss, Matrix, Optimizer, Output, Schedule };

/** What went wrong, as plain data; `message` is the whole sentence. `kind` "fault" is a mistake of ours. */
export interface Problem {
    readonly problem: true;
    readonly kind: "input" | "unavailable" | "fault";
    readonly message: string;
    readonly what: string;
    readonly expected?: string;
    readonly found?: string;
    readonly advice?: string;
}

// ---- opening and data ---------------------------------------------------------------------------------------------

export type SetName = "train" | "validation" | "test";

/** A labeled set as two IDX files: uint8 (n, 28, 28) and uint8 (n,). */
export interface IdxPair {
    readonly images: Uint8Array;
    readonly labels: Uint8Array;
}

/** What the engine needs at first, as bytes: core.wasm, a model (safetensors), and the test set. */
export interface Sources {
    readonly wasm: Uint8Array | ArrayBuffer;
    readonly model: Uint8Array;
    readonly test: IdxPair;
}

/**
 * Further sets. `file`: MNIST's training file or its beginning, of which the first 5,000 images become validation (all
 * of them, where there are fewer) and the rest train. Or the two sets by themselves, as an exported page carries them.
 */
export type More = { readonly file: IdxPair } | { readonly train?: IdxPair; readonly validation?: IdxPair };

export interface SetInfo {
    readonly name: SetName;
    readonly count: number;
    /** (10,) images of each label. */
    readonly perLabel: readonly number[];
}

export interface Opened {
    readonly sets: readonly SetInfo[];
    readonly model: ModelState;
}

export interface LabeledImages {
    /** (n, 784) bytes. */
    readonly images: Uint8Array;
    /** (n,) */
    readonly labels: Uint8Array;
}

/** Which images of a set; what is left out does not matter. `wrong` and `predicted` ask the network `at`. */
export interface Filter {
    readonly label?: number;
    readonly predicted?: number;
    readonly wrong?: boolean;
    readonly at?: NetworkRef;
}

/** A training digit near another image. `distance` is Euclidean, over pixels 0 … 1. */
export interface Neighbor {
    readonly set: SetName;
    readonly index: number;
    readonly label: number;
    readonly distance: number;
    readonly image: Uint8Array;
}

// ---- networks -----------------------------------------------------------------------------------------------------

/** The network that is meant: the current model, or a run's exactly as after one of its updates, or as it is now. */
export type NetworkRef = "model" | { readonly run: number; readonly update: number | "now" };

export interface NetworkShape {
    /** From 784 pixels to 10 outputs: [784, 14, 10]. */
    readonly sizes: readonly number[];
    readonly hidden: Hidden;
    readonly output: Output;
    readonly loss: Loss;
}

export interface NetworkState extends NetworkShape {
    /** w1, w2, …: (neurons, inputs + 1), the bias in the last column. */
    readonly weights: readonly Matrix[];
    /** Sixteen hex digits, the same as Python's. */
    readonly fingerprint: string;
    /** What stands below a1, a2, …: 1, or 0 where the reader took the bias away. One entry a matrix. */
    readonly ones: readonly (0 | 1)[];
}

export interface ModelState extends NetworkState {
    /** The file's name, or what it came from, such as "run 2, update 120"; "" for the packaged one. */
    readonly name: string;
    /** A file's metadata: recipe, seed, test_accuracy, …; empty for a model that was made here. */
    readonly metadata: Readonly<Record<string, string>>;
    /** Grows with every change: results that carry another number are of another model. */
    readonly version: number;
    /** Hidden units (layer from 2, unit from 0) of which nothing leads on. */
    readonly cut: readonly { readonly layer: number; readonly unit: number }[];
    readonly canUndo: boolean;
    readonly canRedo: boolean;
}

/** A change of the current model. Rows and columns count from 0; `layer` from 1 (the input). */
export type Edit =
    | { readonly kind: "weight"; readonly matrix: string; readonly row: number; readonly column: number; readonly value: number }
    | { readonly kind: "one"; readonly layer: number; readonly value: 0 | 1 }
    /** Takes a unit's activation away from the next layer: its column in w`layer` becomes 0. */
    | { readonly kind: "cut"; readonly layer: number; readonly unit: number };

export interface TraceOptions {
    /** The digit that the image shows; without it the steps end at the prediction. */
    readonly label?: number | null;
    readonly at?: NetworkRef;
    /** The same weights under another output and loss: the same image under cross-entropy. */
    readonly as?: { readonly output: Output; readonly loss: Loss };
}

/** One image's way: every step of the ledger by its id, in order. */
export interface Trace extends NetworkShape {
    readonly steps: ReadonlyMap<string, Matrix>;
    readonly label: number | null;
    readonly prediction: number;
    /** The largest output. */
    readonly confidence: number;
    readonly fingerprint: string;
    readonly ones: readonly (0 | 1)[];
}

// ---- evaluation (src/glassnet/evaluation.py, the same numbers) ------------------------------------------------------

export interface Mistake {
    readonly index: number;
    readonly label: number;
    readonly prediction: number;
    readonly confidence: number;
    /** One of the fifteen labels of MNIST's test set about which people disagree. */
    readonly doubtful: boolean;
}
export interface ClassResult {
    readonly label: number;
    readonly count: number;
    readonly correct: number;
    readonly accuracy: number;
}
/** Images whose confidence is from `low` to below `high`. */
export interface CalibrationBin {
    readonly low: number;
    readonly high: number;
    readonly count: number;
    readonly accuracy: number;
    readonly confidence: number;
}
/** A bar of the loss histogram: losses from `low` to below `high` (the last bar includes it). */
export interface LossBar {
    readonly low: number;
    readonly high: number;
    readonly count: number;
    /** The images in it, largest loss first. */
    readonly indices: Uint32Array;
}

export interface Evaluation {
    readonly set: SetName;
    readonly count: number;
    readonly accuracy: number;
    /** The 95 % interval (Wilson), fractions. */
    readonly interval: readonly [low: number, high: number];
    readonly loss: number;
    /** (10, 10): row = label, column = prediction. */
    readonly confusion: readonly (readonly number[])[];
    readonly classes: readonly ClassResult[];
    /** The most confident first. */
    readonly mistakes: readonly Mistake[];
    readonly calibration: { readonly bins: readonly CalibrationBin[]; readonly error: number };
    readonly histogram: readonly LossBar[];
    /** Of every image: (n, 10), (n,), (n,), (n,). */
    readonly outputs: Float32Array;
    readonly losses: Float32Array;
    readonly predicted: Uint8Array;
    readonly confidence: Float32Array;
    readonly fingerprint: string;
}

// ---- training -----------------------------------------------------------------------------------------------------

/** How to train; the fields and limits are Python's Recipe. */
export interface Recipe {
    readonly epochs: number;
    readonly batchSize: number;
    readonly optimizer: Optimizer;
    readonly learningRate: number;
    readonly momentum: number;
    readonly schedule: Schedule;
    /** In epochs. */
    readonly warmup: number;
    readonly evaluateEvery: number;
    readonly distortion: Distortion | null;
    /** In epochs; 0 for none. */
    readonly average: number;
    /** The last so many epochs see the images as they are. */
    readonly undistorted: number;
}

export interface Settings extends NetworkShape {
    readonly recipe: Recipe;
    /** A whole number, as digits: seeds have 64 bits. */
    readonly seed: string;
    /** The first so many training images; all, where it is left out. */
    readonly images?: number;
    /** Start from the seed's weights (the default), or from the current model's, which must have this shape. */
    readonly from?: "seed" | "model";
}

/** Python's Score: how the weights of a moment do on a set. */
export interface Score {
    readonly loss: number;
    readonly accuracy: number;
    readonly predicted: readonly number[];
    readonly images: readonly number[];
    readonly response: readonly number[];
}
/** After a whole epoch: the first 5,000 training images, and all validation images. */
export interface Epoch {
    readonly epoch: number;
    readonly update: number;
    readonly train: Score;
    readonly validation: Score | null;
}
/** In between: the first 1,000 training and validation images, for the curves. */
export interface Glimpse {
    readonly update: number;
    readonly trainLoss: number;
    readonly trainAccuracy: number;
    readonly validationLoss: number | null;
    readonly validationAccuracy: number | null;
}

export type RunStatus = "paused" | "running" | "finished" | "diverged";

export interface RunInfo {
    readonly run: number;
    readonly settings: Settings;
    readonly status: RunStatus;
    /** Updates made, of how many. */
    readonly update: number;
    readonly updates: number;
    readonly updatesPerEpoch: number;
    readonly images: number;
    /** The update whose loss was no finite number any more. */
    readonly diverged: number | null;
    /** Fingerprint of the initial weights. */
    readonly start: string;
    /** The rest of the address; null until it has been computed. */
    readonly dataSha256: string | null;
}

/** Sent while a run grows, at most some 20 times a second and never before the last one was taken. */
export interface Report extends RunInfo {
    /** The mean losses of the batches since the last report: those of updates `firstLoss` + 1, … */
    readonly firstLoss: number;
    readonly losses: Float32Array;
    readonly epochs: readonly Epoch[];
    readonly glimpses: readonly Glimpse[];
    /** w1 as it is now, a picture a row; larger networks send it more seldom, then null. */
    readonly w1: Matrix | null;
    /** What the doctor says now; null while nothing new was judged. */
    readonly findings: readonly Finding[] | null;
    /** Updates a second, over the last moments. */
    readonly speed: number;
}

/** How far to go on: that many updates, to the next epoch's end, or until `pause`. `pace`: updates a second at most. */
export interface Go {
    readonly until: "pause" | "epoch" | { readonly updates: number };
    readonly pace?: number | null;
}

/** All that was recorded, for a page that comes late: losses (updates,). */
export interface History {
    readonly losses: Float32Array;
    readonly epochs: readonly Epoch[];
    readonly glimpses: readonly Glimpse[];
}

/** A run's network after `update`, exactly; forwards and backwards. */
export interface Moment extends NetworkState {
    readonly run: number;
    readonly update: number;
    /** From 1; 0 before the first update. */
    readonly epoch: number;
    readonly learningRate: number;
}

// ---- one update as arithmetic (src/glassnet/training/explain.py, weight.py) ------------------------------------------

/** One update (from 1), for its batch or for image `image` (from 0) of the batch. */
export interface Explanation {
    readonly run: number;
    readonly update: number;
    readonly epoch: number;
    /** The batch's number in the epoch, from 1. */
    readonly batch: number;
    readonly optimizer: Optimizer;
    readonly learningRate: number;
    /** (b,) numbers of the images in the training set, their labels, what was read, their losses before the update. */
    readonly indices: Uint32Array;
    readonly labels: Uint8Array;
    readonly predictions: Uint8Array;
    readonly losses: Float32Array;
    /** (b, 784) as training saw them: distorted where the recipe distorts. */
    readonly images: Uint8Array;
    readonly image: number | null;
    /** The batch's mean loss before the update. */
    readonly loss: number;
    /** d_w1, d_w2, …: the batch's mean gradients, those that the rule used. */
    readonly gradients: readonly Matrix[];
    /** The same for the images explained: all of the batch, or the one. */
    readonly imageGradients: readonly Matrix[];
    /** The one image's trace, or null where the whole batch is explained. */
    readonly trace: Trace | null;
    readonly before: NetworkState;
    readonly after: NetworkState;
    /** The weight with the largest gradient of the images explained. */
    readonly largest: WeightName;
}

export interface WeightName {
    /** "w1", "w2", … */
    readonly matrix: string;
    readonly row: number;
    readonly column: number;
}

/** A line of the update rule for one weight: the ledger's Python, the same with numbers, its value in float64. */
export interface UpdateLine {
    readonly id: string;
    readonly python: string;
    readonly written: string;
    readonly value: number;
    /** What the engine has of it in float32, or null where it keeps no such number. */
    readonly stored: number | null;
}
/** What one image says about a weight: the slope of its neuron × the number that enters. */
export interface Product {
    readonly index: number;
    readonly label: number;
    readonly dZ: number;
    readonly entering: number;
    readonly product: number;
}
/** A central difference in float64: the mean loss with the weight `step` larger and smaller. */
export interface Difference {
    readonly step: number;
    readonly above: number;
    readonly below: number;
    readonly slope: number;
}
export interface WeightExplanation extends WeightName {
    /** [row, column] of the pixel, for weights of w1 that are no bias. */
    readonly pixel: readonly [number, number] | null;
    readonly update: number;
    readonly optimizer: Optimizer;
    readonly learningRate: number;
    readonly old: number;
    readonly new: number;
    readonly gradient: number;
    /** The gradient of the one image explained; null for the batch. */
    readonly imageGradient: number | null;
    readonly lines: readonly UpdateLine[];
    /** One for each image explained; the gradient is their mean. */
    readonly products: readonly Product[];
    readonly difference: Difference;
}

// ---- the doctor (src/glassnet/training/doctor.py, the same findings) ---------------------------------------------------

export type FindingKind = "diverged" | "saturated" | "rate_too_large" | "rate_too_small" | "overfitting";

/** What is wrong with a run; texts are in the language of the moment. */
export interface Finding {
    readonly kind: FindingKind;
    readonly title: string;
    readonly evidence: string;
    readonly remedy: string;
    /** Where it began, or null. */
    readonly update: number | null;
    /** The settings with the first remedy in them, to be run beside this run. */
    readonly settings: Settings | null;
}

// ---- what the worker can do ---------------------------------------------------------------------------------------

export interface Engine {
    /** Load the core, the model and the test set; `progress` gets shares from 0 to 1. Once. */
    open(sources: Sources, progress?: (share: number) => void): Opened | Promise<Opened>;
    /** Add training and validation images. */
    add(more: More): readonly SetInfo[];
    useLanguage(language: Language): void;

    // data
    sets(): readonly SetInfo[];
    /** Every image of a set at once (n, 784), for a wall that scrolls: the page keeps it. */
    wholeSet(set: SetName): LabeledImages;
    images(set: SetName, indices: ArrayLike<number>): LabeledImages;
    /** (10, 784) bytes: the mean image of each label, rounded. */
    meanDigits(set: SetName): Uint8Array;
    /** The numbers of the images that the filter lets through, rising. */
    find(set: SetName, filter: Filter): Promise<Uint32Array>;
    /** Ink (height · width,) bytes of any size as MNIST shows it: (784,); null without ink. */
    frame(ink: Uint8Array, height: number, width: number): Uint8Array | null;
    /** The training digits nearest to an image, or validation's where there are no others; nearest first. */
    nearest(image: Uint8Array, count: number): Promise<readonly Neighbor[]>;

    // the current model
    model(): ModelState;
    /** Read a safetensors file; refuses what is no glassnet model of 784 inputs and 10 outputs. Can be undone. */
    load(bytes: Uint8Array, name: string): ModelState;
    /** The current model as a safetensors file, as Python writes it. */
    save(): Uint8Array;
    /** The network of a seed becomes the model. Can be undone. */
    initial(shape: NetworkShape, seed: string): ModelState;
    /** A run's network becomes the model. Can be undone. */
    adopt(at: { readonly run: number; readonly update: number }): ModelState;
    edit(edit: Edit): ModelState;
    undo(): ModelState;
    redo(): ModelState;

    /** Any network that is meant. */
    network(at: NetworkRef): NetworkState;
    /** Every step of one image, (784,) bytes. */
    trace(image: Uint8Array, options?: TraceOptions): Trace;
    /** Ink of any size, framed, and the trace of that: one answer for a stroke that is being drawn. Null without ink. */
    traceInk(ink: Uint8Array, height: number, width: number, options?: TraceOptions): { readonly x: Uint8Array; readonly trace: Trace } | null;
    evaluate(set: SetName, at?: NetworkRef, progress?: (share: number) => void): Promise<Evaluation>;

    // training
    /** Python's recipes by name. */
    recipes(): Readonly<Record<string, Recipe>>;
    /** Make a run, paused at update 0. */
    start(settings: Settings): RunInfo;
    runs(): readonly RunInfo[];
    /** Go on; reports reach the listener. Resolves when the run pauses, ends or has got where it should. */
    go(run: number, go: Go): Promise<RunInfo>;
    pause(run: number): RunInfo;
    /** Another pace for a run that goes: updates a second, or null for full speed. */
    pace(run: number, pace: number | null): void;
    /** Forget a run. */
    discard(run: number): void;
    /** Who is told how runs grow; wrap it in Comlink's `proxy`. */
    listen(listener: ((report: Report) => void | Promise<void>) | null): void;
    history(run: number): History;
    /** The network exactly as after `update`, from 0 to the run's last. */
    at(run: number, update: number): Moment;
    explain(run: number, update: number, image?: number | null): Explanation;
    explainWeight(run: number, update: number, image: number | null, weight: WeightName): WeightExplanation;
    /** What the doctor says now; with `trial` he tries other rates for a few updates first. */
    diagnose(run: number, trial?: boolean): readonly Finding[];
}
