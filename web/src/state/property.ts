// One property of the state: what it is at first, and how a link says it. Reading and writing follow from the same entry.

/** `read` gives undefined for a text that does not say a value of this property; `write` gives null for "as at first". */
export interface Property<T> {
    readonly initial: T;
    read(text: string): T | undefined;
    write(value: T): string;
}

/** One of numbers: from `low` to `high`, all of them or the whole ones. */
export interface NumberProperty extends Property<number> {
    readonly low: number;
    readonly high: number;
    readonly whole: boolean;
}

export function choice<const T extends string>(values: readonly T[], initial: NoInfer<T>): Property<T> {
    return { initial, read: (text) => values.find((value) => value === text), write: (value) => value };
}

export function whole(initial: number, low: number, high: number): NumberProperty {
    const read = (text: string) => {
        const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
        return value >= low && value <= high ? value : undefined;
    };
    return { initial, read, write: String, low, high, whole: true };
}

/** A number in the range; written as JavaScript's shortest text. */
export function decimal(initial: number, low: number, high: number): NumberProperty {
    const read = (text: string) => {
        const value = text.trim() === "" ? Number.NaN : Number(text);
        return value >= low && value <= high ? value : undefined;
    };
    return { initial, read, write: String, low, high, whole: false };
}

export function flag(initial: boolean): Property<boolean> {
    const read = (text: string) => (text === "1" ? true : text === "0" ? false : undefined);
    return { initial, read, write: (value) => (value ? "1" : "0") };
}

/** Text of at most `longest` characters that `allowed` matches as a whole. */
export function text(initial: string, allowed: RegExp, longest = 200): Property<string> {
    const whole = new RegExp(`^(?:${allowed.source})$`, allowed.flags);
    return { initial, read: (found) => (found.length <= longest && whole.test(found) ? found : undefined), write: (value) => value };
}

export type Table = Readonly<Record<string, Property<unknown>>>;
export type ValuesOf<T> = { -readonly [Name in keyof T]: T[Name] extends Property<infer Value> ? Value : never };
