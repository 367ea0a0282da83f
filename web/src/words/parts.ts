// The words of parts that several rooms show, and what explain mode says of weights and scales of color.
import type { Meanings, Words } from "./words.ts";

export const partWords = {
    percent: { ko: "{number}%", en: "{number} %" },
    toForward: { ko: "순전파에서 보기", en: "See it in Forward" },
    becomesX: { ko: "입력 x로 고르기", en: "Make it the input x" },
    more: { ko: "더 보기 (남은 이미지 {count}장)", en: "Show more ({count} left)" },
    waiting: { ko: "모든 이미지를 읽는 중 {percent} %", en: "Reading every image, {percent} %" },
    notHere: { ko: "{set} 이미지가 없습니다.", en: "There are no images of this set: {set}." },
    notCarried: {
        ko: "이 파일에는 {set} 이미지가 들어 있지 않습니다. glassnet studio --export에 --train 5000을 붙여 만든 파일에는 들어 있습니다.",
        en: "This file carries no images of this set: {set}. One made by glassnet studio --export with --train 5000 does.",
    },
    coming: { ko: "{set} 이미지를 불러오는 중 {percent} %", en: "Loading the images of this set ({set}), {percent} %" },
} as const satisfies Words;

export const partMeanings = {
    w1: {
        title: { ko: "가중치 w1", en: "The weights w1" },
        text: {
            ko: "은닉층의 가중치입니다. 한 행이 뉴런 하나이고, 마지막 열이 편향입니다. 학습은 이 수들을 바꾸는 일입니다.",
            en: "The weights of the hidden layer: one row is one neuron, the last column is the biases. Training changes these numbers.",
        },
        shape: "14 x 785",
        code: "z2 = np.dot(w1, a1)",
    },
    w2: {
        title: { ko: "가중치 w2", en: "The weights w2" },
        text: {
            ko: "출력층의 가중치입니다. 한 행이 숫자 하나를 맡고, 마지막 열이 편향입니다.",
            en: "The weights of the output layer: one row answers for one digit, the last column is the biases.",
        },
        shape: "10 x 15",
        code: "z3 = np.dot(w2, a2)",
    },
    one: {
        title: { ko: "덧붙인 1", en: "The appended 1" },
        text: {
            ko: "입력 아래에 붙인 1입니다. 여기에 곱해지는 가중치가 곧 편향이라서, 편향을 따로 더하지 않아도 행렬 곱 한 번으로 끝납니다. 1 자체는 학습되지 않습니다.",
            en: "A 1 below the inputs. The weight it is multiplied by is the bias, so one matrix product does everything. The 1 itself is never learned.",
        },
        formula: "w · [a; 1] = W · a + b",
        code: "a1 = np.concatenate([x, [[1]]], 0)",
    },
    "legend-weight": {
        title: { ko: "가중치의 색", en: "The colors of weights" },
        text: {
            ko: "파랑은 양수, 주황은 음수이고, 진할수록 0에서 멉니다. 눈금의 끝은 양옆에 적혀 있습니다.",
            en: "Blue is positive, orange is negative, and the stronger the color the farther from 0. The numbers beside it are the ends of the scale.",
        },
    },
    "legend-activation": {
        title: { ko: "활성값의 색", en: "The colors of activations" },
        text: { ko: "0은 바탕색이고 1에 가까울수록 진한 청록입니다.", en: "0 is the color of the paper; the nearer to 1, the deeper the teal." },
    },
    "legend-data": {
        title: { ko: "데이터의 색", en: "The colors of data" },
        text: { ko: "픽셀 값 0은 종이, 1은 가장 진한 잉크입니다.", en: "A pixel of 0 is paper, 1 is full ink." },
    },
    "legend-gradient": {
        title: { ko: "기울기의 색", en: "The colors of gradients" },
        text: {
            ko: "보라는 양수, 금색은 음수입니다. 가중치의 색과 섞이지 않도록 다른 두 색을 씁니다.",
            en: "Violet is positive, gold is negative: another pair than the weights', so that they cannot be confused.",
        },
    },
} as const satisfies Meanings;
