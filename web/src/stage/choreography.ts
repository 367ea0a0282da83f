// How far everything has appeared at a moment of a step: pure functions of (steps, caret, progress), without a clock.
import { easeCubicInOut } from "d3-ease";

export interface Moment {
    /** Each step's place in the order. */
    readonly order: ReadonlyMap<string, number>;
    readonly current: number;
    /** Of the current step, 0 … 1. */
    readonly progress: number;
    /** The neuron that is shown slowly; the others follow quickly. */
    readonly leader: number;
}

/** Seconds that a step takes at speed 1. */
export function duration(id: string): number {
    if (id === "a1") return 3;
    if (id.startsWith("z")) return id === "z2" ? 6.5 : 5;
    if (/^a\d+$/.test(id)) return 3.6;
    return id === "x" ? 1.4 : 1.6;
}

/** The part of `progress` between two moments, eased. */
export function between(progress: number, from: number, to: number): number {
    return easeCubicInOut(Math.max(0, Math.min(1, (progress - from) / (to - from))));
}

/** The share of a step that is the leader's; then the others follow. */
export const LEADING = 0.68;

/** Whether a step has been reached: 0 not yet, 1 wholly, between while it is the current one. */
export function reached({ order, current, progress }: Moment, id: string): number {
    const at = order.get(id);
    if (at === undefined || at > current) return 0;
    return at < current ? 1 : progress;
}

/** How far one entry of a column has appeared. */
export function appeared(moment: Moment, id: string, row: number, rows: number): number {
    const share = reached(moment, id);
    if (share === 0 || share === 1) return share;
    if (/^[za]\d+$/.test(id) && id !== "a1") {
        if (row === moment.leader) return between(share, LEADING - 0.1, LEADING - 0.02);
        const from = LEADING + ((row - (row > moment.leader ? 1 : 0)) / rows) * (0.94 - LEADING);
        return between(share, from, from + 0.06);
    }
    if (/_1$/.test(id)) return row === rows - 1 ? between(share, 0.3, 0.95) : 1;
    const from = (row / rows) * 0.7;
    return between(share, from, from + 0.28);
}
