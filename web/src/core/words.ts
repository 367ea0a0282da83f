// The phrases of the core's errors in both languages; the page has its own dictionary for everything else.
//
// As with gettext, the English sentence is the key. A test holds the Korean equal to Python's catalog.
import ko from "./ko.json" with { type: "json" };

export type Language = "en" | "ko";
export type Phrase = keyof typeof ko;

let current: Language = "en";

/** Choose the language of errors that are raised from now on. */
export function useLanguage(language: Language): void {
    current = language;
}

/** Return `phrase` in the current language, with its placeholders filled; `{most:,}` groups digits: 20,000. */
export function say(phrase: Phrase, values: Record<string, string | number> = {}): string {
    const template: string = current === "ko" ? ko[phrase] : phrase;
    return template.replace(/\{(\w+)(:,)?\}/g, (_whole, name: string, grouped?: string) => {
        const value = values[name] ?? "";
        return grouped ? value.toLocaleString("en-US") : String(value);
    });
}
