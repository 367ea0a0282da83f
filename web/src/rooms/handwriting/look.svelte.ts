// The picture of this room and what has been said of it. It outlives the room, so that coming back finds it again.
import { studio } from "../../state/studio.svelte.ts";
import { exported } from "../../engine/sources.ts";
import { answerTo, Refused, type Answer } from "./answer.ts";
import { handwritingWords as w } from "./words.ts";
import { say } from "../../words/say.svelte.ts";

let picture = $state.raw<{ readonly blob: Blob; readonly address: string; readonly kind: Kind } | null>(null);
let answer = $state.raw<Answer | null>(null);
let answered = ""; // the choices that the answer is for
let coming: { readonly blob: Blob; readonly kind: Kind } | null = null; // another picture, not yet answered
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

/** What is looked for in a picture, as one text. */
export const choices = (): string => [studio.written, studio.threshold, studio.lines, studio.lang].join();

/** Look at another picture, the first digit first. What cannot be read is told, and the one before stays. */
export async function take(blob: Blob, kind: Kind, digit = 0): Promise<void> {
    await ask(blob, kind, digit);
}

/** Look at the picture again, also at one on its way, if another digit, other choices or the other language are wanted by now. */
export async function again(): Promise<void> {
    if (choices() === answered) return;
    if (coming) await ask(coming.blob, coming.kind, 0);
    else if (picture) await ask(picture.blob, picture.kind, studio.written);
}

async function ask(blob: Blob, kind: Kind, digit: number): Promise<void> {
    controller?.abort();
    const own = (controller = new AbortController());
    if (exported()) return show(blob, kind, null);
    if (blob !== picture?.blob) coming = { blob, kind };
    [asking, problem] = [true, ""];
    const { threshold, lines, lang } = studio;
    try {
        const found = await answerTo(blob, { digit, threshold, lines, lang }, own.signal);
        if (own !== controller) return;
        studio.written = found.laboratory?.digit ?? 0;
        answered = [studio.written, threshold, lines, lang].join();
        show(blob, kind, found);
    } catch (error) {
        if (own === controller) problem = error instanceof Refused ? error.message : say(w.noServer);
    } finally {
        if (own === controller) [asking, coming] = [false, null];
    }
}

function show(blob: Blob, kind: Kind, found: Answer | null): void {
    if (picture?.blob !== blob) {
        if (picture) URL.revokeObjectURL(picture.address);
        picture = { blob, kind, address: URL.createObjectURL(blob) };
    }
    answer = found;
}
