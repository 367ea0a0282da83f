// A worker with the part of the engine that shows one image; it stands in until the whole engine is there.
import { expose } from "comlink";
import { Core } from "../core/core.ts";
import { Network } from "../core/network.ts";
import { Architecture } from "../core/architecture.ts";
import type { Engine, ModelState, SetInfo, SetName, Sources, IdxPair, More, TraceOptions, Trace } from "../worker/protocol.ts";

let core: Core, network: Network;
const sets = new Map<SetName, { images: Uint8Array; labels: Uint8Array }>();

function put(name: SetName, images: Uint8Array, labels: Uint8Array) {
    sets.set(name, { images, labels });
}
function pair(idx: IdxPair) {
    return { images: idx.images.subarray(16), labels: idx.labels.subarray(8) };
}
function info(): SetInfo[] {
    return [...sets].map(([name, { labels }]) => {
        const perLabel = new Array<number>(10).fill(0);
        for (const label of labels) perLabel[label]!++;
        return { name, count: labels.length, perLabel };
    });
}
function model(): ModelState {
    const { sizes, hidden, output, loss } = network.architecture;
    return {
        sizes, hidden, output, loss, fingerprint: network.fingerprint,
        weights: network.matrices.map((matrix) => ({ ...matrix, data: matrix.data.slice() })),
        ones: sizes.slice(1).map(() => 1 as const), name: "", metadata: {}, version: 1, cut: [], canUndo: false, canRedo: false,
    };
}

const stand: Partial<Engine> = {
    async open(sources: Sources) {
        core = await Core.load(sources.wasm as Uint8Array<ArrayBuffer>);
        const { model: bytes } = sources, length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
        const weights = ["w1", "w2"].map((name) => {
            const [from, to] = header[name].data_offsets, [rows, columns] = header[name].shape;
            return { rows, columns, data: new Float32Array(bytes.slice(8 + length + from, 8 + length + to).buffer) };
        });
        network = Network.fromWeights(core, weights, { ...new Architecture() });
        const test = pair(sources.test);
        put("test", test.images, test.labels);
        return { sets: info(), model: model() };
    },
    add(more: More) {
        if ("file" in more) {
            const { images, labels } = pair(more.file);
            put("validation", images.subarray(0, 5000 * 784), labels.subarray(0, 5000));
            put("train", images.subarray(5000 * 784), labels.subarray(5000));
        }
        return info();
    },
    useLanguage() {},
    sets: info,
    wholeSet(name) {
        const { images, labels } = sets.get(name)!;
        return { images: images.slice(), labels: labels.slice() };
    },
    images(name, indices) {
        const { images, labels } = sets.get(name)!;
        const out = new Uint8Array(784 * indices.length);
        Array.from(indices).forEach((at, i) => out.set(images.subarray(at * 784, at * 784 + 784), i * 784));
        return { images: out, labels: Uint8Array.from(Array.from(indices), (at) => labels[at]!) };
    },
    frame: (ink, height, width) => core.frame(ink, height, width),
    model,
    trace(image: Uint8Array, options: TraceOptions = {}): Trace {
        const steps = network.trace(image, options.label ?? null);
        const outputs = steps.get("a3")!.data;
        const confidence = Math.max(...outputs);
        const { sizes, hidden, output, loss } = network.architecture;
        const { fingerprint } = network, label = options.label ?? null;
        return { sizes, hidden, output, loss, steps, label, prediction: outputs.indexOf(confidence), confidence, fingerprint, ones: [1, 1] };
    },
};
expose(stand);
