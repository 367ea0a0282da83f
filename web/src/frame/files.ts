// Files that come in and go out: what was dropped or chosen is opened by what is in it, what is saved is handed to the browser.
import { engine } from "../engine/engine.ts";
import { changed } from "../engine/session.svelte.ts";
import { studio } from "../state/studio.svelte.ts";
import { frameWords as w } from "../words/frame.ts";
import { say } from "../words/say.svelte.ts";
import { tell } from "./messages.svelte.ts";
import { digitOf, refusalText } from "./picture-file.ts";

const MOST_MEGABYTES = 50;

/** Who takes pictures instead of the room Forward, while its room is open. */
let taker: ((picture: File) => void) | null = null;

/** Give pictures that are opened or dropped to `take`, until the function that is returned is called. */
export function takePictures(take: (picture: File) => void): () => void {
    taker = take;
    return () => {
        if (taker === take) taker = null;
    };
}

/** Open a model or a picture; what is neither is refused with the reason, and nothing has changed. */
export async function openFile(file: File): Promise<void> {
    const name = file.name;
    if (file.size === 0) return tell(() => say(w.emptyFile, { name }), "problem");
    if (file.size > MOST_MEGABYTES * 1e6) {
        const found = (file.size / 1e6).toFixed(0);
        return tell(() => say(w.tooLarge, { name, most: MOST_MEGABYTES, found }), "problem");
    }
    const start = new Uint8Array(await file.slice(0, 16).arrayBuffer());
    if (!isPicture(start) && !PICTURE_NAME.test(name)) {
        const bytes = new Uint8Array(await file.arrayBuffer());
        if (await changed(() => engine().load(bytes, name))) tell(() => say(w.opened, { name }));
        return;
    }
    if (taker) return taker(file);
    const pixels = await digitOf(file);
    if (pixels === "blank") return tell(() => say(w.noInk, { name }), "problem");
    if (!(pixels instanceof Uint8Array)) return tell(() => refusalText(name, pixels), "problem");
    [studio.picture, studio.label] = [{ kind: "pixels", pixels }, -1];
    tell(() => say(w.opened, { name }));
}

/** What is called so is meant as a picture: it is refused as one. */
const PICTURE_NAME = /\.(png|jpe?g|gif|bmp|webp)$/i;

/** PNG, JPEG, GIF, BMP, WebP by their first bytes. */
function isPicture(start: Uint8Array): boolean {
    const text = String.fromCharCode(...start);
    const known = ["\x89PNG", "\xff\xd8\xff", "GIF8", "BM"].some((magic) => text.startsWith(magic));
    return known || (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP");
}

export function saveFile(content: BlobPart, name: string, type: string): void {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function copy(text: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        tell(() => say(w.copied, { text: text.length > 120 ? text.slice(0, 117) + "…" : text }));
    } catch {
        tell(() => say(w.notCopied, { text }), "problem");
    }
}
