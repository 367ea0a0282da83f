// The labeled sets that are at hand, in JavaScript's memory: counts, images, means, the split. It knows no network.
import { checkChoice, checkWhole } from "../core/check.ts";
import { InputError } from "../core/errors.ts";
import { TrainingSet } from "../core/images.ts";
import type { Core } from "../core/core.ts";
import { say } from "../core/words.ts";
import { PIXELS, readPair } from "./idx.ts";
import type { IdxPair, LabeledImages, More, SetInfo, SetName } from "./protocol.ts";
import { sha256Of } from "./sum.ts";

const NAMES: readonly SetName[] = ["train", "validation", "test"];
const VALIDATION = 5_000; // the first images of MNIST's training file

export class Sets {
    private readonly held = new Map<SetName, LabeledImages>();
    private packed: TrainingSet | null = null;
    private readonly sums = new Map<number, Promise<string>>();

    /** Take the test set, or raise `FileFormatError`. */
    takeTest(files: IdxPair): void {
        this.held.set("test", readPair("test", files));
    }

    /** Take training and validation images; nothing is taken where one of the files is at fault. */
    take(more: More): void {
        const taken = new Map<SetName, LabeledImages>();
        if ("file" in more) {
            const { images, labels } = readPair("train", more.file);
            const cut = Math.min(VALIDATION, labels.length);
            taken.set("validation", { images: images.subarray(0, cut * PIXELS), labels: labels.subarray(0, cut) });
            if (labels.length > cut)
                taken.set("train", { images: images.subarray(cut * PIXELS), labels: labels.subarray(cut) });
        } else {
            for (const name of ["train", "validation"] as const)
                if (more[name]) taken.set(name, readPair(name, more[name]));
        }
        for (const [name, set] of taken) this.held.set(name, set);
        if (!taken.has("train")) return;
        this.packed?.free();
        this.packed = null;
        this.sums.clear();
    }

    get info(): SetInfo[] {
        return NAMES.filter((name) => this.held.has(name)).map((name) => {
            const { labels } = this.held.get(name)!;
            const perLabel = new Array<number>(10).fill(0);
            for (const label of labels) perLabel[label]!++;
            return { name, count: labels.length, perLabel };
        });
    }

    has(name: SetName): boolean {
        return this.held.has(name);
    }

    /** The set itself, not to be changed. Raises `InputError` for one that is not at hand. */
    get(name: SetName): LabeledImages {
        checkChoice("set", name, NAMES);
        const set = this.held.get(name);
        if (set) return set;
        const expected = this.info.map((info) => info.name).join(", ");
        throw new InputError("set", { expected, found: name, advice: say("these images have not been loaded") });
    }

    /** Copies of images `indices`. */
    pick(name: SetName, indices: ArrayLike<number>): LabeledImages {
        const { images, labels } = this.get(name);
        const picked = { images: new Uint8Array(indices.length * PIXELS), labels: new Uint8Array(indices.length) };
        for (let k = 0; k < indices.length; k++) {
            const index = checkWhole("index", indices[k], 0, labels.length - 1);
            picked.images.set(images.subarray(index * PIXELS, (index + 1) * PIXELS), k * PIXELS);
            picked.labels[k] = labels[index]!;
        }
        return picked;
    }

    /** The mean image of each label, rounded: (10, 784); blank where there is none. */
    means(name: SetName): Uint8Array {
        const { images, labels } = this.get(name);
        const sums = new Float64Array(10 * PIXELS), counts = new Array<number>(10).fill(0);
        for (let i = 0; i < labels.length; i++) {
            const to = labels[i]! * PIXELS, from = i * PIXELS;
            counts[labels[i]!]!++;
            for (let j = 0; j < PIXELS; j++) sums[to + j] = sums[to + j]! + images[from + j]!;
        }
        return Uint8Array.from(sums, (sum, k) => Math.round(sum / Math.max(1, counts[Math.floor(k / PIXELS)]!)));
    }

    /** All training images, packed in the core's memory. */
    training(core: Core): TrainingSet {
        const { images, labels } = this.get("train");
        return (this.packed ??= new TrainingSet(core, images, labels));
    }

    /** The SHA-256 of the first `count` training images' bytes followed by their labels', as in a run's address. */
    trainingSum(count: number): Promise<string> {
        const { images, labels } = this.get("train");
        let sum = this.sums.get(count);
        if (!sum) this.sums.set(count, (sum = sha256Of(images.subarray(0, count * PIXELS), labels.subarray(0, count))));
        return sum;
    }
}
