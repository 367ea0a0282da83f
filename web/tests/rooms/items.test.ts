// What hangs on the wall of the room Data: filters, orders, and the way back from an image to its place.
import { expect, test } from "vitest";
import { itemAt, wallItems, whereIs, type Known, type Wanted } from "../../src/rooms/data/items.ts";

const SETS: readonly Known[] = [
    { set: "test", labels: Uint8Array.of(7, 2, 7), predicted: Uint8Array.of(7, 3, 1), losses: Float32Array.of(0.1, 1.5, 0.9) },
    { set: "validation", labels: Uint8Array.of(2, 0), predicted: Uint8Array.of(2, 6), losses: Float32Array.of(0.2, 1.8) },
    { set: "train", labels: Uint8Array.of(7), predicted: null, losses: null },
];
const ALL: Wanted = { set: "all", label: -1, read: "all", order: "number" };
const shown = (wanted: Partial<Wanted>) =>
    Array.from(wallItems(SETS, { ...ALL, ...wanted }), (item) => `${SETS[itemAt(item).place]!.set} ${itemAt(item).index}`);

test("everything, in the order of the sets", () => {
    expect(shown({})).toEqual(["test 0", "test 1", "test 2", "validation 0", "validation 1", "train 0"]);
});

test("by set, by label, by whether the network is wrong", () => {
    expect(shown({ set: "validation" })).toEqual(["validation 0", "validation 1"]);
    expect(shown({ label: 7 })).toEqual(["test 0", "test 2", "train 0"]);
    expect(shown({ read: "wrong" })).toEqual(["test 1", "test 2", "validation 1"]);
    expect(shown({ read: "right", label: 7 })).toEqual(["test 0"]);
    expect(shown({ set: "train", label: 3 })).toEqual([]);
});

test("in the order of labels, or the largest loss first and what was not read last", () => {
    expect(shown({ order: "label" })).toEqual(["validation 1", "test 1", "validation 0", "test 0", "test 2", "train 0"]);
    expect(shown({ order: "loss" })).toEqual(["validation 1", "test 1", "test 2", "validation 0", "test 0", "train 0"]);
});

test("an image is found again where it hangs", () => {
    const items = wallItems(SETS, { ...ALL, order: "loss" });
    expect(whereIs(items, 1, 1)).toBe(0);
    expect(whereIs(items, 1, 7)).toBe(-1);
    expect(whereIs(items, -1, 0)).toBe(-1);
});
