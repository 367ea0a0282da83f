// The core's public list, sorted.
export { Architecture, HIDDEN, PAIRS, type ArchitectureOptions, type Hidden, type Loss, type Output } from "./architecture.ts";
export { Core } from "./core.ts";
export {
    FileFormatError, GlassnetError, InputError, OutOfRangeError, ShapeError, UnavailableError, type Details,
} from "./errors.ts";
export { TrainingSet } from "./images.ts";
export { Network, type Matrix } from "./network.ts";
export { OPTIMIZERS, SCHEDULES, start, type Distortion, type Optimizer, type Rule, type Schedule, type State } from "./rule.ts";
export { fingerprint, sha256 } from "./sha256.ts";
export { stepShapes, type StepShape } from "./steps.ts";
export { gradient, runUpdates, Trainer, type Moment } from "./trainer.ts";
export { useLanguage, type Language } from "./words.ts";
