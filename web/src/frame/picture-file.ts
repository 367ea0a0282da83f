// A picture file with one digit in it, as the network should receive it: ink of any size, framed. It looks for no words.
import { engine } from "../engine/engine.ts";

const LONGEST_SIDE = 1000;

/** Return the digit's (784,) bytes; "unreadable" for what the browser cannot decode, "blank" where there is no ink. */
export async function digitOf(file: Blob): Promise<Uint8Array | "unreadable" | "blank"> {
    let bitmap: ImageBitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        return "unreadable";
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale)), height = Math.max(1, Math.round(bitmap.height * scale));
    const context = new OffscreenCanvas(width, height).getContext("2d");
    if (!context) return "unreadable";
    context.fillStyle = "white"; // behind what is transparent
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const ink = inkOn(context.getImageData(0, 0, width, height).data, width, height);
    if (width === 28 && height === 28) return ink.some((value) => value > 0) ? ink : "blank"; // already as MNIST has it
    return (await engine().frame(ink, height, width)) ?? "blank";
}

/** Ink is what differs from the border: dark on light is turned round, as MNIST's ink is bright. Rec. 601 gray. */
function inkOn(data: Uint8ClampedArray, width: number, height: number): Uint8Array {
    const gray = Uint8Array.from({ length: width * height }, (_, i) => Math.round(0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!));
    let sum = 0, count = 0;
    gray.forEach((value, i) => {
        const row = Math.floor(i / width), column = i % width;
        if (row > 0 && row < height - 1 && column > 0 && column < width - 1) return;
        sum += value;
        count++;
    });
    return sum / count > 127 ? gray.map((value) => 255 - value) : gray;
}
