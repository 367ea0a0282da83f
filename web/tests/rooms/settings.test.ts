// What a recipe puts into the fields of a run.
import { expect, test } from "vitest";
import { useKind, useRecipe, type Fields } from "../../src/rooms/train/settings.ts";
import { trainLink } from "../../src/rooms/train/link.ts";
import { RECIPES, suitedRate } from "../../src/worker/recipe.ts";

const initial = (): Fields =>
    Object.fromEntries(Object.entries(trainLink).map(([name, { initial }]) => [name, initial])) as unknown as Fields;

test.each([
    ["quick", "sigmoid", "squared_error", "momentum", 1.2],
    ["quick", "tanh", "squared_error", "momentum", 0.36],
    ["quick", "sigmoid", "binary_cross_entropy", "momentum", 0.36],
    ["quick", "tanh", "cross_entropy", "momentum", 0.12],
    ["quick", "relu", "cross_entropy", "adam", 0.005],
    ["default", "relu", "cross_entropy", "momentum", 0.02],
    ["lecture", "sigmoid", "cross_entropy", "sgd", 0.3],
    ["lecture", "sigmoid", "squared_error", "momentum", 0.1],
] as const)("%s with %s, %s and %s has the rate that Python gives it", (name, hidden, loss, optimizer, rate) => {
    expect(suitedRate(RECIPES[name]!, { hidden, loss, optimizer, momentum: 0.9 })).toBe(rate);
});

test("a recipe's rate follows the network, one of one's own stays", () => {
    const fields = initial();
    useRecipe(fields, RECIPES["quick"]!);
    useKind(fields, { hidden: "relu" });
    expect([fields.hidden, fields.rate]).toEqual(["relu", 0.12]);
    useKind(fields, { pair: "softmax + cross_entropy" });
    expect(fields.rate).toBe(0.12);
    useKind(fields, { optimizer: "adam" });
    expect(fields.rate).toBe(0.005);
    useKind(fields, { hidden: "sigmoid", optimizer: "momentum" });
    expect(fields.rate).toBe(0.36);
    fields.rate = 0.7;
    useKind(fields, { hidden: "tanh" });
    expect(fields.rate).toBe(0.7);
});
