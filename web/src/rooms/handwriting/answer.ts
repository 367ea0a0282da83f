// What the server says of a picture (src/glassnet/studio/handwriting.py), and how it is asked. It draws nothing.
import { fromBase64Bytes } from "./bytes.ts";

/** A digit and how sure the network is, 0 … 1. */
export type Said = readonly [digit: number, confidence: number];

export interface FoundDigit {
    /** x, y, width, height in pixels of the picture, from the top left. */
    readonly box: readonly [number, number, number, number];
    /** null: refused, for `reason`. */
    readonly label: number | null;
    readonly best: number;
    readonly confidence: number;
    readonly second: Said;
    readonly lecture: Said;
    readonly outputs: readonly number[];
    readonly image: Uint8Array;
    readonly reason: string | null;
}
export interface Stage {
    readonly name: string;
    readonly title: string;
    /** A PNG as a data URL. */
    readonly picture: string;
    readonly image: Uint8Array;
    readonly reader: Said;
    readonly lecture: Said;
}
export interface Measure {
    readonly name: string;
    readonly title: string;
    readonly value: number;
    /** Of MNIST's training images, those with less. */
    readonly share: number;
    readonly odd: boolean;
    readonly sentence: string;
}
export interface Laboratory {
    readonly digit: number;
    readonly stages: readonly Stage[];
    readonly wrong: readonly Stage[];
    readonly measures: readonly Measure[];
    readonly culprit: string | null;
    readonly nearest: readonly { readonly index: number; readonly label: number; readonly image: Uint8Array }[];
}
export interface Answer {
    readonly text: string;
    readonly reason: string | null;
    readonly size: readonly [width: number, height: number];
    readonly inverted: boolean;
    readonly picture: string;
    /** In reading order, then the refused ones. */
    readonly digits: readonly FoundDigit[];
    readonly readers: readonly { readonly name: string; readonly sizes: readonly number[]; readonly accuracy: string | null }[];
    readonly laboratory: Laboratory | null;
}
export interface Choices {
    readonly digit: number;
    readonly threshold: number;
    readonly lines: boolean;
    readonly lang: string;
}

/** The picture was refused; the message is the server's own sentence. */
export class Refused extends Error {}

/** Ask the server. Raises `Refused` with its reason, and `Error` where there is no server. */
export async function answerTo(picture: Blob, { digit, threshold, lines, lang }: Choices, signal: AbortSignal): Promise<Answer> {
    const query = new URLSearchParams({ digit: String(digit), lang, ...(threshold > 0 && { threshold: String(threshold) }), ...(lines && { rules: "1" }) });
    const response = await fetch(new URL(`picture?${query}`, document.baseURI), {
        method: "POST", body: picture, signal, headers: { "x-glassnet": "1", "content-type": "application/octet-stream" },
    });
    if (!response.ok) throw new Refused(`${response.status} ${(await response.text()).trim()}`);
    // The images come in base64 and are bytes from here on.
    const bytes = (key: string, value: unknown) => (key === "image" && typeof value === "string" ? fromBase64Bytes(value) : value);
    const answer = JSON.parse(await response.text(), bytes) as Answer | { readonly problem: string };
    if ("problem" in answer) throw new Refused(answer.problem);
    return answer;
}
