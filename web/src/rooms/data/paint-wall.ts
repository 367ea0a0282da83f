// The part of the wall that is seen, onto a canvas: digits from bytes to pixels by a table, then lines and dots. No state.
import type { Ramp } from "../../parts/ramp.ts";

const SIDE = 28;
const GAP = 2;
const PITCH = SIDE + GAP;

export interface View {
    /** In pixels of the page. */
    readonly width: number;
    readonly height: number;
    readonly columns: number;
    readonly tile: number;
    /** How far it is scrolled. */
    readonly top: number;
}

export interface Marks {
    readonly paper: string;
    readonly accent: string;
    readonly quiet: string;
    readonly warning: string;
}

/** 256 colors as the four bytes of a pixel, for whole words of memory. */
export function wordsOf(ramp: Ramp): Uint32Array {
    const last = ramp.table.length / 3 - 1, bytes = new Uint8ClampedArray(4);
    return Uint32Array.from({ length: 256 }, (_, value) => {
        const at = 3 * Math.round((value / 255) * last);
        bytes.set([ramp.table[at]!, ramp.table[at + 1]!, ramp.table[at + 2]!, 255]);
        return new Uint32Array(bytes.buffer)[0]!;
    });
}

export class WallPainter {
    private readonly near = document.createElement("canvas"); // one pixel of it is one pixel of a digit
    private image: ImageData | null = null;
    private filled: readonly unknown[] = [];

    /**
     * Draw `count` tiles as far as they are seen. `pixels(i)` gives (784,) bytes, or null while they are missing;
     * `wrong(i)` whether a dot marks it; `current` and `pointed` are tiles with a frame, or -1. While `sources` are the
     * same, so are the pixels, and a frame that moves does not draw the digits anew.
     */
    paint(
        canvas: HTMLCanvasElement, view: View, count: number, colors: Uint32Array, marks: Marks,
        pixels: (i: number) => Uint8Array | null, wrong: (i: number) => boolean, current: number, pointed: number, sources: readonly unknown[],
    ): void {
        const { width, height, columns, tile, top } = view, scale = devicePixelRatio;
        if (width <= 0 || height <= 0) return;
        const size = [Math.round(width * scale), Math.round(height * scale)] as const;
        if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
        const context = canvas.getContext("2d")!;
        context.setTransform(scale, 0, 0, scale, 0, 0);
        context.fillStyle = marks.paper;
        context.fillRect(0, 0, width, height);
        const firstRow = Math.floor(top / tile), rows = Math.ceil(height / tile) + 1;
        const first = firstRow * columns, last = Math.min(count, (firstRow + rows) * columns);
        if (first >= last) return;
        const now = [columns, rows, first, last, colors, ...sources];
        if (now.some((source, i) => source !== this.filled[i])) this.fill(columns, rows, first, last, colors, pixels);
        this.filled = now;
        const shift = firstRow * tile - top;
        const enlarge = tile / PITCH;
        context.imageSmoothingEnabled = (enlarge * scale) % 1 !== 0;
        context.imageSmoothingQuality = "high";
        context.drawImage(this.near, 0, shift, columns * tile, rows * tile);
        const place = (i: number): [x: number, y: number] => [(i % columns) * tile, shift + (Math.floor(i / columns) - firstRow) * tile];
        const side = SIDE * enlarge;
        context.fillStyle = marks.warning;
        for (let i = first; i < last; i++) {
            if (!wrong(i)) continue;
            const [x, y] = place(i), radius = Math.max(2.5, tile / 11);
            context.beginPath();
            context.arc(x + side - radius, y + radius, radius, 0, 7);
            context.fill();
        }
        for (const [i, color, thickness] of [[pointed, marks.quiet, 2], [current, marks.accent, 3]] as const) {
            if (i < first || i >= last) continue;
            const [x, y] = place(i);
            context.strokeStyle = color;
            context.lineWidth = thickness;
            context.strokeRect(x + thickness / 2 - 0.5, y + thickness / 2 - 0.5, side - thickness + 1, side - thickness + 1);
        }
    }

    private fill(columns: number, rows: number, first: number, last: number, colors: Uint32Array, pixels: (i: number) => Uint8Array | null): void {
        const [width, height] = [columns * PITCH, rows * PITCH];
        if (!this.image || this.image.width !== width || this.image.height !== height) {
            [this.near.width, this.near.height] = [width, height];
            this.image = new ImageData(width, height);
        }
        const words = new Uint32Array(this.image.data.buffer);
        words.fill(0);
        for (let i = first; i < last; i++) {
            const bytes = pixels(i);
            if (!bytes) continue;
            const k = i - first, corner = Math.floor(k / columns) * PITCH * width + (k % columns) * PITCH;
            for (let row = 0, from = 0; row < SIDE; row++) {
                const to = corner + row * width;
                for (let column = 0; column < SIDE; column++) words[to + column] = colors[bytes[from++]!]!;
            }
        }
        this.near.getContext("2d")!.putImageData(this.image, 0, 0);
    }
}
