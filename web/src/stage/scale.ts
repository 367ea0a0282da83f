// On which scale hidden activations are colored: a sigmoid's and tanh's end at 1, relu's anywhere.
import type { Trace } from "../worker/protocol.ts";

export function hiddenScale(trace: Trace | null): number {
    if (trace?.hidden !== "relu") return 1;
    let most = 1;
    for (let layer = 2; layer < trace.sizes.length; layer++)
        for (const value of trace.steps.get(`a${layer}`)?.data ?? []) most = Math.max(most, value);
    return most;
}
