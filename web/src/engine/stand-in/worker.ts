// The worker without training: the sets, the current model, traces and evaluations. It stands in until the engine is whole.
import { expose } from "comlink";
import { Architecture } from "../../core/architecture.ts";
import { Core } from "../../core/core.ts";
import { UnavailableError } from "../../core/errors.ts";
import { Network } from "../../core/network.ts";
import { useLanguage } from "../../core/words.ts";
import type { Engine, Filter, NetworkRef, SetName, Trace, TraceOptions } from "../../worker/protocol.ts";
import { evaluateSet, outputsOf } from "./evaluate.ts";
import { Models } from "./models.ts";
import { nearest } from "./nearest.ts";
import { plainly } from "./problems.ts";
import { Sets } from "./sets.ts";

let core: Core, models: Models;
const sets = new Sets();
const predictions = new Map<string, Promise<Uint8Array>>();

function networkAt(at: NetworkRef = "model"): Network {
    if (at === "model") return models.network;
    throw new UnavailableError(`run ${at.run}`);
}

function trace(image: Uint8Array, { label = null, at = "model", as }: TraceOptions = {}): Trace {
    let network = networkAt(at);
    if (as) network = Network.fromWeights(core, network.matrices, { ...network.architecture, ...as });
    const { sizes, hidden, output, loss } = network.architecture, { ones } = models.state;
    const steps = network.trace(image, label);
    ones.forEach((one, i) => {
        const column = steps.get(i === 0 ? "a1" : `a${i + 1}_1`);
        if (column) column.data[column.rows - 1] = one;
    });
    const outputs = steps.get(`a${sizes.length}`)!.data;
    const confidence = outputs.reduce((most, value) => Math.max(most, value), -Infinity);
    return {
        sizes, hidden, output, loss, steps, label, prediction: Math.max(0, outputs.indexOf(confidence)), confidence,
        fingerprint: network.fingerprint, ones,
    };
}

async function find(name: SetName, { label, predicted, wrong, at = "model" }: Filter): Promise<Uint32Array> {
    const set = sets.get(name), needed = predicted !== undefined || wrong !== undefined;
    const read = needed ? await predictionsOf(name, networkAt(at)) : null;
    const fits = (i: number) =>
        (label === undefined || set.labels[i] === label) && (predicted === undefined || read![i] === predicted) &&
        (wrong === undefined || (read![i] !== set.labels[i]) === wrong);
    return Uint32Array.from(Array.from(set.labels.keys()).filter(fits));
}

function predictionsOf(name: SetName, network: Network): Promise<Uint8Array> {
    const key = `${name} ${sets.get(name).labels.length} ${network.fingerprint} ${network.architecture.hidden}`;
    let found = predictions.get(key);
    if (!found) {
        if (predictions.size > 20) predictions.clear();
        found = outputsOf(network, sets.get(name)).then(({ outputs }) =>
            Uint8Array.from({ length: outputs.length / 10 }, (_, i) => {
                let best = 0;
                for (let k = 1; k < 10; k++) if (outputs[i * 10 + k]! > outputs[i * 10 + best]!) best = k;
                return best;
            }));
        predictions.set(key, found);
    }
    return found;
}

const engine: Partial<Engine> = {
    async open({ wasm, model, test }) {
        core = await Core.load(wasm as Uint8Array<ArrayBuffer>);
        models = new Models(core);
        sets.takeTest(test);
        const state = models.open(model, "");
        return { sets: sets.info, model: state };
    },
    add(more) {
        sets.take(more);
        return sets.info;
    },
    useLanguage,
    sets: () => sets.info,
    wholeSet(name) {
        const { images, labels } = sets.get(name);
        return { images: images.slice(), labels: labels.slice() };
    },
    images: (name, indices) => sets.pick(name, indices),
    meanDigits: (name) => sets.means(name),
    find,
    frame: (ink, height, width) => core.frame(ink, height, width),
    nearest(image, count) {
        const name = sets.has("train") ? "train" : "validation";
        return nearest(name, sets.get(name), image, count);
    },
    model: () => models.state,
    load: (bytes, name) => models.open(bytes, name),
    save: () => models.save(),
    initial(shape, seed) {
        const architecture = new Architecture(shape);
        return models.adopt(architecture, Network.initial(core, architecture, BigInt(seed)).matrices, `seed ${seed}`);
    },
    edit: (edit) => models.edit(edit),
    undo: () => models.undo(),
    redo: () => models.redo(),
    network: () => models.state,
    trace,
    evaluate: (name, at, progress) => evaluateSet(networkAt(at), name, sets.get(name), progress),
    recipes: () => ({}),
    runs: () => [],
};

expose(plainly(engine));
