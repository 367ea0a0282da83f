// Drawing: strokes come back from the link's text, and become the same ink everywhere.
import { expect, test } from "vitest";
import { inkOf, SIDE } from "../../src/drawing/ink.ts";
import { decode, encode } from "../../src/drawing/strokes.ts";

const seven = [[{ x: 70, y: 60 }, { x: 180, y: 60 }, { x: 120, y: 200 }], [{ x: 90, y: 130 }]];

test("strokes come back", () => {
    expect(decode(encode(seven))).toEqual(seven);
    expect(decode("")).toEqual([]);
    expect(decode(encode([[{ x: -5, y: 300.4 }]]))).toEqual([[{ x: 0, y: 255 }]]);
});

test.each(["!", "A", "__8", encode(seven).slice(0, 5)])("a damaged text gives what is whole: %s", (text) => {
    for (const point of decode(text).flat()) expect(point.x + point.y).toBeLessThanOrEqual(510);
});

test("ink lies where the pen was, full in the middle, and nowhere else", () => {
    const ink = inkOf(encode(seven));
    const at = (x: number, y: number) => ink[Math.floor((y * SIDE) / 256) * SIDE + Math.floor((x * SIDE) / 256)];
    expect([at(100, 60), at(150, 130), at(90, 130)]).toEqual([255, 255, 255]);
    expect([at(20, 20), at(100, 100), at(230, 230)]).toEqual([0, 0, 0]);
    expect(inkOf("").every((value) => value === 0)).toBe(true);
});

test("a drawing that grows has the ink of one that is drawn at once", () => {
    const grown: { x: number; y: number }[][] = [];
    for (let k = 0; k < 40; k++) {
        if (k % 9 === 0) grown.push([]);
        grown.at(-1)!.push({ x: (k * 67) % 256, y: (k * 101) % 256 });
        if (k % 13 === 12) grown.pop();
        const ink = inkOf(encode(grown)).slice();
        inkOf(encode(seven)); // forgets it
        expect(inkOf(encode(grown)).every((value, place) => value === ink[place])).toBe(true);
        const longer = encode([...grown, [{ x: k, y: 9 }]]);
        const other = inkOf(longer).slice();
        inkOf(encode(seven));
        expect(inkOf(longer).every((value, place) => value === other[place])).toBe(true);
        inkOf(encode(grown));
    }
});
