// A drawing as its strokes, and as the text that a link carries: points on a grid of 256 × 256. It draws nothing.
import { fromBase64, toBase64 } from "../state/base64.ts";

export interface Point {
    /** From the left and from the top, 0 … 255. */
    readonly x: number;
    readonly y: number;
}
export type Stroke = readonly Point[];

const MOST_POINTS = 4000;

/** Each stroke is its number of points (two bytes), then x and y of each (a byte each). */
export function encode(strokes: readonly Stroke[]): string {
    const bytes: number[] = [];
    let left = MOST_POINTS;
    for (const stroke of strokes) {
        const points = stroke.slice(0, left);
        left -= points.length;
        if (points.length > 0) bytes.push(points.length >> 8, points.length & 255, ...points.flatMap(({ x, y }) => [byte(x), byte(y)]));
    }
    return toBase64(Uint8Array.from(bytes));
}

/** Return the strokes of a text; what is damaged ends them. */
export function decode(text: string): Point[][] {
    const bytes = fromBase64(text) ?? new Uint8Array();
    const strokes: Point[][] = [];
    for (let at = 0; at + 2 <= bytes.length; ) {
        const count = bytes[at]! * 256 + bytes[at + 1]!;
        const points = bytes.subarray(at + 2, (at += 2 + 2 * count));
        const stroke: Point[] = [];
        for (let i = 0; i + 1 < points.length; i += 2) stroke.push({ x: points[i]!, y: points[i + 1]! });
        if (stroke.length > 0) strokes.push(stroke);
    }
    return strokes;
}

function byte(value: number): number {
    return Math.max(0, Math.min(255, Math.round(value)));
}
