// What the engine has answered so far: the sets, the model, the image x and its trace. Rooms read it; it draws nothing.
//
// x follows the state's picture, the trace follows x and the model; of several questions in a row only the last is asked.
import type { Edit, ModelState, SetInfo, SetName, Trace } from "../worker/protocol.ts";
import { SIDE, inkOf } from "../drawing/ink.ts";
import type { Picture } from "../state/picture.ts";
import { studio } from "../state/studio.svelte.ts";
import { frameWords as w } from "../words/frame.ts";
import { say } from "../words/say.svelte.ts";
import { addTraining, canTrain, engine, openEngine } from "./engine.ts";
import { tell, tellProblem } from "../frame/messages.svelte.ts";
import { Past, textOf, type Named } from "./past.ts";
import { NotServed } from "./sources.ts";

/** Where opening has got to. */
let status: "opening" | "ready" | "failed" = $state("opening");
let reason = $state("");
let sets: readonly SetInfo[] = $state.raw([]);
let coming: number | null = $state(null);
let model: ModelState | null = $state.raw(null);
let answer: Answer = $state.raw({ picture: null, x: null, ink: null, label: null, trace: null });

interface Answer {
    readonly picture: Picture | null;
    readonly x: Uint8Array | null;
    readonly ink: Uint8Array | null;
    readonly label: number | null;
    readonly trace: Trace | null;
}

export const session = {
    get status() {
        return status;
    },
    /** Why the page could not start. */
    get reason() {
        return reason;
    },
    get sets() {
        return sets;
    },
    /** The share of the training data that has come; null before and after. */
    get coming() {
        return coming;
    },
    get model() {
        return model;
    },
    /** The picture that x is of: the state's, once it has been answered. */
    get picture() {
        return answer.picture;
    },
    /** (784,) bytes: what the network receives; null where there is no ink. */
    get x() {
        return answer.x;
    },
    /** What was drawn, `SIDE` × `SIDE` bytes; null for an image of a set or a file. */
    get ink() {
        return answer.ink;
    },
    /** The digit that x shows, where that is known. */
    get label() {
        return answer.label;
    },
    /** Every step of x through the model; null without ink. It came with x, `ink` and `label` together. */
    get trace() {
        return answer.trace;
    },
};

/** The number of images of a set that are here: 0 while it has not come. */
export function countOf(set: SetName): number {
    return sets.find((info) => info.name === set)?.count ?? 0;
}

/** Open the engine, then bring the training images; never raises. */
export async function open(): Promise<void> {
    try {
        const opened = await openEngine();
        await engine().useLanguage(studio.lang);
        sets = opened.sets;
        [model, packaged] = [opened.model, opened.model.fingerprint];
        await followModel();
        status = "ready";
    } catch (error) {
        reason = error instanceof NotServed ? say(w.notServed, { name: error.source, status: error.status }) : messageOf(error);
        status = "failed";
        return;
    }
    await recompute();
    await painted();
    try {
        coming = 0;
        sets = (await addTraining((share) => (coming = share))) ?? sets;
    } catch (error) {
        tell(() => say(w.noTraining, { reason: messageOf(error) }), "problem");
    } finally {
        coming = null;
    }
}

/** Resolve once the first picture is on the screen: 47 MB that come at the same time would keep it waiting. */
const painted = () => new Promise<void>((resolve) => {
    setTimeout(resolve, 500); // a page that nobody sees paints nothing
    requestAnimationFrame(() => setTimeout(resolve));
});

function messageOf(error: unknown): string {
    return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

// ---- the model, and what the link says of it ------------------------------------------------------------------------

let packaged = "";
const past = new Past({ model: "", made: "", edits: [] });
/** The model of the last link that was followed, until its file is opened. */
let awaited: Named | null = null;

function sayModel(): void {
    [studio.model, studio.made, studio.edits] = [past.now.model, past.now.made, past.now.edits];
}

async function carryOut(edits: readonly Edit[]): Promise<void> {
    for (const edit of edits) {
        model = await engine().edit(edit);
        past.edited(edit);
    }
}

let following = false;

/** What the link says of the model. */
function said(): Named {
    const { model: name, made, edits } = $state.snapshot({ model: studio.model, made: studio.made, edits: studio.edits }) as Named;
    return { model: name === packaged ? "" : name, made, edits };
}

/** The model, and where it came from; there has to be one. */
export const knownModel = () => ({ model: model!, packaged, made: past.now.made, edits: past.now.edits });

/** Fingerprint of the model as it was before its changes. */
export const unchanged = () => past.now.model || packaged;

/** Become the model that the link says, after it was changed by hand: by undo, redo and the link's own changes. */
export async function followModel(): Promise<void> {
    const named = said();
    const asked = awaited !== null && textOf(awaited) === textOf(named); // and told already
    if (following || asked || textOf(named) === textOf(past.now)) return;
    following = true;
    awaited = null;
    try {
        const way = past.wayTo(named);
        if (way) {
            for (let k = 0; k < Math.abs(way.back); k++) {
                model = await (way.back > 0 ? engine().undo() : engine().redo());
                way.back > 0 ? past.back() : past.forth();
            }
            await carryOut(way.edits);
        } else {
            awaited = named;
            if (named.made && canTrain()) tell(() => say(w.modelMade));
            else tell(() => say(w.otherModel, { fingerprint: named.model }), "problem");
        }
    } catch (error) {
        tellProblem(error);
    }
    following = false;
    if (textOf(said()) === textOf(named)) {
        if (!awaited) sayModel(); // a link goes on naming the model that it waits for
    } else await followModel(); // another link in the meantime
}

/** A call that gives a new model; a refusal is told, and nothing has changed. Return whether it was done. */
async function done(call: () => Promise<ModelState>, then: (model: ModelState) => void): Promise<boolean> {
    try {
        model = await call();
        then(model);
        sayModel();
        return true;
    } catch (error) {
        tellProblem(error);
        return false;
    }
}

/** Change the model; the link says it from now on. */
export const edit = (change: Edit) => done(() => engine().edit(change), () => past.edited(change));
export const undo = () => done(() => engine().undo(), () => past.back());
export const redo = () => done(() => engine().redo(), () => past.forth());

/** The model that a link asks for and that is not here yet. */
export const awaitedModel = (): Named | null => awaited;

/** Another model: a file's, or a run's (`made`). The one that the link asked for is changed as the link says. */
export async function changed(call: () => Promise<ModelState>, made = ""): Promise<boolean> {
    const good = await done(call, ({ fingerprint }) => past.add({ model: fingerprint === packaged ? "" : fingerprint, made, edits: [] }));
    if (good && awaited && awaited.model === past.now.model) {
        const { edits } = awaited;
        awaited = null;
        await carryOut(edits).catch(tellProblem);
        sayModel();
    }
    return good;
}

// ---- x and its trace -----------------------------------------------------------------------------------------------

let asking = false;
let again = false;

/** Ask for x and its trace anew, at once or when the question before has been answered. */
export async function recompute(): Promise<void> {
    if (asking) {
        again = true;
        return;
    }
    asking = true;
    do {
        again = false;
        try {
            const found = await answered(studio.picture, studio.raw, studio.label < 0 ? null : studio.label);
            if (found) answer = found;
        } catch (error) {
            tellProblem(error);
        }
    } while (again);
    asking = false;
}

async function answered(picture: Picture, raw: boolean, meant: number | null): Promise<Answer | null> {
    if (picture.kind === "drawn") {
        const ink = inkOf(picture.strokes);
        const found = raw ? await traced(reduced(ink), meant) : await engine().traceInk(ink, SIDE, SIDE, { label: meant });
        return { picture, x: found?.x ?? null, ink, label: meant, trace: found?.trace ?? null };
    }
    let x: Uint8Array, label = meant;
    if (picture.kind === "pixels") x = picture.pixels;
    else {
        if (picture.index >= countOf(picture.set)) return null; // not here yet, or never: the image before stays
        const found = await engine().images(picture.set, [picture.index]);
        [x, label] = [found.images, found.labels[0] ?? null];
    }
    return { picture, ...(await traced(x, label))!, ink: null, label };
}

const traced = async (x: Uint8Array | null, label: number | null) => x && { x, trace: await engine().trace(x, { label }) };

/** The drawing shrunk to 28 × 28 as it stands: the mean of each square. Null without ink. */
function reduced(ink: Uint8Array): Uint8Array | null {
    if (!ink.some((value) => value > 0)) return null;
    const step = SIDE / 28;
    return Uint8Array.from({ length: 784 }, (_, place) => {
        const top = Math.floor(place / 28) * step, left = (place % 28) * step;
        let sum = 0;
        for (let row = top; row < top + step; row++) for (let column = left; column < left + step; column++) sum += ink[row * SIDE + column]!;
        return Math.round(sum / step ** 2);
    });
}
