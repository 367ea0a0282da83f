// What the link says of this room: one entry a property, its key the name in the link.
import { choice, whole, type Property } from "../../state/property.ts";

/** Ten numbers from 0 to 1 that the reader has set, or none: then the network's prediction is shown. */
const tenNumbers: Property<readonly number[]> = {
    initial: [],
    read(text) {
        const numbers = text.split("_").map((part) => (/^\d(\.\d{1,30})?(e-\d{1,3})?$/.test(part) ? Number(part) : Number.NaN));
        return numbers.length === 10 && numbers.every((number) => number >= 0 && number <= 1) ? numbers : undefined;
    },
    write: (numbers) => numbers.join("_"),
};

export const lossLink = {
    prediction: tenNumbers,
    /** The digit that the network's prediction is held against instead of the image's; -1 for the image's. */
    against: whole(-1, -1, 9),
    /** The digit that the reader's prediction is held against. */
    target: whole(1, 0, 9),
    /** The set of the histogram, and which of its bars is open, from 0; -1 for none. */
    lossSet: choice(["test", "validation", "train"], "test"),
    lossBar: whole(-1, -1, 999),
} as const;
