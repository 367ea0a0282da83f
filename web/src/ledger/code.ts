// The lecture's function for a network of any size, line by line; each line knows the step that it computes.
//
// For the lecture's network it is the slides' text to the letter, where a2_1 is called a2 again.
import type { Step } from "./ledger.ts";

export interface CodeLine {
    readonly text: string;
    /** The step that the line computes, and the shape that the slides write behind it. */
    readonly step?: string;
    readonly shape?: string;
}

const ACTIVATIONS: Readonly<Record<string, readonly string[]>> = {
    sigmoid: ["def sigmoid(x):", "    return 1 / (1 + np.exp(-x))", ""],
};

export function shapeText([rows, columns]: readonly [number, number]): string {
    return `${rows} x ${columns}`;
}

/** In the slides the column with its 1 keeps the name: a2 = np.concatenate([a2, [[1]]], 0). */
export function slidesName(text: string): string {
    return text.replace(/\b(a[2-9]|a\d\d+)_1\b/g, "$1");
}

export function forwardCode(steps: readonly Step[], sizes: readonly number[]): CodeLine[] {
    const forward = steps.filter((step) => step.part === "forward" && step.id !== "x");
    const needed = forward.some((step) => step.python.startsWith("sigmoid(")) ? ACTIVATIONS["sigmoid"]! : [];
    const names = sizes.slice(1).map((_, i) => `w${i + 1}`).join(", ");
    const lines: CodeLine[] = [{ text: "import numpy as np" }, { text: "" }, ...needed.map((text) => ({ text }))];
    const input = steps.find((step) => step.id === "x");
    lines.push({ text: `def neural_network(x, ${names}):` });
    lines.push({ text: `    # x: ${sizes[0]} x 1`, ...(input && { step: "x" }) });
    sizes.slice(1).forEach((neurons, i) => lines.push({ text: `    # w${i + 1}: ${neurons} x (${sizes[i]} + 1)` }));
    lines.push({ text: "" });
    for (const step of forward)
        lines.push({ text: `    ${slidesName(`${step.id} = ${step.python}`)}`, step: step.id, shape: shapeText(step.shape) });
    lines.push({ text: `    return a${sizes.length}` });
    return lines;
}

/** The same function for the steps with the biases by themselves. */
export function separateCode(steps: readonly Step[], sizes: readonly number[]): CodeLine[] {
    return forwardCode(steps, sizes).map((line) => ({
        ...line,
        text: line.text
            .replace(/^def neural_network.*/, (head) => head.replace(/w(\d+)/g, "W$1, b$1"))
            .replace(/^ {4}# w(\d+): (\d+) x \((\d+) \+ 1\)$/, "    # W$1: $2 x $3, b$1: $2 x 1"),
    }));
}

/** The loss as the ledger computes it, below the function. */
export function lossCode(steps: readonly Step[]): CodeLine[] {
    return steps.filter(({ part }) => part === "loss").map((step) => ({ text: `${step.id} = ${step.python}`, step: step.id, shape: shapeText(step.shape) }));
}
