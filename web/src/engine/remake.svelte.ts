// Makes again what a link says was trained: its runs, as far as each had got, and the model that was taken from one.
import { tell, tellProblem } from "../frame/messages.svelte.ts";
import { readRun, textsOf, type LinkedRun } from "../state/runs.ts";
import { studio } from "../state/studio.svelte.ts";
import { frameWords as w } from "../words/frame.ts";
import { say } from "../words/say.svelte.ts";
import { engine } from "./engine.ts";
import { awaitedModel, changed, session } from "./session.svelte.ts";
import { begin, discard, go, training } from "./training.svelte.ts";

let busy = $state(false);
let followed = $state(false);

/** Train what the link names and the page has not. Several calls at once are one. */
export async function remake(): Promise<void> {
    if (busy) return;
    busy = true;
    const tried = new Set<string>();
    try {
        for (let text = missing(tried); text !== undefined; text = missing(tried)) {
            tried.add(text); // once is enough, whatever becomes of it
            await make(readRun(text)!);
            if (text === awaitedModel()?.made) await adopt(readRun(text)!, text);
        }
    } catch (error) {
        tellProblem(error);
    }
    [busy, followed] = [false, true];
}

async function make({ key, settings, from, to }: LinkedRun): Promise<void> {
    if (!trackOf(key) && !canBegin(from)) return tell(() => say(w.otherStart, { fingerprint: from! }), "problem");
    const info = trackOf(key)?.info ?? (await begin(settings));
    if (info && info.update < to) await go(info.run, { until: { updates: to - info.update }, pace: null });
}

const canBegin = (from: string | null) => from === null || from === session.model?.fingerprint;

/** Let the link say the runs that there are, once those it said itself have been made. */
export function sayRuns(): void {
    if (busy || !followed) return;
    const texts = textsOf(training.tracks.map(({ info }) => info));
    if (texts.join() !== studio.runs.join()) studio.runs = texts;
}

const trackOf = (key: string) => training.tracks.find(({ key: own }) => own === key);

/** What comes next: the first run that is not there; before one that begins with the model, the model. */
function missing(tried: ReadonlySet<string>): string | undefined {
    const made = awaitedModel()?.made;
    const next = studio.runs.find((text) => {
        const { key, to } = readRun(text)!, there = trackOf(key)?.info.update ?? -1;
        return !tried.has(text) && there < to;
    });
    const blocked = next === undefined || !canBegin(readRun(next)!.from);
    return made && !tried.has(made) && blocked ? made : next;
}

/** Take the model from its run; a run that the link does not name was made for that alone, and goes again. */
async function adopt({ key, to }: LinkedRun, text: string): Promise<void> {
    const info = trackOf(key)?.info;
    if (!info || info.update < to) return;
    const at = { run: info.run, update: to }, { fingerprint } = await engine().network(at), wanted = awaitedModel();
    if (fingerprint === wanted?.model) await changed(() => engine().adopt(at), text);
    else if (wanted) tell(() => say(w.otherModel, { fingerprint: wanted.model }), "problem");
    if (studio.runs.length > 0 && studio.runs.every((run) => readRun(run)!.key !== key)) await discard(info.run);
}
