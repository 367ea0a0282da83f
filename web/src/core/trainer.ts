// Updates: weights and what the rule remembers, in the core's memory, changed batch by batch. It draws no curves.
import type { Architecture } from "./architecture.ts";
import { checkArray, checkOrder, checkSeed, checkWhole } from "./check.ts";
import { checkSquare, type Core } from "./core.ts";
import { GlassnetError, InputError, ShapeError } from "./errors.ts";
import type { TrainingSet } from "./images.ts";
import { recipeNumbers, REMEMBERED, type Distortion, type Optimizer, type Rule, type State } from "./rule.ts";
import { say } from "./words.ts";

// The core's vectors: weights; Adam's m or the gradient; v; the average. And the rule that only finds the gradient.
const WEIGHTS = 0, FIRST = 1, SECOND = 2, AVERAGE = 3;
const MEMORIES: Record<Optimizer, number[]> = { sgd: [], momentum: [SECOND], adam: [FIRST, SECOND] };
const GRADIENT = 3;

/** What fixes chance in a run: the distortion is drawn for (seed, update). */
export interface Moment {
    seed?: number | bigint;
}

/** Keeps a state in the core's memory, until `free` is called. */
export class Trainer {
    private readonly core: Core;
    private readonly total: number;
    private readonly rule: Rule;
    private readonly set: TrainingSet;
    private readonly size: number; // images of a full batch
    private place: number | null = null;
    private update = 0;

    /** Raises `ShapeError` or `InputError` where network, rule, images and labels do not fit each other. */
    constructor(
        core: Core, architecture: Architecture, rule: Rule, set: TrainingSet, state: State,
        distortion: Distortion | null = null, gradientOnly = false,
    ) {
        const { sizes, codes, pixels, outputs, weightCount } = architecture;
        const recipe = recipeNumbers(rule, distortion);
        if (gradientOnly) recipe[0] = GRADIENT;
        if (set.pixels !== pixels)
            throw new ShapeError("images", { expected: `uint8 (n, ${pixels})`, found: `uint8 (${set.count}, ${set.pixels})` });
        if (set.largest >= outputs) {
            const expected = say("numbers from 0 to {last}", { last: outputs - 1 });
            throw new InputError("labels", { expected, found: String(set.largest) });
        }
        if (distortion) checkSquare(pixels);
        [this.core, this.total, this.rule, this.set] = [core, weightCount, rule, set];
        this.size = Math.min(rule.batchSize, set.count);
        const layers = sizes.length - 1;
        this.place = core.memory.lend((places) => {
            const shape = places.put(Int32Array.from(sizes)), numbers = places.put(recipe);
            const { packed, labels } = set.places;
            const at = core.memory.take(core.call.job_bytes(packed, shape, layers, numbers));
            core.call.job(at, packed, labels, shape, layers, codes.hidden, codes.loss, numbers);
            return at;
        });
        try {
            this.state = state;
        } catch (error) {
            this.free();
            throw error;
        }
    }

    /** All that the next update depends on: a copy. */
    get state(): State {
        const { optimizer, average } = this.rule;
        return {
            update: this.update,
            weights: this.read(WEIGHTS),
            memory: MEMORIES[optimizer].map((which) => this.read(which)),
            average: average ? this.read(AVERAGE) : null,
        };
    }
    set state({ update, weights, memory, average }: State) {
        const { optimizer } = this.rule;
        const vectors = [weights, ...memory, ...(this.rule.average ? [average] : [])];
        if (memory.length !== REMEMBERED[optimizer]) {
            const expected = `${REMEMBERED[optimizer]} × float32 (${this.total},)`;
            throw new ShapeError("state", { expected, found: String(memory.length) });
        }
        const checked = vectors.map((vector) => checkArray("state", vector, "float32", this.total));
        this.update = checkWhole("update", update, 0, 2 ** 31 - 1);
        [WEIGHTS, ...MEMORIES[optimizer], AVERAGE].slice(0, checked.length).forEach((which, k) => {
            this.core.memory.lend((places) => this.core.call.write(this.at, which, places.put(checked[k]!)));
        });
    }

    /** The weights (P,) as they are now: a copy. */
    get weights(): Float32Array {
        return this.read(WEIGHTS);
    }

    /**
     * Do one update for every `rule.batchSize` images of `order` (m,), numbers of images: an epoch or, from a batch's
     * border on, a part of one. Return each batch's mean loss before its update: (batches,), or fewer, when a loss is
     * no finite number, which ends the run.
     */
    run(order: ArrayLike<number>, { seed = 0 }: Moment = {}): Float32Array {
        const places = checkOrder(order, this.set.count);
        const key = checkSeed(seed);
        const { call, memory } = this.core;
        return memory.lend((lent) => {
            const losses = lent.take(4 * Math.ceil(places.length / this.size));
            const done = call.run(this.at, lent.put(places), places.length, this.update, key, losses);
            this.update += done;
            return memory.float32(losses, done).slice();
        });
    }

    /** The gradient (P,) of the last batch, of a trainer that finds nothing else. */
    get gradient(): Float32Array {
        return this.read(FIRST);
    }

    /** Give the memory back; the trainer cannot be used any more. */
    free(): void {
        if (this.place !== null) this.core.memory.give(this.place);
        this.place = null;
    }

    /** Where the core finds it; what was given back is not touched any more. */
    private get at(): number {
        if (this.place === null) throw new GlassnetError("Trainer", { found: "free()" });
        void this.set.places;
        return this.place;
    }

    private read(which: number): Float32Array {
        const { call, memory } = this.core;
        return memory.lend((places) => {
            const at = places.take(4 * this.total);
            call.read(this.at, which, at);
            return memory.float32(at, this.total).slice();
        });
    }
}

/** Return the state and the losses after `run`, for a state that is left as it was. */
export function runUpdates(
    core: Core, architecture: Architecture, rule: Rule, state: State, set: TrainingSet, order: ArrayLike<number>,
    { distortion = null, ...moment }: Moment & { distortion?: Distortion | null } = {},
): { state: State; losses: Float32Array } {
    const trainer = new Trainer(core, architecture, rule, set, state, distortion);
    try {
        const losses = trainer.run(order, moment);
        return { state: trainer.state, losses };
    } finally {
        trainer.free();
    }
}

/** Return the mean loss of images `numbers` (m,) of the set, and its gradient (P,) at `weights` (P,). */
export function gradient(
    core: Core, architecture: Architecture, weights: Float32Array, set: TrainingSet, numbers: ArrayLike<number>,
): { loss: number; gradient: Float32Array } {
    const count = checkWhole("order", numbers.length, 1, set.count); // one batch
    const rule: Rule = {
        batchSize: count, optimizer: "sgd", learningRate: 1, momentum: 0,
        schedule: "constant", warmup: 0, updates: 1, average: 0,
    };
    const state: State = { update: 0, weights, memory: [], average: null };
    const trainer = new Trainer(core, architecture, rule, set, state, null, true);
    try {
        const loss = trainer.run(numbers)[0]!;
        return { loss, gradient: trainer.gradient };
    } finally {
        trainer.free();
    }
}
