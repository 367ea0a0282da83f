// Many batch losses as few points: the mean of equal stretches, whose number is said beside the curve.

/** Return at most `most` means of the first `count` losses, each at the last update of its stretch. */
export function binned(losses: Float32Array, count: number, most: number): { update: number; loss: number }[] {
    const size = Math.max(1, Math.ceil(count / most)), bins: { update: number; loss: number }[] = [];
    for (let from = 0; from < count; from += size) {
        const to = Math.min(count, from + size);
        let sum = 0;
        for (let k = from; k < to; k++) sum += losses[k]!;
        bins.push({ update: to, loss: sum / (to - from) });
    }
    return bins;
}
