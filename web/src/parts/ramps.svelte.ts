// The ramps of the theme that is shown, made once for each; whoever draws with them draws again when it changes.
import { shown } from "../state/studio.svelte.ts";
import { rampOf, type Ramp, type Role } from "./ramp.ts";

const made = new Map<string, Ramp>();

export function ramp(role: Role): Ramp {
    const key = `${shown.theme} ${role}`; // read here, so that the caller depends on it
    let found = made.get(key);
    if (!found) made.set(key, (found = rampOf(role)));
    return found;
}
