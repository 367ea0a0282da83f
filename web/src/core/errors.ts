// The exception tree and its one formatter, as in Python (src/glassnet/errors.py); checks nothing itself.
//
//     GlassnetError
//     ├── InputError           wrong use or bad input
//     │   ├── FileFormatError     a file that is damaged or not of the kind it should be
//     │   ├── OutOfRangeError     an index past the end
//     │   └── ShapeError          an array of another length, shape or type
//     └── UnavailableError     something that cannot be had now: memory, WebAssembly
import { say } from "./words.ts";

/** What else an error says; `expected` and `advice` are phrases in the language of the moment. */
export interface Details {
    expected?: string;
    found?: string;
    advice?: string;
}

/** `what: expected …, found …; advice`: every part but the first may be missing. */
export class GlassnetError extends Error {
    readonly what: string;
    readonly details: Details;

    constructor(what: string, details: Details = {}) {
        super(sentence(what, details));
        this.name = new.target.name;
        this.what = what;
        this.details = details;
    }
}

export class InputError extends GlassnetError {}
export class FileFormatError extends InputError {}
export class OutOfRangeError extends InputError {}
export class ShapeError extends InputError {}
export class UnavailableError extends GlassnetError {}

function sentence(what: string, { expected, found, advice }: Details): string {
    let said = "";
    if (expected !== undefined && found !== undefined) said = say("expected {expected}, found {found}", { expected, found });
    else if (expected !== undefined) said = say("expected {expected}", { expected });
    else if (found !== undefined) said = say("found {found}", { found });
    const error = said ? `${what}: ${said}` : what;
    return advice === undefined ? error : say("{error}; {advice}", { error, advice });
}
