// This room's words in both languages, and what explain mode says of its things by their data-explain.
import type { Meanings, Words } from "../../words/words.ts";

export const dataWords = {} as const satisfies Words;

export const dataMeanings = {} as const satisfies Meanings;
