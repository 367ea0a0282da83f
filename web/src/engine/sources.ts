// Where the page's bytes come from: the server that opened it, or, in an exported page, the page itself. It parses nothing.
import type { IdxPair } from "../worker/protocol.ts";

/** What there can be; in an exported page an element with this id holds it, compressed, in base64. */
export type SourceName =
    | "core.wasm" | "model" | "worker.js"
    | "test-images" | "test-labels" | "training-images" | "training-labels"
    | "train-images" | "train-labels" | "validation-images" | "validation-labels";

/** The server does not give a file; `status` is HTTP's number, or 0 without a connection. */
export class NotServed extends Error {
    readonly source: SourceName;
    readonly status: number;

    constructor(source: SourceName, status: number) {
        super(`${source}: ${status}`);
        this.source = source;
        this.status = status;
    }
}

function embedded(name: SourceName): HTMLElement | null {
    return document.getElementById(`glassnet-${name}`);
}

/** Whether this page is one file that carries everything. */
export const exported = (): boolean => embedded("core.wasm") !== null;

/** Return a source's bytes; `progress` hears shares from 0 to 1. Raises `NotServed`. */
export async function bytesOf(name: SourceName, progress?: (share: number) => void): Promise<Uint8Array> {
    const element = embedded(name);
    if (element) return inflate(element);
    const answer = await fetch(new URL(name, document.baseURI)).catch(() => null);
    if (!answer?.ok || !answer.body) throw new NotServed(name, answer?.status ?? 0);
    const total = Number(answer.headers.get("content-length"));
    if (!progress || !(total > 0)) return new Uint8Array(await answer.arrayBuffer());
    const bytes = new Uint8Array(total);
    let at = 0;
    for (const reader = answer.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) return at === total ? bytes : bytes.slice(0, at);
        bytes.set(value, at);
        at += value.length;
        progress(at / total);
    }
}

export async function pairOf(set: "test" | "training" | "train" | "validation", progress?: (share: number) => void): Promise<IdxPair> {
    const [images, labels] = await Promise.all([bytesOf(`${set}-images`, progress), bytesOf(`${set}-labels`)]);
    return { images, labels };
}

/** Whether an exported page carries a set. */
export const carries = (set: "train" | "validation"): boolean => embedded(`${set}-images`) !== null;

/** The worker's script: its address, or in an exported page one made from the text that the page carries. */
export async function workerAddress(built: string): Promise<string> {
    const element = embedded("worker.js");
    if (!element) return built;
    const script = await inflate(element);
    return URL.createObjectURL(new Blob([script as Uint8Array<ArrayBuffer>], { type: "text/javascript" }));
}

async function inflate(element: HTMLElement): Promise<Uint8Array> {
    const packed = Uint8Array.from(atob(element.textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}
