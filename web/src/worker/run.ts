// One training run: its state, its history, its snapshots, and the state after any earlier update. It tells nobody.
//
// A run is an address: the same settings give the same weights after every update, in Python too. Snapshots lie a few
// hundred updates apart; what lies between them is learned again from the one before, and nothing is approximated.
import type { Architecture } from "../core/architecture.ts";
import { checkSeed, checkWhole } from "../core/check.ts";
import type { Core } from "../core/core.ts";
import { OutOfRangeError } from "../core/errors.ts";
import { start, type Distortion, type Rule, type State } from "../core/rule.ts";
import { Trainer } from "../core/trainer.ts";
import { say } from "../core/words.ts";
import type { Epoch, Glimpse, RunStatus, Settings } from "./protocol.ts";
import { digitsArchitecture } from "./modelfile.ts";
import { distortionIn, ruleOf, updatesPerEpoch } from "./recipe.ts";
import { score } from "./score.ts";
import type { Sets } from "./sets.ts";
import { fingerprintOf } from "./state.ts";

const SAMPLE = 5_000; // training images that are scored beside the validation images
const GLIMPSE = 1_000; // images of either set, in between
const PARTS = 10; // of an epoch; after each there is a glimpse and may be a snapshot
const SNAPSHOT_BYTES = 2 ** 26;
const KEPT_BYTES = 2 ** 24; // of states that were asked for lately
const APART = 12_000; // images between snapshots: soon learned again
const NEIGHBORS = 8; // states before the one that is asked for, kept too: going back is as quick as going on

/** A trainer with what it does to the images. */
interface Suited {
    readonly trainer: Trainer;
    readonly distortion: Distortion | null;
}

export class Run {
    readonly architecture: Architecture;
    readonly rule: Rule;
    readonly seed: bigint;
    /** Training images, and updates in an epoch. */
    readonly images: number;
    readonly perEpoch: number;
    readonly initial: State;
    readonly epochs: Epoch[] = [];
    readonly glimpses: Glimpse[] = [];
    status: RunStatus = "paused";
    diverged: number | null = null;
    private readonly lost: Float32Array;
    private suited: Suited;
    private replayer: Suited | null = null;
    private made = 0;
    private readonly part: number;
    private readonly snapshots = new Map<number, State>();
    private readonly kept = new Map<number, State>();
    private visited: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array(0) };
    private readonly core: Core;
    private readonly sets: Sets;
    readonly settings: Settings;

    /** Raises `InputError` for settings that cannot be. `weights` (P,): what training starts with, else the seed's. */
    constructor(core: Core, sets: Sets, settings: Settings, weights: Float32Array | null) {
        [this.core, this.sets, this.settings] = [core, sets, settings];
        this.architecture = digitsArchitecture(settings);
        const most = sets.get("train").labels.length;
        this.images = checkWhole("images", settings.images ?? most, 1, most);
        this.rule = ruleOf(settings.recipe, this.images);
        this.perEpoch = updatesPerEpoch(settings.recipe, this.images);
        this.seed = checkSeed(settings.seed);
        this.part = Math.ceil(this.perEpoch / PARTS);
        this.initial = start(this.rule, weights ?? core.initialWeights(this.architecture, this.seed));
        this.lost = new Float32Array(this.rule.updates);
        this.snapshots.set(0, this.initial);
        this.suited = this.suitedAt(this.initial, 0);
        this.glimpse(this.initial.weights);
    }

    get update(): number {
        return this.made;
    }
    get updates(): number {
        return this.rule.updates;
    }
    /** (updates made,): the mean loss of each batch before its update. A view. */
    get losses(): Float32Array {
        return this.lost.subarray(0, this.made);
    }
    get start(): string {
        return fingerprintOf(this.initial.weights);
    }
    get ended(): boolean {
        return this.diverged !== null || this.made === this.updates;
    }

    /** Make `count` updates, or fewer: up to the next part's end, or until a loss is no number. Return how many. */
    learn(count: number): number {
        if (this.ended) return 0;
        const within = this.made % this.perEpoch, epoch = Math.floor(this.made / this.perEpoch);
        const end = Math.min((Math.floor(within / this.part) + 1) * this.part, this.perEpoch);
        const goal = Math.min(count, end - within);
        const size = this.settings.recipe.batchSize;
        const visits = this.orderOf(epoch).subarray(within * size, (within + goal) * size);
        this.suited = this.suitedTo(this.suited, epoch);
        const losses = this.trainer.run(visits, { seed: this.seed });
        this.lost.set(losses, this.made);
        this.made += losses.length;
        const ends = this.made % this.perEpoch === 0;
        if (!Number.isFinite(losses.at(-1)!) || (ends && !this.trainer.weights.every(Number.isFinite))) {
            this.diverged = this.made;
            this.status = "diverged";
        } else if (ends || (this.made % this.perEpoch) % this.part === 0) this.endOfPart(ends);
        if (this.status === "running" && this.ended) this.status = "finished";
        return losses.length;
    }

    /** The weights as they are now: a copy. */
    get weights(): Float32Array {
        return this.trainer.weights;
    }

    /** Measure in between; a second time at the same update changes nothing. */
    glimpse(weights = this.trainer.weights): void {
        if (this.glimpses.at(-1)?.update === this.made || !weights.every(Number.isFinite)) return;
        const train = score(this.core, this.architecture, weights, this.sets.get("train"), Math.min(GLIMPSE, this.images));
        const others = this.sets.has("validation") ? this.sets.get("validation") : null;
        const validation = others && score(this.core, this.architecture, weights, others, GLIMPSE);
        this.glimpses.push({
            update: this.made,
            trainLoss: train.loss,
            trainAccuracy: train.accuracy,
            validationLoss: validation?.loss ?? null,
            validationAccuracy: validation?.accuracy ?? null,
        });
    }

    private endOfPart(ends: boolean): void {
        const state = this.trainer.state;
        this.keepSnapshot(state);
        this.glimpse(state.weights);
        const epoch = this.made / this.perEpoch, { epochs, evaluateEvery } = this.settings.recipe;
        if (!ends || (epoch !== epochs && !(evaluateEvery && epoch % evaluateEvery === 0))) return;
        const weights = state.average ?? state.weights;
        const validation = this.sets.has("validation") ? this.sets.get("validation") : null;
        this.epochs.push({
            epoch,
            update: this.made,
            train: score(this.core, this.architecture, weights, this.sets.get("train"), Math.min(SAMPLE, this.images)),
            validation: validation && score(this.core, this.architecture, weights, validation, Infinity),
        });
    }

    /** Keep states `APART` images apart as long as they fit, else ever fewer. */
    private keepSnapshot(state: State): void {
        this.snapshots.set(state.update, state);
        const bytes = state.weights.byteLength * (1 + state.memory.length + Number(state.average !== null));
        let apart = Math.max(1, Math.floor(APART / (this.part * this.settings.recipe.batchSize))) * this.part;
        while (apart < this.updates && ((state.update / apart) * bytes) > SNAPSHOT_BYTES) apart *= 2;
        let last = 0;
        for (const update of [...this.snapshots.keys()].sort((one, other) => one - other)) {
            if (update === 0 || update === state.update) continue;
            if (update - last < apart) this.snapshots.delete(update);
            else last = update;
        }
    }

    // ---- back and forth ---------------------------------------------------------------------------------------------

    /** Return the state after `update`, exactly. Raises `OutOfRangeError` for one that has not been made. */
    stateAt(update: number): State {
        this.checkMade(update, 0);
        if (update === this.made) return this.trainer.state;
        const known = this.kept.get(update) ?? this.snapshots.get(update);
        if (known) return known;
        let from = this.initial;
        for (const states of [this.snapshots, this.kept])
            for (const state of states.values()) if (state.update < update && state.update > from.update) from = state;
        this.replayer ??= this.suitedAt(from, 0);
        this.replayer.trainer.state = from;
        const near = Math.max(from.update, update - NEIGHBORS + 1);
        for (let at = from.update; at < update; ) {
            const epoch = Math.floor(at / this.perEpoch), within = at % this.perEpoch;
            const goal = Math.min(at < near ? near : at + 1, (epoch + 1) * this.perEpoch);
            const size = this.settings.recipe.batchSize;
            const visits = this.orderOf(epoch).subarray(within * size, (within + goal - at) * size);
            this.replayer = this.suitedTo(this.replayer, epoch);
            this.replayer.trainer.run(visits, { seed: this.seed });
            at = goal;
            if (at >= near) this.keep(this.replayer.trainer.state);
        }
        return this.kept.get(update)!;
    }

    checkMade(update: number, lowest: number): void {
        if (Number.isInteger(update) && update >= lowest && update <= this.made) return;
        throw new OutOfRangeError(say("update"), {
            expected: say("a whole number from {low} to {high:,}", { low: lowest, high: this.made }),
            found: String(update),
            ...(!this.ended && { advice: say("the run has not gone farther") }),
        });
    }

    /** The images of update `update` (from 1), in the order in which it visits them. */
    batchOf(update: number): { epoch: number; batch: number; indices: Uint32Array } {
        const epoch = Math.floor((update - 1) / this.perEpoch), batch = (update - 1) % this.perEpoch;
        const size = this.settings.recipe.batchSize;
        return { epoch, batch, indices: this.orderOf(epoch).slice(batch * size, (batch + 1) * size) };
    }

    /** Give the core's memory back. */
    free(): void {
        this.trainer.free();
        this.replayer?.trainer.free();
    }

    private get trainer(): Trainer {
        return this.suited.trainer;
    }

    private suitedAt(state: State, epoch: number): Suited {
        const { core, architecture, rule, sets } = this, distortion = distortionIn(this.settings.recipe, epoch);
        return { trainer: new Trainer(core, architecture, rule, sets.training(core), state, distortion), distortion };
    }

    /** Return `known` if it distorts as `epoch` wants it, else one that goes on from its state; `known` is given back. */
    private suitedTo(known: Suited, epoch: number): Suited {
        if (known.distortion === distortionIn(this.settings.recipe, epoch)) return known;
        const { state } = known.trainer;
        known.trainer.free();
        return this.suitedAt(state, epoch);
    }

    private orderOf(epoch: number): Uint32Array {
        if (this.visited.epoch !== epoch) this.visited = { epoch, order: this.core.order(this.seed, epoch, this.images) };
        return this.visited.order;
    }

    private keep(state: State): void {
        this.kept.set(state.update, state);
        const bytes = state.weights.byteLength * (1 + state.memory.length + Number(state.average !== null));
        for (const oldest of this.kept.keys()) {
            if (this.kept.size <= Math.max(2, Math.floor(KEPT_BYTES / bytes))) break;
            this.kept.delete(oldest);
        }
    }
}
