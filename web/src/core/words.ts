// The phrases of the core's errors in both languages; the page has its own dictionary for everything else.
//
// As with gettext, the English sentence is the key. A test holds the Korean equal to Python's catalog.
import { general } from "./digits.ts";
import ko from "./ko.json" with { type: "json" };

export type Language = "en" | "ko";
export type Phrase = keyof typeof ko;

let current: Language = "en";

/** Choose the language of errors that are raised from now on. */
export function useLanguage(language: Language): void {
    current = language;
}

/**
 * Return `phrase` in the current language, with its placeholders filled. As in Python, `{most:,}` groups digits (20,000),
 * `{loss:.4f}` has so many decimals, `{rate:g}` and `{loss:.4g}` so many digits.
 */
export function say(phrase: Phrase, values: Record<string, string | number> = {}): string {
    const template: string = current === "ko" ? ko[phrase] : phrase;
    return template.replace(/\{(\w+)(?::([^}]*))?\}/g, (_whole, name: string, spec?: string) => formatted(values[name] ?? "", spec));
}

function formatted(value: string | number, spec?: string): string {
    if (typeof value === "string" || spec === undefined) return String(value);
    const [, digits, kind] = /^\.?(\d*)(\D)$/.exec(spec) ?? [];
    if (kind === "f") return value.toFixed(Number(digits));
    if (kind === "g") return general(value, Number(digits || 6));
    return value.toLocaleString("en-US");
}
