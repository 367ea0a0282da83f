// The cells of the picture, grid by grid from left to right: where each lies, what it is called, and the way from one to
// the next with the arrow keys. Pure functions of the geometry; they know no values.
import type { Spot } from "../state/focus.svelte.ts";
import { biasX, PICTURE_SIDE, sideOf, type Block, type Geometry } from "./geometry.ts";

/** Cells in rows and columns as they are seen; a picture of 28 × 28 for each neuron counts 28 rows a neuron. */
export interface Grid {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly spot: (row: number, column: number) => Spot;
    /** The other way: where a spot of that name stands; null where it is none of these. */
    readonly place: (row: number, column: number | undefined) => readonly [row: number, column: number] | null;
    readonly cell: (row: number, column: number) => Box;
}

export interface Box {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
}

export interface Cursor {
    readonly grid: number;
    readonly row: number;
    readonly column: number;
}

/** `separate`: the 1 is written as a bias of its own, and no column has it. */
export function gridsOf({ blocks, digit }: Geometry, separate: boolean): Grid[] {
    return blocks.flatMap((block): Grid[] => {
        const { id: name, x, y, width, rows, pitch, inputs } = block;
        if (block.kind === "digit") {
            const cell = digit.size / PICTURE_SIDE;
            return [{
                name, rows: PICTURE_SIDE, columns: PICTURE_SIDE,
                spot: (row, column) => ({ name, row: row * PICTURE_SIDE + column }),
                place: (row) => (row < PICTURE_SIDE ** 2 ? [Math.floor(row / PICTURE_SIDE), row % PICTURE_SIDE] : null),
                cell: (row, column) => ({ x: x + column * cell, y: y + row * cell, width: cell, height: cell }),
            }];
        }
        if (block.kind === "weights" && block.pictures) return pictures(block);
        if (block.kind === "weights") {
            const cell = width / (inputs + 1);
            return [{
                name, rows, columns: inputs + 1,
                spot: (row, column) => ({ name, row, column }),
                place: (row, column) => (column === undefined ? null : [row, column]),
                cell: (row, column) => ({ x: x + column * cell, y: y + row * pitch, width: cell, height: pitch }),
            }];
        }
        if (separate && block.kind === "appended") return [];
        const count = separate && block.kind === "strip" ? rows - 1 : rows;
        return [{
            name, rows: count, columns: 1,
            spot: (row) => ({ name, row }),
            place: (row) => [row, 0],
            cell: (row) => ({ x, y: y + row * pitch, width, height: pitch }),
        }];
    });
}

/** The weights of each neuron as a picture, and beside it its bias. */
function pictures(block: Block): Grid[] {
    const { id: name, x, y, rows, pitch, inputs } = block, cell = sideOf(block) / PICTURE_SIDE;
    const neuron = (row: number) => Math.floor(row / PICTURE_SIDE), line = (row: number) => row % PICTURE_SIDE;
    return [
        {
            name, rows: rows * PICTURE_SIDE, columns: PICTURE_SIDE,
            spot: (row, column) => ({ name, row: neuron(row), column: line(row) * PICTURE_SIDE + column }),
            place(row, column) {
                if (column === undefined || column >= inputs) return null;
                return [row * PICTURE_SIDE + Math.floor(column / PICTURE_SIDE), column % PICTURE_SIDE];
            },
            cell: (row, column) => ({ x: x + column * cell, y: y + neuron(row) * pitch + line(row) * cell, width: cell, height: cell }),
        },
        {
            name, rows, columns: 1,
            spot: (row) => ({ name, row, column: inputs }),
            place: (row, column) => (column === inputs ? [row, 0] : null),
            cell: (row) => ({ x: biasX(block), y: y + row * pitch, width: 10, height: pitch }),
        },
    ];
}

/** Where a spot stands among the grids, or null where it is no single cell of the picture. */
export function cursorAt(grids: readonly Grid[], { name, row, column }: Spot): Cursor | null {
    for (const [grid, { name: own, rows, place }] of grids.entries()) {
        const found = own === name && row !== undefined ? place(row, column) : null;
        if (found && found[0] < rows) return { grid, row: found[0], column: found[1] };
    }
    return null;
}

/** Where a key leads; null where the key is none of these. With `far` a whole neuron, or grid, at once. */
export function moved(grids: readonly Grid[], { grid: at, row, column }: Cursor, key: string, far: boolean): Cursor | null {
    const grid = grids[at]!, last = grid.rows - 1;
    const leap = grid.rows > PICTURE_SIDE ? PICTURE_SIDE : grid.rows;
    const within = (to: number) => ({ grid: at, row: Math.max(0, Math.min(last, to)), column });
    if (key === "ArrowDown") return within(row + (far ? leap : 1));
    if (key === "ArrowUp") return within(row - (far ? leap : 1));
    if (key === "PageDown") return within(row + leap);
    if (key === "PageUp") return within(row - leap);
    if (key === "Home") return { grid: 0, row: 0, column: 0 };
    if (key === "End") return { grid: grids.length - 1, row: 0, column: 0 };
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return null;
    if (!far && grid.columns > column + step && column + step >= 0) return { grid: at, row, column: column + step };
    const to = at + step, next = grids[to];
    if (!next) return { grid: at, row, column };
    return { grid: to, row: nearest(next, grid.cell(row, column)), column: step > 0 ? 0 : next.columns - 1 };
}

/** The row that lies as high as a cell. */
function nearest(grid: Grid, { y, height }: Box): number {
    const off = (row: number) => {
        const box = grid.cell(row, 0);
        return Math.abs(box.y + box.height / 2 - y - height / 2);
    };
    let best = 0;
    for (let row = 1; row < grid.rows; row++) if (off(row) < off(best)) best = row;
    return best;
}
