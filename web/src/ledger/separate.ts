// The ledger with the biases by themselves: W·a + b instead of w·[a;1]. W1 is w1 without its last column, b1 is that
// column; nothing is appended, and every number stays.
import { fill, type Word } from "../words/words.ts";
import type { Step } from "./ledger.ts";

const SUM: Word = {
    ko: "뉴런 {n}개가 저마다 입력 {m}개에 자기 가중치를 곱해 모두 더하고, 자기 편향을 더합니다. W{p}의 한 행과 b{p}의 수 하나가 뉴런 하나입니다.",
    en: "Each of the {n} neurons adds up its {m} inputs times its own weights, and its own bias. One row of W{p} and one number of b{p} are one neuron.",
};

const OFF: Word = { ko: "지금은 1을 0으로 바꾸어 두어 편향이 더해지지 않습니다.", en: "The 1 has been set to 0 here, so the biases add nothing." };

const appended = (id: string) => id === "a1" || /^a\d+_1$/.test(id);

/** The step that one goes along with whose 1 is not appended: x for a1, a2 for a2_1. */
export const before = (id: string): string => (id === "a1" ? "x" : id.replace(/_1$/, ""));

/** `sizes` are those of the network that the steps are of, `ones` its appended entries: a 1 that is a 0 takes the biases away. */
export function separated(steps: readonly Step[], sizes: readonly number[], ones: readonly number[] = []): Step[] {
    return steps.filter(({ id }) => !appended(id)).map((step) => {
        if (!/^z\d+$/.test(step.id)) return step;
        const p = step.layer - 1, input = p === 1 ? "x" : `a${p}`;
        const values = { n: String(step.shape[0]), m: String(sizes[p - 1]), p: String(p) };
        const off = ones[p - 1] === 0;
        const sentence = { ko: fill(SUM.ko, values), en: fill(SUM.en, values) };
        return {
            ...step,
            python: `np.dot(W${p}, ${input}) + ${off ? "0 * " : ""}b${p}`,
            formula: `${step.id} = W${p} · ${input} + ${off ? "0 · " : ""}b${p}`,
            sentence: off ? { ko: `${sentence.ko} ${OFF.ko}`, en: `${sentence.en} ${OFF.en}` } : sentence,
        };
    });
}
