// The biases by themselves: nothing is appended, and sentence, formula and code say the same.
import { expect, test } from "vitest";
import { separateCode } from "../../src/ledger/code.ts";
import { ledger } from "../../src/ledger/ledger.ts";
import { before, separated } from "../../src/ledger/separate.ts";

const sizes = [784, 14, 10];
const all = ledger({ sizes, hidden: "sigmoid", output: "sigmoid", loss: "squared_error" }).filter(({ part }) => part === "forward");
const steps = separated(all, sizes);

test("no step appends a 1, and every other one is there", () => {
    expect(steps.map(({ id }) => id)).toEqual(["x", "z2", "a2", "z3", "a3"]);
    expect(all.map(({ id }) => before(id))).toEqual(["x", "x", "z2", "a2", "a2", "z3", "a3"]);
});

test("the sums count their inputs without the 1", () => {
    const [z2, z3] = [steps[1]!, steps[3]!];
    expect(z2.formula).toBe("z2 = W1 · x + b1");
    expect(z3.python).toBe("np.dot(W2, a2) + b2");
    expect(z2.sentence.en).toContain("14 neurons adds up its 784 inputs");
    expect(z3.sentence.ko).toContain("뉴런 10개가 저마다 입력 14개");
});

test("where a 1 is a 0, the biases add nothing", () => {
    const [z2, z3] = [separated(all, sizes, [0, 1])[1]!, separated(all, sizes, [0, 1])[3]!];
    expect([z2.python, z2.formula, z3.python]).toEqual(["np.dot(W1, x) + 0 * b1", "z2 = W1 · x + 0 · b1", "np.dot(W2, a2) + b2"]);
    expect(z2.sentence.ko).toContain("편향이 더해지지 않습니다");
});

test("the function is the slides' with W and b", () => {
    expect(separateCode(steps, sizes).map(({ text }) => text).slice(5)).toEqual([
        "def neural_network(x, W1, b1, W2, b2):",
        "    # x: 784 x 1",
        "    # W1: 14 x 784, b1: 14 x 1",
        "    # W2: 10 x 14, b2: 10 x 1",
        "",
        "    z2 = np.dot(W1, x) + b1",
        "    a2 = sigmoid(z2)",
        "    z3 = np.dot(W2, a2) + b2",
        "    a3 = sigmoid(z3)",
        "    return a3",
    ]);
});
