// What the link says of this room: one entry a property, its key the name in the link.
import { choice, whole } from "../../state/property.ts";

export const testLink = {
    testSet: choice(["test", "validation", "train"], "test"),
    /** The open cell of the confusion matrix: label and prediction; -1 for none, then the worst mistakes are shown. */
    cellLabel: whole(-1, -1, 9),
    cellRead: whole(-1, -1, 9),
} as const;
