// What the link says of the model after each change, back and forth as the engine's own undo goes; it changes no model.
import type { Edit } from "../worker/protocol.ts";

/** A model as a link names it: the fingerprint of the file it began as ("" for the packaged one), and what was changed. */
export interface Named {
    readonly model: string;
    readonly edits: readonly Edit[];
}

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
        this.add({ model: this.now.model, edits: [...this.now.edits, edit] });
    }
    back(): void {
        this.at = Math.max(0, this.at - 1);
    }
    forth(): void {
        this.at = Math.min(this.all.length - 1, this.at + 1);
    }
}
