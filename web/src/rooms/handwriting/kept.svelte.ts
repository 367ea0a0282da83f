// Digits that are kept with their labels: by the browser until they are removed, and as a folder that `glassnet teach` takes.
import { strToU8, zipSync } from "fflate";
import { fromBase64, toBase64 } from "../../state/base64.ts";

export interface Kept {
    readonly label: number;
    /** (784,) bytes, ink bright. */
    readonly image: Uint8Array;
}

export const MOST = 2_000; // the server takes no more
const PLACE = "glassnet-digits";
const ROW = 785; // bytes: a label, 784 pixels

let all: readonly Kept[] = $state.raw(stored());
// What another tab keeps or removes holds here too: two lists would replace each other.
addEventListener("storage", ({ key }) => {
    if (key === PLACE || key === null) all = stored();
});

export const kept = {
    get all() {
        return all;
    },
    /** Keep more: none twice, since a digit held back must not be among those that are taught; the later label holds. */
    add(digits: readonly Kept[]): void {
        const next = [...all];
        for (const digit of digits) {
            const known = next.findIndex((other) => same(other.image, digit.image));
            next.splice(known < 0 ? next.length : known, 1, digit);
        }
        put(next.slice(0, MOST));
    },
    has: ({ label, image }: Kept): boolean => all.some((digit) => digit.label === label && same(digit.image, image)),
    remove(place: number): void {
        put(all.filter((_, at) => at !== place));
    },
    clear(): void {
        put([]);
    },
    /** Put back what `all` was before. */
    restore(digits: readonly Kept[]): void {
        put(digits);
    },
};

const same = (one: Uint8Array, other: Uint8Array) => one.every((value, i) => value === other[i]);

function put(digits: readonly Kept[]): void {
    all = digits;
    try {
        if (digits.length > 0) localStorage.setItem(PLACE, toBase64(rowsOf(digits)));
        else localStorage.removeItem(PLACE);
    } catch {
        // a browser that keeps nothing, or has no room: the digits last as long as the page
    }
}

function stored(): Kept[] {
    let text: string | null = null;
    try {
        text = localStorage.getItem(PLACE);
    } catch {
        // a browser that keeps nothing
    }
    const bytes = fromBase64(text ?? "");
    if (!bytes || bytes.length % ROW !== 0 || bytes.length > MOST * ROW) return [];
    const digits = Array.from({ length: bytes.length / ROW }, (_, i) => ({ label: bytes[i * ROW]!, image: bytes.slice(i * ROW + 1, (i + 1) * ROW) }));
    return digits.filter(({ label }) => label < 10);
}

/** Digits as rows of 785 bytes: the label, then the pixels. */
export function rowsOf(digits: readonly Kept[]): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(digits.length * ROW);
    digits.forEach(({ label, image }, i) => bytes.set([label, ...image], i * ROW));
    return bytes;
}

/** Return the folder as a ZIP file; each digit is a picture of dark ink on white paper. */
export async function folder(digits: readonly Kept[]): Promise<Uint8Array> {
    const files: Record<string, Uint8Array> = {}, rows = ["path,label"];
    for (const [place, { label, image }] of digits.entries()) {
        const name = `${String(place).padStart(4, "0")}-${label}.png`;
        files[name] = await png(image);
        rows.push(`${name},${label}`);
    }
    files["labels.csv"] = strToU8(rows.join("\n") + "\n");
    return zipSync(files, { level: 0 }); // PNG is compressed already
}

async function png(image: Uint8Array): Promise<Uint8Array> {
    const data = new ImageData(28, 28);
    image.forEach((ink, i) => data.data.set([255 - ink, 255 - ink, 255 - ink, 255], 4 * i));
    const canvas = new OffscreenCanvas(28, 28);
    canvas.getContext("2d")!.putImageData(data, 0, 0);
    return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
}
