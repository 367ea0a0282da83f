// The three sets by name, in the order in which they come to the page.
import type { SetName } from "../worker/protocol.ts";
import { frameWords } from "./frame.ts";
import type { Word } from "./words.ts";

export const SETS: readonly SetName[] = ["test", "validation", "train"];

export const SET_NAMES: Readonly<Record<SetName, Word>> = {
    train: frameWords.train_set, validation: frameWords.validation_set, test: frameWords.test_set,
};
