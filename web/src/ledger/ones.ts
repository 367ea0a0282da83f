// The ledger of a network in which a 1 has been set to 0: its steps say so.
import type { Step } from "./ledger.ts";

/** `ones` are the appended entries of every layer, from the input on. */
export function withOnes(steps: readonly Step[], ones: readonly number[]): Step[] {
    return steps.map((step) => {
        const layer = step.id === "a1" ? 1 : Number(/^a(\d+)_1$/.exec(step.id)?.[1] ?? 0);
        if (layer === 0 || ones[layer - 1] !== 0) return step;
        return {
            ...step,
            python: step.python.replace("[[1]]", "[[0]]"),
            formula: step.formula.replace("; 1]", "; 0]"),
            sentence: {
                ko: `${step.sentence.ko} 지금은 그 1을 0으로 바꾸어 두었습니다.`,
                en: `${step.sentence.en} That 1 has been set to 0 here.`,
            },
        };
    });
}
