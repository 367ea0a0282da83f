// This room's words in both languages, and what explain mode says of its things by their data-explain.
import type { Meanings, Words } from "../../words/words.ts";

export const lossWords = {} as const satisfies Words;

export const lossMeanings = {} as const satisfies Meanings;
