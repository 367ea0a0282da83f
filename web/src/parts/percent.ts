// A fraction as a percentage, as the terminal writes it in each language (show/words.py). It rounds nothing that is kept.
import { say } from "../words/say.svelte.ts";
import { partWords as w } from "../words/parts.ts";

/** `94.71 %`, in Korean `94.71%`; `digits` behind the point. */
export function percent(share: number, digits = 2): string {
    return say(w.percent, { number: (100 * share).toFixed(digits) });
}
