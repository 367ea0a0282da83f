// All images of a set on the page's side, for the wall that scrolls; brought once, when a room wants them.
import { untrack } from "svelte";
import type { LabeledImages, SetName } from "../worker/protocol.ts";
import { tellProblem } from "../frame/messages.svelte.ts";
import { engine } from "./engine.ts";
import { countOf } from "./session.svelte.ts";

let held: Partial<Record<SetName, LabeledImages>> = $state.raw({});
const asked = new Map<SetName, number>();

/** The set's images and labels, or null while they are not here. */
export function wholeSet(set: SetName): LabeledImages | null {
    const found = held[set];
    return found && found.labels.length === countOf(set) ? found : null;
}

/** Bring a set, once; call it in an effect, so that one that comes later is brought too. */
export function wantWholeSet(set: SetName): void {
    const count = countOf(set);
    if (count === 0 || asked.get(set) === count) return;
    asked.set(set, count);
    engine().wholeSet(set).then((images) => (held = { ...untrack(() => held), [set]: images }), tellProblem);
}
