// The link: every state comes back from its fragment, and a fragment that says nonsense gives the state at first.
import { describe, expect, test } from "vitest";
import { initialState, readLink, writeLink, type State } from "../../src/state/table.ts";

const states: Partial<State>[] = [
    {},
    { room: "loss", lang: "en", theme: "dark", projector: true },
    { picture: { kind: "set", set: "train", index: 54_999 }, step: "z2", depth: "neuron", layer: 3, neuron: 9, bias: "separate" },
    { picture: { kind: "drawn", strokes: "AAIKCxQV" }, raw: true },
    { picture: { kind: "pixels", pixels: Uint8Array.from({ length: 784 }, (_, i) => (i % 5 === 0 ? i % 256 : 0)) } },
    { picture: { kind: "pixels", pixels: new Uint8Array(784).fill(255) } },
    {
        edits: [
            { kind: "weight", matrix: "w1", row: 3, column: 784, value: -0.30000001192092896 },
            { kind: "weight", matrix: "w2", row: 0, column: 1, value: 1e-10 },
            { kind: "one", layer: 1, value: 0 },
            { kind: "cut", layer: 2, unit: 13 },
        ],
    },
];

describe("a state comes back from its link", () => {
    test.each(states)("%o", (some) => {
        const state = { ...initialState(), ...some };
        const edits = state.edits.map((edit) => ("matrix" in edit ? { ...edit, value: Math.fround(edit.value) } : edit));
        expect(readLink(writeLink(state))).toEqual({ ...state, edits });
    });
});

test("the link that is given to people is short and plain", () => {
    expect(writeLink(initialState())).toBe("#room=forward&test=0&lang=ko");
    expect(writeLink({ ...initialState(), step: "z2", lang: "en" })).toBe("#room=forward&test=0&lang=en&step=z2");
});

test.each([
    "", "#", "#room=kitchen&test=-1", "#test=70000", "#test=1.5", "#neuron=1e99", "#layer=0", "#projector=yes", "#drawn=%00", "#pixels=AAAA",
    "#edits=w1.0.0.x", "#edits=one.1.2", "#step=%3Cscript%3E", `#pixels=${"A".repeat(5000)}`, "#%E0%A4%A=1", "#lang=fr&theme=",
])("nonsense is as if it were not there: %s", (fragment) => {
    expect(readLink(fragment)).toEqual(initialState());
});
