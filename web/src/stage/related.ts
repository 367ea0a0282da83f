// Which places belong together when the pointer is on one: a pixel, its entry of a1, its column of w1; a neuron, its row.
import type { Spot } from "../state/focus.svelte.ts";

export interface Related {
    /** The input (from 0) whose way is followed, or null. */
    readonly pixel: number | null;
    /** The neuron of each layer that is lit, by layer. */
    readonly units: ReadonlyMap<number, number>;
}

/** `pixels` is the number of inputs: the entry behind them is the 1. */
export function related(spot: Spot | null): Related {
    const units = new Map<number, number>();
    let pixel: number | null = null;
    if (spot) {
        const { name, row, column } = spot;
        const layer = Number(/^[aze]?(\d+)/.exec(name)?.[1] ?? 0), weights = /^w(\d+)$/.exec(name);
        if (name === "x" || name === "a1") pixel = row ?? null;
        else if (weights) {
            const p = Number(weights[1]);
            if (row !== undefined) units.set(p + 1, row);
            if (column !== undefined) {
                if (p === 1) pixel = column;
                else units.set(p, column);
            }
        } else if (layer > 1 && row !== undefined) units.set(layer, row);
        else if (/^[tesc]$/.test(name) && row !== undefined) units.set(-1, row);
    }
    return { pixel, units };
}
