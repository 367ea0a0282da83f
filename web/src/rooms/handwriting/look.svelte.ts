// The picture of this room and what has been said of it. It outlives the room, so that coming back finds it again.
import { studio } from "../../state/studio.svelte.ts";
import { exported } from "../../engine/sources.ts";
import { answerTo, Refused, type Answer } from "./answer.ts";
import { handwritingWords as w } from "./words.ts";
import { say } from "../../words/say.svelte.ts";

let picture = $state.raw<{ readonly blob: Blob; readonly address: string; readonly kind: Kind } | null>(null);
let answer = $state.raw<Answer | null>(null);
let asking = $state(false);
let problem = $state("");
let controller: AbortController | null = null;

export type Kind = "example" | "file" | "drawing";

export const look = {
    get picture() {
        return picture;
    },
    get answer() {
        return answer;
    },
    get asking() {
        return asking;
    },
    /** Why the last picture was refused; the one before is still shown. */
    get problem() {
        return problem;
    },
};

/** Look at another picture, the first digit first. What cannot be read is told, and the one before stays. */
export async function take(blob: Blob, kind: Kind): Promise<void> {
    studio.written = 0;
    await ask(blob, kind);
}

/** Look at the same picture again: another digit, other choices, the other language. */
export async function again(): Promise<void> {
    if (picture) await ask(picture.blob, picture.kind);
}

async function ask(blob: Blob, kind: Kind): Promise<void> {
    controller?.abort();
    const own = (controller = new AbortController());
    if (exported()) return show(blob, kind, null);
    [asking, problem] = [true, ""];
    try {
        const found = await answerTo(blob, { digit: studio.written, threshold: studio.threshold, lines: studio.lines, lang: studio.lang }, own.signal);
        if (own === controller) show(blob, kind, found);
    } catch (error) {
        if (own === controller) problem = error instanceof Refused ? error.message : say(w.noServer);
    } finally {
        if (own === controller) asking = false;
    }
}

function show(blob: Blob, kind: Kind, found: Answer | null): void {
    if (picture?.blob !== blob) {
        if (picture) URL.revokeObjectURL(picture.address);
        picture = { blob, kind, address: URL.createObjectURL(blob) };
    }
    answer = found;
    if (found?.laboratory) studio.written = found.laboratory.digit;
}
