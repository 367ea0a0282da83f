// The sentence in the language of the moment: what is shown follows when it is switched.
import { studio } from "../state/studio.svelte.ts";
import { fill, type Values, type Word } from "./words.ts";

export function say(word: Word, values?: Values): string {
    return fill(word[studio.lang], values);
}
