// The update rule's lines for one weight, with its numbers (src/glassnet/training/weight.py): the ledger's own Python, and
// its value in float64. It finds no gradient.
import ledger from "../../../src/glassnet/lecture/steps.json" with { type: "json" };
import { shortestText } from "../core/digits.ts";
import type { Rule, State } from "../core/rule.ts";
import type { UpdateLine } from "./protocol.ts";

const BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-8;
const MEMORY = { sgd: "", momentum: "v", adam: "mv" } as const; // the letters of what each rule remembers

type Numbers = Record<string, number>;

// What each line of the ledger computes; p stands for the matrix's number.
const LINES: Record<Rule["optimizer"], Record<string, (n: Numbers) => number>> = {
    sgd: { "new_w{p}": (n) => n["w"]! - n["learning_rate"]! * n["d_w"]! },
    momentum: {
        "new_v{p}": (n) => n["momentum"]! * n["v"]! + n["d_w"]!,
        "new_w{p}": (n) => n["w"]! - n["learning_rate"]! * n["new_v"]!,
    },
    adam: {
        "new_m{p}": (n) => BETA1 * n["m"]! + (1 - BETA1) * n["d_w"]!,
        "new_v{p}": (n) => BETA2 * n["v"]! + (1 - BETA2) * n["d_w"]! ** 2,
        "m_hat{p}": (n) => n["new_m"]! / (1 - BETA1 ** n["update"]!),
        "v_hat{p}": (n) => n["new_v"]! / (1 - BETA2 ** n["update"]!),
        "new_w{p}": (n) => n["w"]! - (n["learning_rate"]! * n["m_hat"]!) / (Math.sqrt(n["v_hat"]!) + EPSILON),
    },
};

/** Return the lines for the weight at `place` of all, which is in w`number`. */
export function ruleLines(
    rule: Rule, rate: number, number: number, place: number, gradient: number, before: State, after: State,
): UpdateLine[] {
    const numbers: Numbers = {
        w: before.weights[place]!, d_w: gradient, learning_rate: rate, momentum: rule.momentum,
        beta1: BETA1, beta2: BETA2, epsilon: EPSILON, update: after.update,
    };
    const stored: Numbers = { new_w: after.weights[place]! };
    [...MEMORY[rule.optimizer]].forEach((letter, k) => {
        numbers[letter] = before.memory[k]![place]!;
        stored[`new_${letter}`] = after.memory[k]![place]!;
    });
    return ledger.update[rule.optimizer].map(({ id, python }) => {
        const value = LINES[rule.optimizer][id]!(numbers), name = id.replace("{p}", "");
        const line = {
            id: id.replaceAll("{p}", String(number)),
            python: python.replaceAll("{p}", String(number)),
            written: withNumbers(python, numbers),
            value,
            stored: stored[name] ?? null,
        };
        numbers[name] = stored[name] ?? value; // the next line goes on from what the engine has
        return line;
    });
}

/** Replace the names in a line of Python by their numbers. */
function withNumbers(python: string, numbers: Numbers): string {
    return python.replaceAll("{p}", "").replace(/[a-z_]\w*(?:\.\w+)?/g, (name, at: number) => {
        const text = numbers[name] === undefined ? name : shortestText(numbers[name]);
        return text.startsWith("-") && at > 0 ? `(${text})` : text;
    });
}
