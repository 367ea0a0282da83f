// The Python that gives a number of the page again, to the last bit; it only writes, and checks nothing.
import type { ModelState, SetName, Trace } from "../worker/protocol.ts";
import type { Picture } from "../state/picture.ts";

interface Known {
    readonly model: ModelState | null;
    readonly trace: Trace | null;
    readonly x: Uint8Array | null;
    readonly label: number | null;
}

/** Return the expression for entry [row, column] of a step or weight, or null where there is none. */
export function expression(step: string, row: number, column: number, picture: Picture, { model, trace, x, label }: Known): string | null {
    if (!model) return null;
    const network = networkInPython(model), changed = changedInPython(model);
    if (/^w\d+$/.test(step)) return `float(${network}.${step}[${row}, ${column}])${changed}`;
    if (!trace?.steps.has(step) || !x) return null;
    const image = picture.kind === "set" ? `glassnet.mnist().${picture.set}.images[${picture.index}]` : pixelsInPython(x);
    const target = label === null ? "" : `, target=${label}`;
    return `float(${network}.trace(${image}${target})["${step}"][${row}, ${column}])${changed}`;
}

/** Return the expression for a number of an evaluation, such as `.accuracy`. */
export function evaluationInPython(set: SetName, what: string, model: ModelState): string {
    return `glassnet.evaluate(${networkInPython(model)}, glassnet.mnist().${set})${what}${changedInPython(model)}`;
}

const networkInPython = (model: ModelState) => `glassnet.Network.load(${JSON.stringify(model.name || "lecture")})`;

/** What has to be said of a model that no file has. */
const changedInPython = (model: ModelState) =>
    model.canUndo && model.name === "" ? '  # of the model that you changed: save it, and load it instead of "lecture"' : "";

/** 784 bytes as one line: zeros counted, the rest in hexadecimal would be long, so it is base64 of the bytes. */
function pixelsInPython(x: Uint8Array): string {
    let text = "";
    for (const byte of x) text += String.fromCharCode(byte);
    return `np.frombuffer(base64.b64decode("${btoa(text)}"), np.uint8).reshape(28, 28)`;
}

