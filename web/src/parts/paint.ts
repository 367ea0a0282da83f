// A matrix onto a canvas, one pixel an entry; the style sheet enlarges it without smoothing.
import { colorIndex, type Ramp } from "./ramp.ts";

export function paint(canvas: HTMLCanvasElement | OffscreenCanvas, values: ArrayLike<number>, rows: number, columns: number, ramp: Ramp, scale: number): void {
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
    if (!context || rows * columns === 0) return;
    const image = context.createImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) {
        const at = 3 * colorIndex(ramp, values[i] ?? 0, scale);
        image.data[4 * i] = ramp.table[at]!;
        image.data[4 * i + 1] = ramp.table[at + 1]!;
        image.data[4 * i + 2] = ramp.table[at + 2]!;
        image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
}
