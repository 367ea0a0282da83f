// Digits that are kept with their labels, as a folder that `glassnet teach` takes: pictures and labels.csv in a ZIP file.
import { strToU8, zipSync } from "fflate";

export interface Kept {
    readonly label: number;
    /** (784,) bytes, ink bright. */
    readonly image: Uint8Array;
}

let all: readonly Kept[] = $state.raw([]);

export const kept = {
    get all() {
        return all;
    },
    add(digit: Kept): void {
        all = [...all, digit];
    },
    remove(place: number): void {
        all = all.filter((_, at) => at !== place);
    },
    clear(): void {
        all = [];
    },
};

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
