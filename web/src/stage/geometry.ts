// Where everything of the picture stands, in units of the stage: a pure function of the network's shape and of whether
// there is room for one row. The order never changes: digit, a1, w1, z2, a2, a2_1, w2, z3, a3, t, e, squares, loss.
import type { NetworkShape } from "../worker/protocol.ts";

export type BlockKind = "digit" | "strip" | "weights" | "sum" | "activation" | "appended" | "target" | "difference" | "squares" | "loss";

export interface Block {
    readonly kind: BlockKind;
    /** The step whose value it shows, or the weights' name. */
    readonly id: string;
    readonly layer: number;
    readonly x: number;
    readonly y: number;
    /** The top of the row of blocks that it stands in. */
    readonly top: number;
    readonly width: number;
    /** Rows and the distance from one to the next. */
    readonly rows: number;
    readonly pitch: number;
    /** For weights: the inputs of a neuron, without the 1. */
    readonly inputs: number;
    /** For weights: as pictures of 28 × 28, or as cells. */
    readonly pictures: boolean;
}

export interface Geometry {
    readonly width: number;
    readonly height: number;
    readonly blocks: readonly Block[];
    readonly digit: { readonly x: number; readonly y: number; readonly size: number };
    readonly pad: { readonly x: number; readonly y: number; readonly size: number };
    /** Where an inset may lie: over blocks that are not reached yet. By the step's id. */
    readonly wide: boolean;
}

const TOP = 36;
const ROWS = 404;
const FONT = 11.5;
/** The rows and columns of an image, and of a neuron's weights drawn as one. */
export const PICTURE_SIDE = 28;
/** A row less high than this has no room for its number. */
export const LEAST_PITCH = FONT;

export function geometry({ sizes, loss }: NetworkShape, wide: boolean): Geometry {
    const digitSize = wide ? 168 : 118, left = 4;
    const blocks: Block[] = [];
    let x = left, y = TOP, most = 0;
    const last = sizes.length;
    const add = (kind: BlockKind, id: string, layer: number, width: number, gap: number, rows: number, pitch: number, more: Partial<Block> = {}) => {
        const appended = kind === "strip" || kind === "appended" || layer < last ? 1 : 0;
        const tall = pitch * (layer < last && layer > 1 ? rows + (kind === "appended" ? 0 : appended) : rows);
        const from = kind === "digit" || kind === "strip" || (kind === "loss" && !wide) ? y : y + Math.max(0, (ROWS - tall) / 2);
        blocks.push({ kind, id, layer, x, y: from, top: y, width, rows, pitch, inputs: 0, pictures: false, ...more });
        x += width + gap;
        most = Math.max(most, x);
    };
    add("digit", "x", 1, digitSize, wide ? 26 : 12, 28, digitSize / 28);
    add("strip", "a1", 1, 15, wide ? 26 : 10, sizes[0]! + 1, (ROWS - 18) / sizes[0]!);
    for (let layer = 2; layer <= last; layer++) {
        const rows = sizes[layer - 1]!, inputs = sizes[layer - 2]!, output = layer === last;
        if (!wide && layer > 2) [x, y] = [left, y + ROWS + 62];
        const pitch = Math.min(38, ROWS / (rows + (output ? 0 : 1)));
        const pictures = inputs === 784 && pitch >= 12;
        const cell = Math.max(1, Math.min(9, (wide ? 150 : 110) / (inputs + 1)));
        const width = pictures ? sideOf({ pitch }) + 16 : Math.min(wide ? 150 : 104, cell * (inputs + 1));
        add("weights", `w${layer - 1}`, layer, width, wide ? 14 : 6, rows, pitch, { inputs, pictures });
        add("sum", `z${layer}`, layer, 68, wide ? 10 : 4, rows, pitch);
        add("activation", `a${layer}`, layer, output ? 68 : 50, wide ? 10 : 4, rows, pitch);
        if (!output) add("appended", `a${layer}_1`, layer, 15, wide ? 24 : 4, rows + 1, pitch);
    }
    const rows = sizes[last - 1]!, pitch = Math.min(38, ROWS / rows);
    add("target", "t", last, 20, wide ? 12 : 6, rows, pitch);
    add("difference", "e", last, wide ? 62 : 60, wide ? 10 : 4, rows, pitch);
    if (wide) {
        add("squares", loss === "squared_error" ? "s" : "c", last, 84, 14, rows, pitch);
        add("loss", "loss", last, 62, 4, 1, pitch);
    } else {
        add("squares", loss === "squared_error" ? "s" : "c", last, 46, 2, rows, pitch);
        [x, y] = [left, y + ROWS + 10];
        add("loss", "loss", last, 120, 0, 1, 36);
    }
    const height = (wide ? TOP + ROWS : blocks.at(-1)!.y + 36) + 8;
    const digit = { x: left, y: TOP, size: digitSize };
    return {
        width: wide ? most : Math.max(384, most), height, blocks, digit,
        pad: { x: left, y: TOP + digitSize + 44, size: digitSize }, wide,
    };
}

/** The side of a neuron's weights drawn as a picture. */
export function sideOf({ pitch }: Pick<Block, "pitch">): number {
    return Math.min(pitch - 1.5, 34);
}

/** Where the biases stand beside weights drawn as pictures. */
export function biasX({ x, width }: Block): number {
    return x + width - 12;
}

/** The middle of a block's row. */
export function middle(block: Block, row: number): number {
    return block.y + (row + 0.5) * block.pitch;
}
