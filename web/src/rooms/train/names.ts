// What the runs of the list are called: their optimizer and rate, and whatever else tells them apart. It knows no language.
import { RUN_FIELDS } from "../../state/runs.ts";
import type { RunInfo } from "../../worker/protocol.ts";
import type { Values, Word } from "../../words/words.ts";
import { fieldsOf, type Fields } from "./settings.ts";
import { trainWords as w } from "./words.ts";

type Info = Pick<RunInfo, "run" | "settings" | "images" | "start">;
type Say = (word: Word, values?: Values) => string;

const fieldsIn = ({ settings, images }: Info): Fields => ({ ...fieldsOf(settings), count: images });
const modelIn = ({ settings, start }: Info): string => (settings.from === "model" ? start : "");

/** Return the names of runs, in a few words: "Run 2 · relu · sgd 0.1". */
export function namesOf(infos: readonly Info[], say: Say): string[] {
    const told = RUN_FIELDS.filter((name) => name === "optimizer" || new Set(infos.map((info) => fieldsIn(info)[name])).size > 1);
    const models = new Set(infos.map(modelIn)).size > 1;
    return infos.map((info) => {
        const fields = fieldsIn(info), model = modelIn(info);
        const parts = told.filter((name) => name !== "rate").map((name) => partOf(name, fields, say));
        return [say(w.run, { run: info.run }), ...parts, ...(models && model ? [say(w.ofModel, { start: model.slice(0, 4) })] : [])].join(" · ");
    });
}

function partOf(name: keyof Fields, fields: Fields, say: Say): string {
    const named = (value: string) => short(say(w[`name_${value}` as "name_sgd"]));
    if (name === "sizes") return fields.sizes;
    if (name === "hidden" || name === "schedule") return named(fields[name]);
    if (name === "pair") return named(fields.pair.split(" + ")[1]!); // every pair has a loss of its own
    if (name === "optimizer") return `${named(fields.optimizer)} ${fields.rate}`;
    return `${short(say(w[name]), false)} ${fields[name]}`;
}

/** A word without what stands in brackets or behind a comma, or the short form that stands in the brackets. */
function short(word: string, within = true): string {
    const [, before, inside] = /^([^(,]+?) *(?:\(([^)]+)\)|,.*)?$/.exec(word) ?? [];
    return (within && inside) || (before ?? word);
}
