// The Python that gives a number of the page again, to the last bit; it only writes, and checks nothing.
import type { ModelState, Trace } from "../worker/protocol.ts";
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
    const changed = model.canUndo && model.name === "" ? "  # of the model that you changed: save it, and load it instead of \"lecture\"" : "";
    const network = `glassnet.Network.load(${JSON.stringify(model.name || "lecture")})`;
    
    if (/^w\d+$/.test(step)) return `float(${network}.${step}[${row}, ${column}])${changed}`;
    if (!trace?.steps.has(step) || !x) return null;
    const image = picture.kind === "set" ? `glassnet.mnist().${picture.set}.images[${picture.index}]` : pixelsInPython(x);
    const target = label === null ? "" : `, target=${label}`;
    return `float(${network}.trace(${image}${target})["${step}"][${row}, ${column}])${changed}`;
}

/** 784 bytes as one line: zeros counted, the rest in hexadecimal would be long, so it is base64 of the bytes. */
function pixelsInPython(x: Uint8Array): string {
    let text = "";
    for (const byte of x) text += String.fromCharCode(byte);
    return `np.frombuffer(base64.b64decode("${btoa(text)}"), np.uint8).reshape(28, 28)`;
}

