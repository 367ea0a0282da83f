// What was typed into a number field of the settings and is no value of it: it stands there, and no run begins with it.
import type { trainLink } from "./link.ts";

/** The settings that are numbers. */
export type NumberName = {
    [Name in keyof typeof trainLink]: (typeof trainLink)[Name]["initial"] extends number ? Name : never;
}[Exclude<keyof typeof trainLink, "update" | "place">];

/** By the field's name: a number out of range, or null for none at all. The state keeps what it was. */
export const unfit: Partial<Record<NumberName, number | null>> = $state({});

/** The fields show the state again. */
export function forgetUnfit(): void {
    for (const name of Object.keys(unfit) as NumberName[]) delete unfit[name];
}
