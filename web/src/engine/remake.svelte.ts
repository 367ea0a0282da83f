// Makes again what a link says was trained: its runs, as far as each had got, and the model that was taken from one.
import { tell } from "../frame/messages.svelte.ts";
import { readRun, textsOf } from "../state/runs.ts";
import { studio } from "../state/studio.svelte.ts";
import { frameWords as w } from "../words/frame.ts";
import { say } from "../words/say.svelte.ts";
import { engine } from "./engine.ts";
import { awaitedModel, changed, session } from "./session.svelte.ts";
import { begin, go, training } from "./training.svelte.ts";

let busy = $state(false);
let followed = $state(false);

/** Train what the link names and the page has not. Several calls at once are one. */
export async function remake(): Promise<void> {
    if (busy) return;
    busy = true;
    const refused = new Set<string>();
    for (let text = missing(refused); text !== undefined; text = missing(refused)) {
        const { key, settings, from, to } = readRun(text)!;
        if (from !== null && from !== session.model?.fingerprint) tell(say(w.otherModel, { fingerprint: from }), "problem");
        else {
            const info = trackOf(key)?.info ?? (await begin(settings));
            if (info && info.update < to) await go(info.run, { until: { updates: to - info.update }, pace: null });
        }
        refused.add(text); // once is enough, whatever became of it
        if (text === awaitedModel()?.made) await adopt(text);
    }
    [busy, followed] = [false, true];
}

/** Let the link say the runs that there are, once those it said itself have been made. */
export function sayRuns(): void {
    if (busy || !followed) return;
    const texts = textsOf(training.tracks.map(({ info }) => info));
    if (texts.join() !== studio.runs.join()) studio.runs = texts;
}

const trackOf = (key: string) => training.tracks.find(({ key: own }) => own === key);

function missing(refused: ReadonlySet<string>): string | undefined {
    const made = awaitedModel()?.made;
    return [...studio.runs, ...(made ? [made] : [])].find((text) => {
        const { key, to } = readRun(text)!;
        return !refused.has(text) && (text === made || !((trackOf(key)?.info.update ?? -1) >= to));
    });
}

async function adopt(text: string): Promise<void> {
    const { key, to } = readRun(text)!, info = trackOf(key)?.info;
    if (!info || info.update < to) return;
    const at = { run: info.run, update: to }, { fingerprint } = await engine().network(at), wanted = awaitedModel();
    if (fingerprint === wanted?.model) await changed(() => engine().adopt(at), text);
    else if (wanted) tell(say(w.otherModel, { fingerprint: wanted.model }), "problem");
}
