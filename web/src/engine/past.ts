// What the link says of the model after each change, back and forth as the engine's own undo goes; it changes no model.
import { editsProperty } from "../state/edits.ts";
import type { Edit } from "../worker/protocol.ts";

/** A model as a link names it: the fingerprint of the file it began as ("" for the packaged one), and what was changed. */
export interface Named {
    readonly model: string;
    /** The run that it is of, as a link says it (state/runs.ts). */
    readonly made: string;
    readonly edits: readonly Edit[];
}

/** As the link says it: two that read the same are the same. */
export const textOf = ({ model, edits }: Pick<Named, "model" | "edits">): string => `${model}&${editsProperty.write(edits)}`;

export class Past {
    private readonly all: Named[];
    private at = 0;

    constructor(first: Named) {
        this.all = [first];
    }
    get now(): Named {
        return this.all[this.at]!;
    }
    /** A change from here; what had been taken back cannot be brought back any more. */
    add(next: Named): void {
        this.all.splice(++this.at, Infinity, next);
    }
    edited(edit: Edit): void {
        this.add({ ...this.now, edits: [...this.now.edits, edit] });
    }
    /**
     * How to come to `named` from here: so many changes back (or forth, below 0), and what is to be changed then. The
     * nearest earlier state that is a beginning of it, unless it is here already; null where its model was never open.
     */
    wayTo(named: Named): { readonly back: number; readonly edits: readonly Edit[] } | null {
        const wanted = textOf(named);
        const places = this.all.map((_, k) => k).sort((a, b) => Math.abs(a - this.at) - Math.abs(b - this.at));
        const same = places.find((k) => textOf(this.all[k]!) === wanted);
        if (same !== undefined) return { back: this.at - same, edits: [] };
        for (let k = this.at; k >= 0; k--) {
            const { length } = this.all[k]!.edits;
            if (textOf({ model: named.model, edits: named.edits.slice(0, length) }) !== textOf(this.all[k]!)) continue;
            return { back: this.at - k, edits: named.edits.slice(length) };
        }
        return null;
    }
    back(): void {
        this.at = Math.max(0, this.at - 1);
    }
    forth(): void {
        this.at = Math.min(this.all.length - 1, this.at + 1);
    }
}
