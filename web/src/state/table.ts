// The table of everything that a link says, frame and rooms together; the key of a property is its name in the link.
import { dataLink } from "../rooms/data/link.ts";
import { handwritingLink } from "../rooms/handwriting/link.ts";
import { forwardLink } from "../rooms/forward/link.ts";
import { lossLink } from "../rooms/loss/link.ts";
import { testLink } from "../rooms/test/link.ts";
import { trainLink } from "../rooms/train/link.ts";
import { editsProperty } from "./edits.ts";
import { FIRST, PICTURE_NAMES, readPicture, writePicture, type Picture } from "./picture.ts";
import { runProperty, runsProperty } from "./runs.ts";
import { choice, flag, text, whole, type Property, type ValuesOf } from "./property.ts";

export const ROOM_NAMES = ["data", "forward", "loss", "train", "test", "handwriting"] as const;
export type RoomName = (typeof ROOM_NAMES)[number];

const frame = {
    room: choice(ROOM_NAMES, "forward"),
    lang: choice(["ko", "en"], "ko"),
    theme: choice(["auto", "light", "dark"], "auto"),
    projector: flag(false),
    /** The step where the caret stands, an id of the ledger. */
    step: text("x", /[\w-]+/, 20),
    /** Fingerprint of the opened model; empty for the packaged one. The file itself is not in a link. */
    model: text("", /(?:[0-9a-f]{16})?/, 16),
    edits: editsProperty,
    /** The run and the update that the model was taken from; empty for a file's model. */
    made: runProperty,
    /** All training runs of the page, and the one that is looked at: its place among them from 1, 0 for the last. */
    runs: runsProperty,
    run: whole(0, 0, 100),
};

export const TABLE = { ...frame, ...dataLink, ...forwardLink, ...lossLink, ...trainLink, ...testLink, ...handwritingLink };

export type State = ValuesOf<typeof TABLE> & { picture: Picture };

const entries = Object.entries(TABLE) as [keyof typeof TABLE, Property<unknown>][];

export function initialState(): State {
    const values = Object.fromEntries(entries.map(([name, property]) => [name, property.initial]));
    return { ...values, picture: FIRST } as State;
}

/** Return what a fragment (`#room=forward&test=0`) says; what it does not say, or says badly, is as at first. */
export function readLink(fragment: string): State {
    const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
    const state = initialState();
    for (const [name, property] of entries) {
        const text = parameters.get(name);
        const value = text === null ? undefined : property.read(text);
        if (value !== undefined) Object.assign(state, { [name]: value });
    }
    state.picture = readPicture(parameters) ?? FIRST;
    return state;
}

/** The names in a fragment whose texts say nothing, so that they can be told. */
export function unreadIn(fragment: string): string[] {
    const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
    const known = new Map(entries), picture = readPicture(parameters);
    return [...new Set(parameters.keys())].filter((name) => {
        const property = known.get(name as keyof typeof TABLE);
        return property ? property.read(parameters.get(name)!) === undefined : !picture || !PICTURE_NAMES.includes(name);
    });
}

/** The fragment that gives this state again: the room, the image, the language, and what is not as at first. */
export function writeLink(state: State): string {
    const parts: [string, string][] = [];
    for (const [name, property] of entries) {
        const text = property.write(state[name]);
        if (name === "room" || name === "lang" || text !== property.write(property.initial)) parts.push([name, text]);
        if (name === "room") parts.push(writePicture(state.picture));
    }
    return "#" + parts.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join("&");
}
