// What a sentence of the page is: Korean and English side by side, so that neither can be missing. It chooses none.

/** Placeholders stand in braces, the same ones in both: "{count} images". */
export interface Word {
    readonly ko: string;
    readonly en: string;
}

export type Language = keyof Word;
export type Words = Readonly<Record<string, Word>>;
export type Values = Readonly<Record<string, string | number>>;

/** What explain mode says of a thing; the title's other language is shown beside it. */
export interface Meaning {
    readonly title: Word;
    readonly text: Word;
    readonly shape?: string;
    readonly formula?: string;
    /** The line of the lecture's Python. */
    readonly code?: string;
}

export type Meanings = Readonly<Record<string, Meaning>>;

/** Fill the placeholders; whole numbers of more than four digits are grouped: 55,000. */
export function fill(text: string, values: Values = {}): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        if (value === undefined) return whole;
        return typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= 1000 ? value.toLocaleString("en-US") : String(value);
    });
}
