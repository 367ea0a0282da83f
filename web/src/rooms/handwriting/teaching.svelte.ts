// What the server teaches a network from the digits that are kept (src/glassnet/studio/teaching.py). It outlives the room.
import { say } from "../../words/say.svelte.ts";
import { fromBase64Bytes } from "./bytes.ts";
import { rowsOf, type Kept } from "./kept.svelte.ts";
import { handwritingWords as w } from "./words.ts";

export const LEAST = 20; // digits
export const LEARNERS = ["reader", "lecture"] as const;
export type Learner = (typeof LEARNERS)[number];

/** Accuracies and intervals are fractions. */
export interface Taught {
    readonly learner: Learner;
    readonly digits: number;
    readonly own: { readonly before: number; readonly after: number; readonly interval: readonly [number, number] };
    readonly mnist: { readonly before: number; readonly after: number };
    readonly network: { readonly sizes: readonly number[]; readonly fingerprint: string };
    /** The model's file. */
    readonly model: Uint8Array<ArrayBuffer>;
}
type Line =
    | { readonly what: "fold" | "all"; readonly done: number; readonly all: number }
    | { readonly taught: Omit<Taught, "learner" | "model">; readonly model: string }
    | { readonly problem: string };

let share: number | null = $state(null);
let taught: Taught | null = $state.raw(null);
let problem = $state("");
let controller: AbortController | null = null;

let learner: Learner = $state("reader");

export const teaching = {
    /** Who is taught, or was last. */
    get learner() {
        return learner;
    },
    /** How much is done, 0 to 1; null while nothing is taught. */
    get share() {
        return share;
    },
    get taught() {
        return taught;
    },
    get problem() {
        return problem;
    },
};

export function stop(): void {
    controller?.abort();
}

/** Teach a copy of a network; what was taught before stays until this is done. */
export async function teach(who: Learner, digits: readonly Kept[], lang: string): Promise<void> {
    const own = (controller = new AbortController());
    [share, problem, learner] = [0, "", who];
    try {
        const address = new URL(`teach?${new URLSearchParams({ model: who, lang })}`, document.baseURI);
        const headers = { "x-glassnet": "1", "content-type": "application/octet-stream" };
        const answer = await fetch(address, { method: "POST", body: rowsOf(digits), headers, signal: own.signal });
        if (!answer.ok || !answer.body) throw new Error(String(answer.status));
        let last: Line | null = null;
        for await (const line of linesOf(answer.body)) {
            last = line;
            if ("what" in line) share = line.what === "fold" ? line.done / (line.all + 1) : 1;
        }
        if (last && "taught" in last) taught = { ...last.taught, learner: who, model: fromBase64Bytes(last.model) as Uint8Array<ArrayBuffer> };
        else problem = last && "problem" in last ? last.problem : say(w.noServer);
    } catch {
        if (!own.signal.aborted) problem = say(w.noServer);
    }
    share = null;
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Line> {
    let text = "";
    for (const reader = body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) return;
        const lines = (text + value).split("\n");
        text = lines.pop()!;
        for (const line of lines) yield JSON.parse(line) as Line;
    }
}
