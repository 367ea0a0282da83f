// The current model: a network that can be edited, and every change taken back; it trains nothing and reads no file.
import { checkChoice, checkReal, checkWhole } from "../core/check.ts";
import { InputError } from "../core/errors.ts";
import { say } from "../core/words.ts";
import type { Edit, ModelState } from "./protocol.ts";
import { allOnes, networkState, type Net } from "./state.ts";
import type { ModelFile } from "./modelfile.ts";

const KEPT_BYTES = 2 ** 26; // of earlier models that undo can bring back

interface Named extends Net {
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
}

export class Model {
    private now: Named;
    private past: Named[] = [];
    private future: Named[] = [];
    private version = 1;

    constructor(name: string, file: ModelFile) {
        this.now = { ...file, name, ones: allOnes(file.architecture) };
    }

    get net(): Net {
        return this.now;
    }
    get metadata(): Readonly<Record<string, string>> {
        return this.now.metadata;
    }

    get state(): ModelState {
        const { name, metadata } = this.now;
        return {
            ...networkState(this.now),
            name,
            metadata,
            version: this.version,
            cut: this.cut(),
            canUndo: this.past.length > 0,
            canRedo: this.future.length > 0,
        };
    }

    /** Another network becomes the model. */
    replace(name: string, file: ModelFile): void {
        this.change({ ...file, name, ones: allOnes(file.architecture) });
    }

    /** Raises `InputError` for a place that is not there and for a number that float32 does not have. */
    edit(edit: Edit): void {
        const { architecture, weights, ones } = this.now;
        const { sizes, weightShapes } = architecture;
        checkChoice("edit", edit.kind, ["weight", "one", "cut"]);
        if (edit.kind === "one") {
            const layer = checkWhole("layer", edit.layer, 1, sizes.length - 1);
            if (edit.value !== 0 && edit.value !== 1)
                throw new InputError("1", { expected: "0, 1", found: String(edit.value) });
            this.change({ ...this.now, ones: ones.map((one, k) => (k === layer - 1 ? edit.value : one)) });
            return;
        }
        const changed = weights.slice();
        if (edit.kind === "weight") {
            const names = weightShapes.map((_, k) => `w${k + 1}`);
            const number = checkChoice(say("weights"), edit.matrix, names), [rows, columns] = weightShapes[number]!;
            const row = checkWhole(say("row of {step}", { step: edit.matrix }), edit.row, 0, rows - 1);
            const column = checkWhole(say("column of {step}", { step: edit.matrix }), edit.column, 0, columns - 1);
            const name = `${edit.matrix}[${row}, ${column}]`;
            changed[this.begin(number) + row * columns + column] = checkReal(name, edit.value, "[-1000000, 1000000]");
        } else {
            const layer = checkWhole("layer", edit.layer, 2, sizes.length - 1);
            const unit = checkWhole("unit", edit.unit, 0, sizes[layer - 1]! - 1);
            for (const place of this.leadingOn(layer, unit)) changed[place] = 0;
        }
        // what the file said of its weights is no longer true of these
        this.change({ ...this.now, weights: changed, metadata: {} });
    }

    /** Raises `InputError` when there is nothing to take back. */
    undo(): void {
        this.step(this.past, this.future);
    }
    redo(): void {
        this.step(this.future, this.past);
    }

    private step(from: Named[], to: Named[]): void {
        const other = from.pop();
        if (other === undefined) throw new InputError("undo", { expected: say("a change"), found: say("none") });
        to.push(this.now);
        this.now = other;
        this.version++;
    }

    private change(next: Named): void {
        this.past.push(this.now);
        while (this.past.length > 1 && this.past.reduce((sum, one) => sum + one.weights.byteLength, 0) > KEPT_BYTES) this.past.shift();
        this.future = [];
        this.now = next;
        this.version++;
    }

    private begin(number: number): number {
        return this.now.architecture.weightShapes.slice(0, number).reduce((sum, [rows, columns]) => sum + rows * columns, 0);
    }

    /** The places of the weights by which a unit of a hidden layer reaches the next. */
    private leadingOn(layer: number, unit: number): number[] {
        const [rows, columns] = this.now.architecture.weightShapes[layer - 1]!, begin = this.begin(layer - 1);
        return Array.from({ length: rows }, (_, row) => begin + row * columns + unit);
    }

    private cut(): { layer: number; unit: number }[] {
        const { sizes } = this.now.architecture, found = [];
        for (let layer = 2; layer < sizes.length; layer++)
            for (let unit = 0; unit < sizes[layer - 1]!; unit++)
                if (this.leadingOn(layer, unit).every((place) => this.now.weights[place] === 0)) found.push({ layer, unit });
        return found;
    }
}
