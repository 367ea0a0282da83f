// Changes of the model as the link says them: edits=w1.3.784.0.5_one.1.0_cut.2.4; they are carried out elsewhere.
import type { Edit } from "../worker/protocol.ts";
import type { Property } from "./property.ts";

const MOST = 200;

export const editsProperty: Property<readonly Edit[]> = {
    initial: [],
    read(text) {
        const edits = text.split("_").map(readEdit);
        return edits.length <= MOST && edits.every((edit) => edit !== null) ? edits : undefined;
    },
    write: (edits) => edits.map(writeEdit).join("_"),
};

function writeEdit(edit: Edit): string {
    if (edit.kind === "weight") return `${edit.matrix}.${edit.row}.${edit.column}.${Math.fround(edit.value)}`;
    return edit.kind === "one" ? `one.${edit.layer}.${edit.value}` : `cut.${edit.layer}.${edit.unit}`;
}

function readEdit(text: string): Edit | null {
    const weight = /^(w\d{1,2})\.(\d{1,6})\.(\d{1,6})\.(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(text);
    if (weight) return { kind: "weight", matrix: weight[1]!, row: Number(weight[2]), column: Number(weight[3]), value: Number(weight[4]) };
    const other = /^(one|cut)\.(\d{1,2})\.(\d{1,6})$/.exec(text);
    if (!other) return null;
    const layer = Number(other[2]), last = Number(other[3]);
    if (other[1] === "cut") return { kind: "cut", layer, unit: last };
    return last <= 1 ? { kind: "one", layer, value: last as 0 | 1 } : null;
}
