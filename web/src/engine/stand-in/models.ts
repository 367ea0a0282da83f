// The current model and what came before it: opened, edited, undone. It traces and evaluates nothing.
import type { Architecture } from "../../core/architecture.ts";
import { checkChoice, checkReal, checkWhole } from "../../core/check.ts";
import type { Core } from "../../core/core.ts";
import { Network, type Matrix } from "../../core/network.ts";
import type { Edit, ModelState } from "../../worker/protocol.ts";
import { fingerprintOf, readModel, writeModel } from "./safetensors.ts";

interface Model {
    readonly architecture: Architecture;
    readonly weights: readonly Matrix[];
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly ones: readonly (0 | 1)[];
    readonly cut: readonly { readonly layer: number; readonly unit: number }[];
}

const MOST_UNDOS = 200;

export class Models {
    private readonly core: Core;
    private past: Model[] = [];
    private future: Model[] = [];
    private version = 0;
    private current: Model | null = null;

    constructor(core: Core) {
        this.core = core;
    }

    private get model(): Model {
        return this.current!;
    }

    private take(model: Model): ModelState {
        if (this.current) this.past = [...this.past, this.current].slice(-MOST_UNDOS);
        this.future = [];
        this.current = model;
        this.version++;
        return this.state;
    }

    open(bytes: Uint8Array, name: string): ModelState {
        const { architecture, weights, metadata } = readModel(name, bytes);
        return this.take({ architecture, weights, name, metadata, ones: architecture.weightShapes.map(() => 1 as const), cut: [] });
    }

    adopt(architecture: Architecture, weights: readonly Matrix[], name: string): ModelState {
        return this.take({ architecture, weights, name, metadata: {}, ones: architecture.weightShapes.map(() => 1 as const), cut: [] });
    }

    save(): Uint8Array {
        return writeModel({ ...this.model, weights: this.used });
    }

    edit(edit: Edit): ModelState {
        const { architecture, weights, ones, cut } = this.model;
        const changed = { ...this.model, metadata: {} };
        if (edit.kind === "one") {
            const layer = checkWhole("layer", edit.layer, 1, weights.length), value = checkWhole("value", edit.value, 0, 1) as 0 | 1;
            return this.take({ ...changed, ones: ones.map((one, i) => (i === layer - 1 ? value : one)) });
        }
        if (edit.kind === "cut") {
            const layer = checkWhole("layer", edit.layer, 2, weights.length);
            const unit = checkWhole("unit", edit.unit, 0, architecture.sizes[layer - 1]! - 1);
            const isolated = copy(weights[layer - 1]!);
            for (let row = 0; row < isolated.rows; row++) isolated.data[row * isolated.columns + unit] = 0;
            return this.take({ ...changed, weights: replaced(weights, layer - 1, isolated), cut: [...cut, { layer, unit }] });
        }
        const which = checkChoice("matrix", edit.matrix, weights.map((_, i) => `w${i + 1}`)), matrix = copy(weights[which]!);
        const row = checkWhole("row", edit.row, 0, matrix.rows - 1), column = checkWhole("column", edit.column, 0, matrix.columns - 1);
        matrix.data[row * matrix.columns + column] = checkReal(`${edit.matrix}[${row}, ${column}]`, edit.value, "[-1e+06, 1e+06]");
        return this.take({ ...changed, weights: replaced(weights, which, matrix) });
    }

    undo(): ModelState {
        return this.step(this.past, this.future);
    }

    redo(): ModelState {
        return this.step(this.future, this.past);
    }

    private step(from: Model[], to: Model[]): ModelState {
        const found = from.pop();
        if (found) {
            to.push(this.model);
            this.current = found;
            this.version++;
        }
        return this.state;
    }

    /** The weights that count: without biases where the 1 is a 0. */
    private get used(): readonly Matrix[] {
        return this.model.weights.map((matrix, i) => {
            if (this.model.ones[i] === 1) return matrix;
            const without = copy(matrix);
            for (let row = 1; row <= without.rows; row++) without.data[row * without.columns - 1] = 0;
            return without;
        });
    }

    get network(): Network {
        const { sizes, hidden, output, loss } = this.model.architecture;
        return Network.fromWeights(this.core, this.used, { sizes, hidden, output, loss });
    }

    get state(): ModelState {
        const { architecture, weights, name, metadata, ones, cut } = this.model;
        const { sizes, hidden, output, loss } = architecture;
        return {
            sizes, hidden, output, loss, weights: weights.map(copy), fingerprint: fingerprintOf(this.used), ones, name, metadata,
            version: this.version, cut, canUndo: this.past.length > 0, canRedo: this.future.length > 0,
        };
    }
}

function copy(matrix: Matrix): Matrix {
    return { ...matrix, data: matrix.data.slice() };
}

function replaced(weights: readonly Matrix[], at: number, matrix: Matrix): Matrix[] {
    return weights.map((other, i) => (i === at ? matrix : other));
}
