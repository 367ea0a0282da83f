// The link: every state comes back from its fragment, and a fragment that says nonsense gives the state at first.
import { describe, expect, test } from "vitest";
import { keyOf, readRun, textsOf, writeRun } from "../../src/state/runs.ts";
import { initialState, readLink, unreadIn, writeLink, type State } from "../../src/state/table.ts";

const states: Partial<State>[] = [
    {},
    { room: "loss", lang: "en", theme: "dark", projector: true },
    { picture: { kind: "set", set: "train", index: 54_999 }, step: "z2", depth: "neuron", layer: 3, neuron: 9, bias: "separate" },
    { picture: { kind: "drawn", strokes: "AAIKCxQV" }, raw: true },
    { picture: { kind: "pixels", pixels: Uint8Array.from({ length: 784 }, (_, i) => (i % 5 === 0 ? i % 256 : 0)) } },
    { picture: { kind: "pixels", pixels: new Uint8Array(784).fill(255) } },
    { runs: ["to(0)", "rate(0.25)epochs(3)to(1200)", "sizes(784-30-10)pair(softmax + cross_entropy)from(0123456789abcdef)to(7)"], run: 2 },
    { prediction: [1.4140881354762769e-8, 0.00001234567890123456, 0.8197715878486633, 0, 1, 0.5, 0.000001, 0.3, 0.1, 1e-38], against: 9 },
    { model: "0123456789abcdef", made: "optimizer(adam)rate(0.001)rotateBy(8)seed(18446744073709551615)count(1000)to(55)" },
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
    "#edits=w1.0.0.x", "#edits=one.1.2", "#step=%3Cscript%3E", `#pixels=${"A".repeat(5000)}`, "#%E0%A4%A=1",
    "#runs=", "#runs=rate(0.5)", "#runs=rate(-1)to(3)", "#runs=to(3)~", "#runs=color(red)to(3)", "#runs=to(x)", "#made=to(1)to(1", "#made=__proto__(1)to(1)",
    "#runs=to(5501)", "#runs=epochs(2)batch(64)count(1000)to(33)", // behind their ends
    `#runs=${Array(41).fill("to(1)").join("~")}`, "#lang=fr&theme=",
])("nonsense is as if it were not there: %s", (fragment) => {
    expect(readLink(fragment)).toEqual(initialState());
});

test.each([
    ["#room=kitchen&test=-1&lang=ko", ["room", "test"]], ["#runs=to(3)~&layer=0&step=z2", ["runs", "layer"]], ["#colour=red", ["colour"]],
    ["", []], ["#room=data&train=5&lang=en&edits=one.1.0&model=0123456789abcdef", []], ["#drawn=AAIK", []], ["#pixels=AAAA", ["pixels"]],
])("what cannot be read is named: %s", (fragment, names) => {
    expect(unreadIn(fragment)).toEqual(names);
});

test("a link that the page writes can be read wholly", () => {
    for (const some of states) expect(unreadIn(writeLink({ ...initialState(), ...some }))).toEqual([]);
});

describe("runs", () => {
    const info = (text: string) => {
        const { settings, to, from } = readRun(text)!;
        const images = settings.images ?? 55_000;
        const known = { run: 1, status: "paused", updates: 1000, updatesPerEpoch: 10, diverged: null, dataSha256: null } as const;
        return { ...known, settings, images, update: to, start: from ?? "" };
    };
    test.each([
        "to(0)", "hidden(relu)optimizer(momentum)rate(0.03)momentum(0.5)schedule(cosine)warmup(2)batch(32)undistorted(1)evaluateEvery(0)to(9)",
    ])("come back from their settings: %s", (text) => {
        expect(writeRun(info(text))).toBe(text);
        expect(keyOf(info(text))).toBe(readRun(text)!.key);
    });
    test("are named once, as far as they got, the last forty", () => {
        expect(textsOf([info("to(3)"), info("rate(2)to(1)"), info("to(9)")])).toEqual(["to(9)", "rate(2)to(1)"]);
        expect(textsOf(Array.from({ length: 50 }, (_, seed) => info(`seed(${seed + 1})to(1)`)))).toHaveLength(40);
    });
});
