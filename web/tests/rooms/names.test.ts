// What the runs of the list are called: short, and no two alike that are not the same run.
import { expect, test } from "vitest";
import { namesOf } from "../../src/rooms/train/names.ts";
import { readRun } from "../../src/state/runs.ts";
import { fill, type Language, type Values, type Word } from "../../src/words/words.ts";

const names = (texts: readonly string[], language: Language = "en") =>
    namesOf(
        texts.map((text, k) => {
            const { settings, from } = readRun(text)!;
            return { run: k + 1, settings, images: settings.images ?? 55_000, start: from ?? "" };
        }),
        (word: Word, values?: Values) => fill(word[language], values),
    );

test("runs that differ in the rate alone are called by it", () => {
    expect(names(["to(0)", "rate(0.25)to(0)"])).toEqual(["Run 1 · sgd 1", "Run 2 · sgd 0.25"]);
    expect(names(["optimizer(adam)hidden(relu)to(0)"])).toEqual(["Run 1 · adam 1"]);
});

test.each([
    ["hidden(relu)to(0)", "relu · sgd 1", "ReLU · SGD 1"],
    ["hidden(tanh)to(0)", "tanh · sgd 1", "tanh · SGD 1"],
    ["pair(softmax + cross_entropy)to(0)", "cross_entropy · sgd 1", "교차 엔트로피 · SGD 1"],
    ["pair(sigmoid + binary_cross_entropy)to(0)", "binary_cross_entropy · sgd 1", "이진 교차 엔트로피 · SGD 1"],
    ["optimizer(momentum)to(0)", "momentum 1", "모멘텀 1"],
    ["sizes(784-30-10)to(0)", "784-30-10 · sgd 1", "784-30-10 · SGD 1"],
    ["batch(50)to(0)", "sgd 1 · Batch 50", "SGD 1 · 배치 크기 50"],
    ["seed(7)count(700)to(0)", "sgd 1 · Seed 7 · Images 700", "SGD 1 · 시드 7 · 이미지 수 700"],
    ["shiftBy(1)to(0)", "sgd 1 · Shift 1", "SGD 1 · 이동 1"],
    ["schedule(cosine)warmup(1.5)to(0)", "sgd 1 · cosine · Warm-up 1.5", "SGD 1 · 코사인으로 줄임 · 준비 에포크 1.5"],
    ["from(0123456789abcdef)to(0)", "sgd 1 · from model 0123", "SGD 1 · 모델 0123에서"],
])("a run beside the lecture's is told apart: %s", (text, english, korean) => {
    expect(names(["to(0)", text])[1]).toBe(`Run 2 · ${english}`);
    expect(names(["to(0)", text], "ko")[1]).toBe(`학습 2 · ${korean}`);
    expect(new Set(names(["to(0)", text]).map((name) => name.slice(5))).size).toBe(2);
});
