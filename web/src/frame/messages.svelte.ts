// What the page has to tell: plain sentences in one place, problems until they are closed, news for some seconds.
import { isProblem } from "../engine/engine.ts";
import { frameWords as w } from "../words/frame.ts";
import { say } from "../words/say.svelte.ts";
import type { Words } from "../words/words.ts";

export interface Message {
    readonly id: number;
    /** In the language of the moment, also when that is switched. */
    readonly text: () => string;
    readonly kind: "news" | "problem";
}

let all: readonly Message[] = $state.raw([]);
let count = 0;
const MOST = 3;

export const messages = {
    get all() {
        return all;
    },
    close(id: number): void {
        all = all.filter((message) => message.id !== id);
    },
    /** What was wrong in one room is of no use in the next. */
    closeProblems(): void {
        all = all.filter(({ kind }) => kind !== "problem");
    },
};

export function tell(text: () => string, kind: Message["kind"] = "news"): void {
    const id = ++count;
    all = [...all.filter((message) => message.text() !== text()), { id, text, kind }].slice(-MOST);
    if (kind === "news") setTimeout(() => messages.close(id), 6000);
}

/**
 * Tell why something was refused; anything that is no refusal is a fault of ours, told as such. `names` are what the page
 * calls the engine's names.
 */
export function tellProblem(error: unknown, names: Words = {}): void {
    const name = isProblem(error) ? names[error.what] : undefined;
    if (isProblem(error) && error.kind !== "fault") tell(() => (name ? error.message.replace(error.what, say(name)) : error.message), "problem");
    else {
        const reason = typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
        tell(() => say(w.fault, { reason }), "problem");
        console.error(error);
    }
}
