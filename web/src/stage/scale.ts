// On which scale values are colored.
import type { Matrix, Trace } from "../worker/protocol.ts";

/** The largest size in each matrix, 1 where all are 0. */
export function largestOf(matrices: readonly Matrix[]): number[] {
    return matrices.map(({ data }) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1);
}

/** Of hidden activations: a sigmoid's and tanh's end at 1, relu's anywhere. */
export function hiddenScale(trace: Trace | null): number {
    if (trace?.hidden !== "relu") return 1;
    let most = 1;
    for (let layer = 2; layer < trace.sizes.length; layer++)
        for (const value of trace.steps.get(`a${layer}`)?.data ?? []) most = Math.max(most, value);
    return most;
}
