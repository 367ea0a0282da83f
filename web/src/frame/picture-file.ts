// A picture file with one digit in it, as the network should receive it: ink of any size, framed. It looks for no words.
import { imageSize } from "image-size";
import { engine } from "../engine/engine.ts";
import { frameWords as w } from "../words/frame.ts";
import { say } from "../words/say.svelte.ts";

/** As src/glassnet/data/picture.py has it: phones take up to 50 million. */
export const MOST_PIXELS = 64_000_000;
const LONGEST_SIDE = 1000;

/** Why a picture may not be decoded, judged by its header alone: a file of a few kB can ask for gigabytes. */
export type Refusal = "unreadable" | { readonly pixels: number };
export async function refusalOf(file: Blob): Promise<Refusal | null> {
    try {
        const { width, height } = imageSize(new Uint8Array(await file.arrayBuffer()));
        return width * height > MOST_PIXELS ? { pixels: width * height } : null;
    } catch {
        return "unreadable";
    }
}

/** The sentence about it. */
export function refusalText(name: string, refusal: Refusal): string {
    if (refusal === "unreadable") return say(w.noPicture, { name });
    const [most, found] = [MOST_PIXELS, refusal.pixels].map((pixels) => Math.ceil(pixels / 1e6).toLocaleString("en-US"));
    return say(w.tooManyPixels, { name, most: most!, found: found! });
}

/** Return the digit's (784,) bytes, or why there are none; "blank" where there is no ink. */
export async function digitOf(file: Blob): Promise<Uint8Array | Refusal | "blank"> {
    const refusal = await refusalOf(file);
    if (refusal) return refusal;
    let bitmap: ImageBitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        return "unreadable";
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale)), height = Math.max(1, Math.round(bitmap.height * scale));
    const context = new OffscreenCanvas(width, height).getContext("2d");
    if (!context) return "unreadable";
    context.fillStyle = "white"; // behind what is transparent
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const ink = inkOn(context.getImageData(0, 0, width, height).data, width, height);
    return (await engine().frame(ink, height, width)) ?? "blank";
}

const FAINTEST = 24; // gray levels between ink and paper

/**
 * Ink is what differs from the paper, and the paper is what the border shows: its median, and what strays from it.
 * The deepest ink becomes 255, as MNIST's ink is bright; all 0 where nothing stands out. Rec. 601 gray.
 */
export function inkOn(data: Uint8ClampedArray, width: number, height: number): Uint8Array {
    const gray = Uint8Array.from({ length: width * height }, (_, i) => Math.round(0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!));
    const border = gray.filter((_, i) => {
        const row = Math.floor(i / width), column = i % width;
        return row === 0 || row === height - 1 || column === 0 || column === width - 1;
    }).sort();
    const paper = border[border.length >> 1]!;
    const astray = border.map((value) => Math.abs(value - paper)).sort()[Math.floor(0.9 * border.length)]!;
    const noise = 1.5 * astray;
    let dark = 0, light = 0;
    for (const value of gray) {
        if (paper - value > noise) dark += paper - value;
        if (value - paper > noise) light += value - paper;
    }
    const ink = gray.map((value) => Math.max(0, dark >= light ? paper - value : value - paper));
    const deepest = ink.reduce((most, value) => Math.max(most, value), 0);
    if (deepest < FAINTEST) return ink.fill(0);
    return ink.map((value) => (value > noise ? Math.round((value * 255) / deepest) : 0));
}
