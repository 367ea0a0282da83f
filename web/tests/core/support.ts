// What the core's tests share: the core itself, MNIST, the packaged model and the golden numbers. It tests nothing.
import { readFileSync } from "node:fs";
import { Architecture, Core, sha256, type ArchitectureOptions, type Distortion, type Rule } from "../../src/core/index.ts";

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT));

/** Made by `make wasm`; GLASSNET_WASM names another file. */
export const WASM = process.env["GLASSNET_WASM"] ?? new URL("build/core.wasm", ROOT);
export const freshCore = () => Core.load(readFileSync(WASM));

export interface Images {
    images: Uint8Array;
    labels: Uint8Array;
}

/** Images first … first + count − 1 of the training set, which begins behind the 5,000 of validation, or of the test set. */
export function mnist(set: "train" | "test", count: number, first = 0): Images {
    const name = set === "train" ? "train" : "t10k", from = first + (set === "train" ? 5000 : 0);
    const folder = `src/glassnet/data/mnist/${name}`;
    return {
        images: new Uint8Array(read(`${folder}-images-idx3-ubyte`).subarray(16 + from * 784, 16 + (from + count) * 784)),
        labels: new Uint8Array(read(`${folder}-labels-idx1-ubyte`).subarray(8 + from, 8 + from + count)),
    };
}

/** The weights (P,) of the packaged 784-14-10. */
export function lectureWeights(): Float32Array {
    const file = read("src/glassnet/models/lecture.safetensors");
    const length = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString("utf8", 8, 8 + length));
    const tensors = ["w1", "w2"].map((name) => header[name].data_offsets as [number, number]);
    const parts = tensors.map(([begin, end]) => file.subarray(8 + length + begin, 8 + length + end));
    return new Float32Array(new Uint8Array(Buffer.concat(parts)).buffer);
}

/** The SHA-256 of an array's numbers, little-endian. */
export const sum = (array: Uint8Array | Uint32Array | Float32Array) =>
    sha256(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));

// ---- the golden numbers, as Python wrote them ---------------------------------------------------------------------

type Described = Required<ArchitectureOptions>;
interface PythonRule {
    batch_size: number;
    optimizer: Rule["optimizer"];
    learning_rate: number;
    momentum: number;
    schedule: Rule["schedule"];
    warmup: number;
    updates: number;
    average: number;
}
export interface Ink {
    test: number;
    times: number;
    height: number;
    width: number;
    top: number;
    left: number;
    binary: boolean;
    sha256: string;
}
export interface Golden {
    initial_weights: (Described & { seed: string; fingerprint: string })[];
    order: { seed: string; epoch: number; count: number; first: number[]; sha256: string }[];
    learning_rate: { rule: PythonRule; rates: number[] }[];
    distort: { distortion: Distortion; seed: string; update: number; count: number; sha256: string }[];
    frame: Ink[];
    forward: Described & {
        fingerprint: string; count: number; first: number[]; outputs_sha256: string; losses_sha256: string; right: number;
    };
    steps: (Described & { label: number | null; shapes: [string, number, number][]; sha256: string })[];
    written: { float64: string; text: string }[];
    gradient: (Described & { count: number; mean_loss: number; sha256: string })[];
    updates: (Described & {
        rule: PythonRule; distortion: Distortion | null; seed: string; count: number; epochs: number; update: number;
        losses_sha256: string; last_loss: number; weights: string; memory: string[]; average: string | null;
    })[];
    errors: Record<"en" | "ko", Record<string, string>>;
}
export const golden = JSON.parse(read("tests/golden/core.json").toString("utf8")) as Golden;

export const architectureOf = ({ sizes, hidden, output, loss }: Described) =>
    new Architecture({ sizes, hidden, output, loss });

export const ruleOf = (rule: PythonRule): Rule => ({
    batchSize: rule.batch_size, optimizer: rule.optimizer, learningRate: rule.learning_rate, momentum: rule.momentum,
    schedule: rule.schedule, warmup: rule.warmup, updates: rule.updates, average: rule.average,
});
