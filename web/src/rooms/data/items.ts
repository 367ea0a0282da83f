// Which images hang on the wall, and in what order: a pure function of the sets and what is wanted. It draws nothing.
import type { SetName } from "../../worker/protocol.ts";

/** A set as far as it is known; without `predicted` and `losses` the network has not read it yet. */
export interface Known {
    readonly set: SetName;
    /** (n,) each. */
    readonly labels: Uint8Array;
    readonly predicted: Uint8Array | null;
    readonly losses: Float32Array | null;
}

export interface Wanted {
    readonly set: SetName | "all";
    /** 0 … 9, or -1 for all. */
    readonly label: number;
    readonly read: "all" | "wrong" | "right";
    readonly order: "number" | "label" | "loss";
}

const ROOM = 2 ** 17; // a place in `sets` and an index in one number, since there are 70,000 of them

/** The images as numbers that `itemAt` takes apart; an image that has not been read is neither wrong nor right. */
export function wallItems(sets: readonly Known[], { set, label, read, order }: Wanted): Uint32Array {
    const found: number[] = [];
    sets.forEach(({ set: name, labels, predicted }, place) => {
        if (set !== "all" && set !== name) return;
        for (let index = 0; index < labels.length; index++) {
            if (label >= 0 && labels[index] !== label) continue;
            if (read !== "all" && (!predicted || (predicted[index] === labels[index]) !== (read === "right"))) continue;
            found.push(place * ROOM + index);
        }
    });
    const labelOf = (item: number) => sets[Math.floor(item / ROOM)]!.labels[item % ROOM]!;
    const lossOf = (item: number) => sets[Math.floor(item / ROOM)]!.losses?.[item % ROOM] ?? -1;
    if (order === "label") found.sort((one, other) => labelOf(one) - labelOf(other) || one - other);
    if (order === "loss") found.sort((one, other) => lossOf(other) - lossOf(one) || one - other);
    return Uint32Array.from(found);
}

export function itemAt(item: number): { readonly place: number; readonly index: number } {
    return { place: Math.floor(item / ROOM), index: item % ROOM };
}

/** Where image `index` of the set at `place` hangs, or -1. */
export function whereIs(items: Uint32Array, place: number, index: number): number {
    return place < 0 ? -1 : items.indexOf(place * ROOM + index);
}
