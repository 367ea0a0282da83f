// This room's words in both languages, and what explain mode says of its things by their data-explain.
import type { Meanings, Words } from "../../words/words.ts";

export const testWords = {} as const satisfies Words;

export const testMeanings = {} as const satisfies Meanings;
