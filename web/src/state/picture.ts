// Which image is x, as the link says it: test=0, train=12, validation=3, drawn=…, pixels=…; it holds no images.
import type { SetName } from "../worker/protocol.ts";
import { fromBase64, toBase64 } from "../state/base64.ts";

/** A numbered image of a set; a drawing by its strokes (drawing/strokes.ts); or 784 pixels from a file. */
export type Picture =
    | { readonly kind: "set"; readonly set: SetName; readonly index: number }
    | { readonly kind: "drawn"; readonly strokes: string }
    | { readonly kind: "pixels"; readonly pixels: Uint8Array };

export const FIRST: Picture = { kind: "set", set: "test", index: 0 };

const SETS: readonly SetName[] = ["test", "validation", "train"];
/** Under which a link can name it. */
export const PICTURE_NAMES: readonly string[] = [...SETS, "drawn", "pixels"];
const MOST = 70_000;
const LONGEST_DRAWING = 16_000;

/** Return the picture that a link's parameters name, or undefined. */
export function readPicture(parameters: URLSearchParams): Picture | undefined {
    for (const set of SETS) {
        const text = parameters.get(set);
        if (text !== null && /^\d{1,5}$/.test(text) && Number(text) < MOST) return { kind: "set", set, index: Number(text) };
    }
    const strokes = parameters.get("drawn");
    if (strokes !== null && /^[\w-]*$/.test(strokes) && strokes.length <= LONGEST_DRAWING) return { kind: "drawn", strokes };
    const packed = parameters.get("pixels");
    const pixels = packed === null ? null : unpack(packed);
    return pixels ? { kind: "pixels", pixels } : undefined;
}

export function writePicture(picture: Picture): [key: string, text: string] {
    if (picture.kind === "set") return [picture.set, String(picture.index)];
    if (picture.kind === "drawn") return ["drawn", picture.strokes];
    return ["pixels", pack(picture.pixels)];
}

export function samePicture(one: Picture, other: Picture): boolean {
    return one === other || writePicture(one).join("=") === writePicture(other).join("=");
}

/** Blank pixels are most of a digit: a 0 is followed by how many there are, up to 255. */
function pack(pixels: Uint8Array): string {
    const bytes: number[] = [];
    for (let i = 0; i < pixels.length; ) {
        const from = i;
        if (pixels[i] !== 0) bytes.push(pixels[i++]!);
        else {
            while (i < pixels.length && pixels[i] === 0 && i - from < 255) i++;
            bytes.push(0, i - from);
        }
    }
    return toBase64(Uint8Array.from(bytes));
}

function unpack(text: string): Uint8Array | null {
    const bytes = text.length <= 2200 ? fromBase64(text) : null;
    if (bytes === null) return null;
    const pixels: number[] = [];
    for (let i = 0; i < bytes.length && pixels.length <= 784; i++) {
        if (bytes[i] !== 0) pixels.push(bytes[i]!);
        else for (let left = bytes[++i] ?? 0; left > 0; left--) pixels.push(0);
    }
    return pixels.length === 784 ? Uint8Array.from(pixels) : null;
}
