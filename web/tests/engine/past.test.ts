// The way to the model of a link: as few changes as it takes, and nothing that was open is thrown away.
import { expect, test } from "vitest";
import { Past, type Named } from "../../src/engine/past.ts";
import type { Edit } from "../../src/worker/protocol.ts";

const change = (column: number): Edit => ({ kind: "weight", matrix: "w1", row: 0, column, value: 0.5 });
const named = (model: string, ...columns: number[]): Named => ({ model, made: "", edits: columns.map(change) });

/** The packaged model, two changes, another model, one change; two of them taken back. */
function past(): Past {
    const all = new Past(named(""));
    all.edited(change(1));
    all.edited(change(2));
    all.add(named("beef"));
    all.edited(change(3));
    all.back();
    all.back();
    return all;
}

test.each<[string, Named, { back: number; edits: Edit[] } | null]>([
    ["here", named("", 1, 2), { back: 0, edits: [] }],
    ["earlier", named("", 1), { back: 1, edits: [] }],
    ["at first", named(""), { back: 2, edits: [] }],
    ["what was taken back", named("beef", 3), { back: -2, edits: [] }],
    ["one more", named("", 1, 2, 4), { back: 0, edits: [change(4)] }],
    ["another second change", named("", 1, 5, 6), { back: 1, edits: [change(5), change(6)] }],
    ["a model that is not open now", named("beef", 4), null],
    ["a model that never was", named("cafe"), null],
])("%s", (_, wanted, way) => expect(past().wayTo(wanted)).toEqual(way));

test("a number is the same in a link, where it is a float32", () => {
    const all = new Past(named(""));
    all.edited({ kind: "weight", matrix: "w2", row: 0, column: 0, value: 0.1 });
    const read: Edit = { kind: "weight", matrix: "w2", row: 0, column: 0, value: Math.fround(0.1) };
    expect(all.wayTo({ model: "", made: "", edits: [read] })).toEqual({ back: 0, edits: [] });
});
