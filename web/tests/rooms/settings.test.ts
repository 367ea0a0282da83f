// What a recipe puts into the fields of a run.
import { expect, test } from "vitest";
import { useKind, useRecipe, type Fields } from "../../src/rooms/train/settings.ts";
import { trainLink } from "../../src/rooms/train/link.ts";
import { RECIPES, suitedRate } from "../../src/worker/recipe.ts";

const initial = (): Fields =>
    Object.fromEntries(Object.entries(trainLink).map(([name, { initial }]) => [name, initial])) as unknown as Fields;

test.each([
    ["quick", "sigmoid", "squared_error", 1.2],
    ["quick", "tanh", "squared_error", 0.36],
    ["quick", "sigmoid", "binary_cross_entropy", 0.36],
    ["quick", "tanh", "cross_entropy", 0.12],
    ["default", "relu", "cross_entropy", 0.02],
    ["lecture", "sigmoid", "cross_entropy", 0.3],
] as const)("%s with %s and %s has the rate that Python gives it", (name, hidden, loss, rate) => {
    expect(suitedRate(RECIPES[name]!, hidden, loss)).toBe(rate);
});

test("a recipe's rate follows the network, one of one's own stays", () => {
    const fields = initial();
    useRecipe(fields, RECIPES["quick"]!);
    useKind(fields, { hidden: "relu" });
    expect([fields.hidden, fields.rate]).toEqual(["relu", 0.12]);
    useKind(fields, { pair: "softmax + cross_entropy" });
    expect(fields.rate).toBe(0.12);
    useKind(fields, { hidden: "sigmoid" });
    expect(fields.rate).toBe(0.36);
    fields.rate = 0.7;
    useKind(fields, { hidden: "tanh" });
    expect(fields.rate).toBe(0.7);
});
