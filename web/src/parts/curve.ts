// The curves of the activations, for drawing alone: values on the page come from the engine, never from here.
import type { Hidden, Output } from "../worker/protocol.ts";

export function curve(name: Hidden | Output): (z: number) => number {
    if (name === "tanh") return Math.tanh;
    if (name === "relu") return (z) => Math.max(0, z);
    return (z) => 1 / (1 + Math.exp(-z));
}
