// The dictionary: no sentence empty, the same placeholders in both languages, Korean in Korean.
import { describe, expect, test } from "vitest";
import { frameWords } from "../../src/words/frame.ts";
import { partWords } from "../../src/words/parts.ts";
import { MEANINGS } from "../../src/words/meanings.ts";
import { fill, type Word } from "../../src/words/words.ts";

const files = import.meta.glob<Record<string, Record<string, Word>>>("../../src/rooms/*/words.ts", { eager: true });
const rooms = Object.entries(files).flatMap(([file, exports]) =>
    Object.entries(exports).filter(([name]) => name.endsWith("Words")).map(([, words]) => [file.split("/").at(-2)!, words] as const));
const dictionaries = [["frame", frameWords as Record<string, Word>] as const, ["parts", partWords as Record<string, Word>] as const, ...rooms];
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe.each(dictionaries)("%s", (_, words) => {
    test("both languages say it, with the same placeholders", () => {
        for (const [key, { ko, en }] of Object.entries(words)) {
            expect(ko.trim() && en.trim(), key).not.toBe("");
            expect(placeholders(ko), key).toEqual(placeholders(en));
        }
    });
});

test("every room has its own words", () => expect(rooms.map(([room]) => room).sort()).toEqual(["data", "forward", "handwriting", "loss", "test", "train"]));

test("explanations are whole", () => {
    for (const [id, { title, text }] of Object.entries(MEANINGS))
        for (const word of [title, text]) expect(word.ko.trim() && word.en.trim(), id).not.toBe("");
});

test("placeholders are filled, and long numbers grouped", () => {
    expect(fill("{count} images of {name}, {share}", { count: 55_000, name: "mnist", share: 0.25 })).toBe("55,000 images of mnist, 0.25");
    expect(fill("{unknown}")).toBe("{unknown}");
});
