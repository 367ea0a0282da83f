// The settings as they were before each change of theirs, back and forth. It says nothing of the model and its changes.
import { RUN_FIELDS } from "../../state/runs.ts";
import { studio } from "../../state/studio.svelte.ts";
import { forgetUnfit } from "./unfit.svelte.ts";

type Kept = Pick<typeof studio, (typeof RUN_FIELDS)[number] | "typedRate">;

const MOST = 200; // changes
let before: readonly Kept[] = $state.raw([]);
let after: readonly Kept[] = $state.raw([]);
let begun: Kept | null = null; // what stood there before the change that is being made
let field: EventTarget | null = null; // in which it is made

const NAMES = [...RUN_FIELDS, "typedRate"] as const;
const now = () => Object.fromEntries(NAMES.map((name) => [name, studio[name]])) as unknown as Kept;
const differs = (one: Kept, other: Kept) => NAMES.some((name) => one[name] !== other[name]);

function put(kept: Kept): void {
    forgetUnfit();
    Object.assign(studio, kept);
}

export const settingsPast = {
    get canUndo() {
        return before.length > 0;
    },
    get canRedo() {
        return after.length > 0;
    },
    /** A field is about to change; typing goes on until `end`. */
    begin({ target }: Event): void {
        if (target !== field) settingsPast.end();
        field = target;
        begun ??= now();
    },
    end(): void {
        if (begun && differs(begun, now())) [before, after] = [[...before, begun].slice(-MOST), []];
        begun = null;
    },
    undo(): void {
        const kept = before.at(-1);
        if (!kept) return;
        [before, after] = [before.slice(0, -1), [...after, now()]];
        put(kept);
    },
    redo(): void {
        const kept = after.at(-1);
        if (!kept) return;
        [before, after] = [[...before, now()], after.slice(0, -1)];
        put(kept);
    },
};
