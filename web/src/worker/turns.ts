// Gives way to what waits for the worker: long work goes on in pieces of some milliseconds. It schedules nothing else.

/** How long work goes on before it gives way, in milliseconds. */
export const PIECE = 8;

/** Resolve after every message that has arrived was seen to; a timer would wait 4 ms at least. */
export function turn(): Promise<void> {
    return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            port1.close();
            resolve();
        };
        port2.postMessage(null);
    });
}

/** Return a function to be awaited between pieces of work: it gives way whenever a piece has taken its time. */
export function turns(): () => Promise<void> {
    let began = performance.now();
    return async () => {
        if (performance.now() - began < PIECE) return;
        await turn();
        began = performance.now();
    };
}
