// Strokes as ink: 140 × 140 bytes, 0 paper … 255 full, from distances alone, so that every browser gives the same bytes.
import { decode, type Point } from "./strokes.ts";

/** Five squares to each of MNIST's 28. */
export const SIDE = 140;
const RADIUS = 5.2; // of the pen, in squares: about two of MNIST's pixels wide
const SCALE = SIDE / 256;

interface Drawing {
    readonly strokes: readonly (readonly Point[])[];
    readonly ink: Uint8Array;
}
const NOTHING: Drawing = { strokes: [], ink: new Uint8Array(SIDE * SIDE) };
/** The last one: while one draws, the next only goes on from it. */
let known = NOTHING;

/** Return the ink of strokes, not to be changed. */
export function inkOf(text: string): Uint8Array {
    const strokes = decode(text), before = goesOn(known.strokes, strokes) ? known : NOTHING;
    const ink = before.ink.slice();
    strokes.forEach((stroke, k) => {
        const drawn = before.strokes[k]?.length ?? 0;
        for (let i = drawn; i < stroke.length; i++) segment(ink, stroke[Math.max(0, i - 1)]!, stroke[i]!);
    });
    known = { strokes, ink };
    return ink;
}

/** Whether `now` is `before` with more points, or more strokes, at its end. */
function goesOn(before: Drawing["strokes"], now: Drawing["strokes"]): boolean {
    return before.every((stroke, k) => {
        const longer = now[k] ?? [], last = k === before.length - 1;
        const fits = last ? longer.length >= stroke.length : longer.length === stroke.length;
        return fits && stroke.every(({ x, y }, i) => x === longer[i]!.x && y === longer[i]!.y);
    });
}

/** Add the ink of one straight piece: what lies within the pen's radius is full, its edge one square soft. */
function segment(ink: Uint8Array, from: Point, to: Point): void {
    const [x1, y1, x2, y2] = [from.x * SCALE, from.y * SCALE, to.x * SCALE, to.y * SCALE];
    const reach = RADIUS + 1, dx = x2 - x1, dy = y2 - y1, length = dx * dx + dy * dy;
    const first = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
    const last = (a: number, b: number) => Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach));
    for (let row = first(y1, y2); row <= last(y1, y2); row++)
        for (let column = first(x1, x2); column <= last(x1, x2); column++) {
            const px = column + 0.5 - x1, py = row + 0.5 - y1;
            const along = length > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
            const away = Math.sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2);
            const value = Math.round(255 * Math.max(0, Math.min(1, RADIUS + 0.5 - away)));
            const at = row * SIDE + column;
            if (value > ink[at]!) ink[at] = value;
        }
}
