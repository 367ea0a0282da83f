// The training runs as the page knows them: what the engine's reports have told, the moment that is looked at, and slow
// motion, in which the page makes one update at a time. It draws nothing and learns nothing.
import { proxy } from "comlink";
import { untrack } from "svelte";
import { tellProblem } from "../frame/messages.svelte.ts";
import type {
    Epoch, Explanation, Finding, Glimpse, Go, Matrix, Moment, Report, RunInfo, Settings, Trace, WeightExplanation, WeightName,
} from "../worker/protocol.ts";
import { FIELDS } from "../rooms/train/settings.ts";
import { keyOf } from "../state/runs.ts";
import { engine } from "./engine.ts";

export interface Track {
    readonly info: RunInfo;
    /** What the run is, as a link says it; no two tracks have the same. */
    readonly key: string;
    /** Room for every update; the first `info.update` are there. */
    readonly losses: Float32Array;
    readonly epochs: readonly Epoch[];
    readonly glimpses: readonly Glimpse[];
    readonly w1: Matrix | null;
    readonly findings: readonly Finding[];
    readonly speed: number;
}

export const PHASES = ["forward", "loss", "backward", "update"] as const;
export type Phase = (typeof PHASES)[number];
export const MILLISECONDS_A_PHASE = 1250; // each part of an update, in slow motion

/** What is known of the moment that is looked at: all of it together. */
export interface Look {
    readonly run: number;
    readonly update: number;
    readonly moment: Moment;
    /** The pinned digit's way through it; null without ink. */
    readonly trace: Trace | null;
    /** The update that led here; null at update 0. */
    readonly explanation: Explanation | null;
    readonly weight: WeightExplanation | null;
}
export interface Wanted {
    readonly run: number;
    readonly update: number;
    readonly image: number | null;
    readonly weight: WeightName | null;
    readonly x: Uint8Array | null;
    readonly label: number | null;
}

let tracks: readonly Track[] = $state.raw([]);
let look: Look | null = $state.raw(null);
let live: Trace | null = $state.raw(null);
let phase: Phase | null = $state(null);
let slow: number | null = $state(null); // the run that goes in slow motion
let listening = false;
let beginning = $state(false);

export const training = {
    /** Oldest first. */
    get tracks() {
        return tracks;
    },
    get look() {
        return look;
    },
    /** The pinned digit through the network of the moment, while a run goes. */
    get live() {
        return live;
    },
    /** The part of an update that slow motion shows. */
    get phase() {
        return phase;
    },
    get slow() {
        return slow;
    },
    /** A run is being made: of a large network that takes seconds. */
    get beginning() {
        return beginning;
    },
};

function take(report: Report): void {
    const { firstLoss, losses, epochs, glimpses, w1, findings, speed, ...info } = report;
    tracks = tracks.map((track) => {
        if (track.info.run !== info.run) return track;
        track.losses.set(losses, firstLoss);
        return {
            info, speed,
            key: track.key,
            losses: track.losses,
            epochs: later(track.epochs, epochs),
            glimpses: later(track.glimpses, glimpses),
            w1: w1 ?? track.w1,
            findings: findings ?? track.findings,
        };
    });
}

/** What is known, and what is new: a first report tells the beginning again. */
function later<T extends { readonly update: number }>(known: readonly T[], told: readonly T[]): readonly T[] {
    const last = known.at(-1)?.update ?? -1;
    return [...known, ...told.filter(({ update }) => update > last)];
}

/** Make a run, paused at update 0; null when it is refused, which is told. */
export async function begin(settings: Settings): Promise<RunInfo | null> {
    beginning = true;
    try {
        if (!listening) await engine().listen(proxy(take));
        listening = true;
        const info = await engine().start(settings);
        const { losses, epochs, glimpses } = await engine().history(info.run);
        const { weights } = await engine().network({ run: info.run, update: 0 });
        const room = new Float32Array(info.updates);
        room.set(losses);
        const key = keyOf(info), same = tracks.find((track) => track.key === key);
        tracks = [...tracks, { info, key, losses: room, epochs, glimpses, w1: weights[0] ?? null, findings: [], speed: 0 }];
        if (same) await discard(same.info.run); // it would be the same again, to the last bit
        return info;
    } catch (error) {
        tellProblem(error, FIELDS);
        return null;
    } finally {
        beginning = false;
    }
}

/** Let a run go on; resolves when it pauses, ends, or has got where it should. */
export async function go(run: number, how: Go): Promise<void> {
    if (slow !== run) phase = null;
    const running = engine().go(run, how);
    tracks = tracks.map((track) => (track.info.run === run ? { ...track, info: { ...track.info, status: "running" } } : track));
    try {
        put(await running);
    } catch (error) {
        tellProblem(error);
    }
}

export async function pause(run: number): Promise<void> {
    if (slow === run) slow = null;
    put(await engine().pause(run));
}

export async function discard(run: number): Promise<void> {
    await pause(run);
    await engine().discard(run);
    tracks = tracks.filter((track) => track.info.run !== run);
    if (look?.run === run) look = null;
}

function put(info: RunInfo): void {
    tracks = tracks.map((track) => (track.info.run === info.run ? { ...track, info } : track));
}

/** Show one update after the other, each part for itself, until `pause`. */
export async function slowMotion(run: number): Promise<void> {
    slow = run;
    let ended = false;
    while (slow === run) {
        await go(run, { until: { updates: 1 }, pace: null });
        await seen(run);
        for (const part of PHASES) {
            if (slow !== run) break;
            phase = part;
            await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_A_PHASE));
        }
        const track = tracks.find(({ info }) => info.run === run);
        if (!track || track.info.status === "finished" || track.info.status === "diverged") [slow, ended] = [null, true];
    }
    if (ended) phase = null; // a pause keeps what one pauses for
}

/** Wait until the update that was made last is looked at, one image of it: a second at most. */
async function seen(run: number): Promise<void> {
    const update = tracks.find(({ info }) => info.run === run)?.info.update;
    for (let turn = 0; turn < 60 && slow === run; turn++) {
        if (look?.run === run && look.update === update && look.explanation?.trace) return;
        await new Promise((resolve) => setTimeout(resolve, 16));
    }
}

/** Ask the doctor, who may try other rates for a few updates. */
export async function examine(run: number, trial: boolean): Promise<void> {
    try {
        const findings = await engine().diagnose(run, trial);
        tracks = tracks.map((track) => (track.info.run === run ? { ...track, findings } : track));
    } catch (error) {
        tellProblem(error);
    }
}

let wanted: Wanted | null = null;
let asking = false;

/** Look at a moment; of several wishes in a row only the last is fulfilled. */
export async function lookAt(wish: Wanted): Promise<void> {
    wanted = wish;
    if (asking) return;
    asking = true;
    while (wanted) {
        const asked: Wanted = wanted;
        wanted = null;
        try {
            look = await found(asked);
        } catch (error) {
            if (untrack(() => tracks).some(({ info }) => info.run === asked.run)) tellProblem(error);
        }
    }
    asking = false;
}

async function found({ run, update, image, weight, x, label }: Wanted): Promise<Look> {
    const moment = await engine().at(run, update);
    const trace = x && (await engine().trace(x, { label, at: { run, update } }));
    if (update === 0) return { run, update, moment, trace, explanation: null, weight: null };
    const explanation = await engine().explain(run, update, image);
    const named = weight && fits(weight, moment.weights) ? weight : explanation.largest;
    return { run, update, moment, trace, explanation, weight: await engine().explainWeight(run, update, image, named) };
}

/** Whether there is such a weight. */
export function fits({ matrix, row, column }: WeightName, weights: readonly Matrix[]): boolean {
    const found = weights[Number(matrix.slice(1)) - 1];
    return found !== undefined && row < found.rows && column < found.columns;
}

let following = false;

/** Follow the pinned digit through a run that goes: at most one question at a time. */
export async function follow(run: number, x: Uint8Array, label: number | null): Promise<void> {
    if (following) return;
    following = true;
    try {
        live = await engine().trace(x, { label, at: { run, update: "now" } });
    } catch {
        live = null; // the run was forgotten meanwhile, or its weights are no numbers any more; its status says so
    } finally {
        following = false;
    }
}
