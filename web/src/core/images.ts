// Training images in the core's memory, packed (only the inked pixels are kept), with their labels; changes neither.
import { checkArray, checkImages, checkWhole } from "./check.ts";
import type { Core } from "./core.ts";
import { GlassnetError, InputError } from "./errors.ts";
import { say } from "./words.ts";

/** Images and labels to train with. It takes about 400 bytes an image of the core's memory until `free` is called. */
export class TrainingSet {
    readonly count: number;
    readonly pixels: number;
    /** The largest label. */
    readonly largest: number;
    private readonly core: Core;
    private at: { packed: number; labels: number } | null;

    /**
     * `images` (count, pixels) bytes, one after the other; `labels` (count,) bytes. Both are copied.
     * Raises `ShapeError` or `InputError` for what does not fit, `UnavailableError` when the memory is full.
     */
    constructor(core: Core, images: Uint8Array, labels: Uint8Array, pixels = 784) {
        this.core = core;
        this.pixels = checkWhole("pixels", pixels, 1, 100_000_000);
        this.count = checkImages(images, pixels, false);
        if (this.count === 0) throw new InputError("images", { expected: say("at least one image"), found: "0" });
        this.largest = checkArray("labels", labels, "uint8", this.count).reduce((most, label) => Math.max(most, label), 0);
        const { call, memory } = core;
        const packed = memory.lend((places) => {
            const from = places.put(images);
            const at = memory.take(call.packed_bytes(from, this.count, pixels));
            call.pack(at, from, this.count, pixels);
            return at;
        });
        this.at = { packed, labels: memory.put(labels) };
    }

    /** Where the core finds them. */
    get places(): { readonly packed: number; readonly labels: number } {
        if (this.at === null) throw new GlassnetError("TrainingSet", { found: "free()" });
        return this.at;
    }

    /** Give the memory back; the set cannot be used any more. */
    free(): void {
        if (this.at === null) return;
        this.core.memory.give(this.at.packed);
        this.core.memory.give(this.at.labels);
        this.at = null;
    }
}
