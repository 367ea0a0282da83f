// IDX, the format of MNIST, from bytes: images of 28 × 28 and labels 0 … 9, every claim checked; it fetches nothing.
import { FileFormatError } from "../core/errors.ts";
import { say } from "../core/words.ts";
import type { IdxPair, LabeledImages } from "./protocol.ts";

export const PIXELS = 784;

/** Return images (n, 784) and labels (n,), views of the files; raises `FileFormatError` naming the file at fault. */
export function readPair(name: string, { images, labels }: IdxPair): LabeledImages {
    const [count, height, width] = readIdx(`${name} images`, images, 3);
    if (height !== 28 || width !== 28)
        throw new FileFormatError(`${name} images`, { expected: say("images of 28 × 28 pixels"), found: `${width} × ${height}` });
    const [labeled] = readIdx(`${name} labels`, labels, 1);
    const bytes = labels.subarray(8);
    const largest = bytes.reduce((most, label) => Math.max(most, label), 0);
    if (largest > 9)
        throw new FileFormatError(`${name} labels`, { expected: say("labels from 0 to 9"), found: String(largest) });
    if (labeled !== count)
        throw new FileFormatError(`${name} labels`, { expected: `uint8 (${count},)`, found: `uint8 (${labeled},)` });
    return { images: images.subarray(16), labels: bytes };
}

/** Return the dimensions of an IDX file of bytes whose size is the one that its header states. */
function readIdx(name: string, file: Uint8Array, dimensions: number): number[] {
    const header = 4 + 4 * dimensions;
    const magic = [...file.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (magic !== `0000080${dimensions}`)
        throw new FileFormatError(name, {
            expected: `0x0000080${dimensions}`,
            found: magic ? `0x${magic}` : say("{count} bytes", { count: 0 }),
        });
    const again = say("the file is damaged; copy or download it again");
    if (file.length < header)
        throw new FileFormatError(name, { expected: say("a header of {count} bytes", { count: header }), found: `${file.length}`, advice: again });
    const view = new DataView(file.buffer, file.byteOffset, header);
    const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
    const total = shape.reduce((product, extent) => product * extent, 1) + header; // exact below 2⁵³, and far off above
    if (total !== file.length)
        throw new FileFormatError(name, {
            expected: say("{count} bytes, as its header says", { count: total.toLocaleString("en-US") }),
            found: file.length.toLocaleString("en-US"),
            advice: again,
        });
    return shape;
}
