// What the link says of this room: one entry a property, its key the name in the link. The picture itself stays here.
import { decimal, flag, whole } from "../../state/property.ts";

export const handwritingLink = {
    /** The digit of the picture that is looked at, in reading order. */
    written: whole(0, 0, 10_000),
    /** The contrast from which something is ink; 0 for the one that is found by itself. */
    threshold: decimal(0, 0, 1),
    /** Printed lines stay in the picture. */
    lines: flag(false),
} as const;
