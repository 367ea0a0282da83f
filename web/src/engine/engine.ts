// The worker in which everything is computed, as the page calls it: every method gives a promise. It keeps no results.
import { transfer, wrap, type Remote } from "comlink";
import type { Engine, Opened, Problem } from "../worker/protocol.ts";
import { bytesOf, carries, exported, pairOf, workerAddress } from "./sources.ts";
import workerScript from "../worker/main.ts?worker&url";

let remote: Remote<Engine> | undefined;

/** The engine; `openEngine` has to have been called. */
export function engine(): Remote<Engine> {
    if (!remote) throw new Error("the engine is not open");
    return remote;
}

/** Start the worker with the core, the model and the test set: enough for everything but training. */
export async function openEngine(): Promise<Opened> {
    const [address, wasm, model, test] = await Promise.all([
        workerAddress(workerScript), bytesOf("core.wasm"), bytesOf("model"), pairOf("test"),
    ]);
    // A classic worker, since browsers start no module from a page that was opened as a file.
    const worker = new Worker(address, { type: import.meta.env.DEV ? "module" : "classic" });
    const broken = new Promise<never>((_, reject) => (worker.onerror = (event) => reject(new Error(event.message || "worker"))));
    remote = wrap<Engine>(worker);
    const opened = remote.open(transfer({ wasm, model, test }, [wasm.buffer, model.buffer, test.images.buffer, test.labels.buffer]));
    return Promise.race([opened, broken]);
}

/** Bring the training images, 47 MB from the server or what an exported page carries; null where it carries none. */
export async function addTraining(progress: (share: number) => void) {
    if (!exported()) {
        const file = await pairOf("training", progress);
        return engine().add(transfer({ file }, [file.images.buffer, file.labels.buffer]));
    }
    const [train, validation] = await Promise.all([
        carries("train") ? pairOf("train") : undefined, carries("validation") ? pairOf("validation") : undefined,
    ]);
    return train || validation ? engine().add({ ...(train && { train }), ...(validation && { validation }) }) : null;
}

/** Whether training images come with this page at all. */
export const canTrain = (): boolean => !exported() || carries("train");

/** Whether what was thrown is the engine's plain refusal. */
export function isProblem(error: unknown): error is Problem {
    return typeof error === "object" && error !== null && "problem" in error && error.problem === true;
}
