// The cells of the picture: every value has one, names and places agree, and the arrow keys reach them all.
import { describe, expect, test } from "vitest";
import { cursorAt, gridsOf, moved, type Cursor } from "../../src/stage/cells.ts";
import { geometry } from "../../src/stage/geometry.ts";
import type { NetworkShape } from "../../src/worker/protocol.ts";

const lecture: NetworkShape = { sizes: [784, 14, 10], hidden: "sigmoid", output: "sigmoid", loss: "squared_error" };
const shapes: readonly NetworkShape[] = [lecture, { ...lecture, sizes: [784, 10] }, { ...lecture, sizes: [784, 128, 64, 10], hidden: "relu" }];

describe.each(shapes.flatMap((shape) => [true, false].map((wide) => ({ shape, wide }))))("$shape.sizes, wide $wide", ({ shape, wide }) => {
    const place = geometry(shape, wide), grids = gridsOf(place, false);

    test("a cell's name leads back to it", () => {
        for (const [grid, { rows, columns, spot }] of grids.entries())
            for (let row = 0; row < rows; row += Math.ceil(rows / 97))
                for (let column = 0; column < columns; column += Math.ceil(columns / 53))
                    expect(cursorAt(grids, spot(row, column))).toEqual({ grid, row, column });
    });

    test("there are as many as there are values", () => {
        const count = new Map<string, number>();
        for (const { name, rows, columns } of grids) count.set(name, (count.get(name) ?? 0) + rows * columns);
        const [first, ...others] = shape.sizes;
        expect([count.get("x"), count.get("a1")]).toEqual([first, first! + 1]);
        others.forEach((neurons, k) => expect(count.get(`w${k + 1}`)).toBe(neurons * (shape.sizes[k]! + 1)));
        expect(count.get(`z${shape.sizes.length}`)).toBe(10);
    });

    test("cells lie within the picture", () => {
        for (const { rows, columns, cell } of grids) {
            const { x, y, width, height } = cell(rows - 1, columns - 1);
            expect(x + width).toBeLessThanOrEqual(place.width + 1);
            expect(y + height).toBeLessThanOrEqual(place.height + 16); // the 1 below a1
        }
    });

    test("right leads through every grid, left all the way back", () => {
        const seen = new Set<number>();
        const walk = (from: Cursor, key: string) => {
            let at = from;
            for (let k = 0; k < 3000; k++) {
                seen.add(at.grid);
                const next = moved(grids, at, key, false)!;
                if (next.grid === at.grid && next.column === at.column) return at;
                at = next;
            }
            throw new Error("no end");
        };
        const end = walk({ grid: 0, row: 5, column: 0 }, "ArrowRight");
        expect(end.grid).toBe(grids.length - 1);
        expect(seen.size).toBe(grids.length);
        expect(walk(end, "ArrowLeft")).toMatchObject({ grid: 0, column: 0 });
    });
});

test("up, down and leaps stay within a column; other keys are not taken", () => {
    const grids = gridsOf(geometry(lecture, true), false), w1 = grids.findIndex(({ name }) => name === "w1");
    const at = { grid: w1, row: 27, column: 3 };
    expect(grids[w1]!.spot(27, 3)).toEqual({ name: "w1", row: 0, column: 759 });
    expect(grids[w1]!.spot(28, 3)).toEqual({ name: "w1", row: 1, column: 3 });
    expect(moved(grids, at, "ArrowDown", false)).toEqual({ ...at, row: 28 });
    expect(moved(grids, at, "PageDown", false)).toEqual({ ...at, row: 55 });
    expect(moved(grids, at, "ArrowUp", true)).toEqual({ ...at, row: 0 });
    expect(moved(grids, { ...at, row: 391 }, "ArrowDown", true)).toEqual({ ...at, row: 391 });
    expect(moved(grids, at, "ArrowRight", true)).toMatchObject({ grid: w1 + 1, row: 0, column: 0 });
    expect(moved(grids, at, "Tab", false)).toBeNull();
});

test("without the 1 in the columns there is no cell for it", () => {
    const grids = gridsOf(geometry(lecture, true), true);
    expect(grids.map(({ name }) => name)).not.toContain("a2_1");
    expect(cursorAt(grids, { name: "a1", row: 784 })).toBeNull();
    expect(cursorAt(grids, { name: "w1", row: 3, column: 784 })).not.toBeNull();
});
