// What explain mode says of each thing, by the id in its data-explain: every room's entries, and every step's as step:<id>.
import { forwardMeanings } from "../rooms/forward/words.ts";
import { dataMeanings } from "../rooms/data/words.ts";
import { handwritingMeanings } from "../rooms/handwriting/words.ts";
import { lossMeanings } from "../rooms/loss/words.ts";
import { testMeanings } from "../rooms/test/words.ts";
import { trainMeanings } from "../rooms/train/words.ts";
import { ledger, type LedgerOptions } from "../ledger/ledger.ts";
import { shapeText } from "../ledger/code.ts";
import { frameMeanings } from "./frame.ts";
import { partMeanings } from "./parts.ts";
import type { Meaning, Meanings } from "./words.ts";

export const MEANINGS: Meanings = {
    ...frameMeanings, ...partMeanings, ...dataMeanings, ...forwardMeanings, ...lossMeanings, ...trainMeanings, ...testMeanings,
    ...handwritingMeanings,
};

/** Return what is said of `id`, or null where nothing is. Steps are those of a network like `shape`. */
export function meaningOf(id: string, shape: LedgerOptions): Meaning | null {
    const found = MEANINGS[id];
    if (found || !id.startsWith("step:")) return found ?? null;
    const step = ledger({ ...shape, optimizer: "sgd" }).find((entry) => entry.id === id.slice(5));
    if (!step) return MEANINGS[id.slice(5)] ?? null;
    const { title, sentence, formula, python } = step;
    return { title, text: sentence, formula, shape: shapeText(step.shape), code: `${step.id} = ${python}` };
}
