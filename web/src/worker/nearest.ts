// The digits most like an image, by Euclidean distance over all pixels; no network has a say in it.
import { PIXELS } from "./idx.ts";
import type { LabeledImages, Neighbor, SetName } from "./protocol.ts";
import { turns } from "./turns.ts";

/** Return the `count` images of a set nearest to `image` (784,), nearest first, the first of equals first. */
export async function nearest(name: SetName, set: LabeledImages, image: Uint8Array, count: number): Promise<Neighbor[]> {
    const best: { index: number; squares: number }[] = []; // the nearest so far, nearest first
    const giveWay = turns();
    for (let index = 0; index < set.labels.length; index++) {
        if (index % 256 === 0) await giveWay();
        const limit = best.length < count ? Infinity : best[best.length - 1]!.squares;
        const squares = distance(set.images, index * PIXELS, image, limit);
        if (squares >= limit) continue;
        let place = best.length;
        while (place > 0 && best[place - 1]!.squares > squares) place--;
        best.splice(place, 0, { index, squares });
        if (best.length > count) best.pop();
    }
    return best.map(({ index, squares }) => ({
        set: name,
        index,
        label: set.labels[index]!,
        distance: Math.sqrt(squares) / 255,
        image: set.images.slice(index * PIXELS, (index + 1) * PIXELS),
    }));
}

/** The sum of squared differences of bytes, exact; or a part of it that is already `limit` or more. */
function distance(images: Uint8Array, at: number, image: Uint8Array, limit: number): number {
    let sum = 0;
    for (let row = 0; row < PIXELS && sum < limit; row += 28)
        for (let j = row; j < row + 28; j++) {
            const difference = images[at + j]! - image[j]!;
            sum += difference * difference;
        }
    return sum;
}
