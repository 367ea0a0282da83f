// The words of the one picture, in both languages.
import type { Words } from "../words/words.ts";

export const stageWords = {
    stageLabel: { ko: "숫자 하나가 신경망을 지나는 그림", en: "One digit on its way through the network" },
    received: { ko: "신경망이 받는 것", en: "What the network receives" },
    rowPicture: { ko: "w{p}의 {row}행", en: "Row {row} of w{p}" },
    cells: {
        ko: "그림의 칸 하나하나. 방향키로 칸을 옮기고(Shift를 누르면 크게), Enter로 고정해 카드를 열고, Shift+Enter로 더 가까이 봅니다.",
        en: "Single cells of the picture. Arrow keys go from cell to cell (with Shift in leaps), Enter pins one and opens its card, Shift+Enter goes closer.",
    },
    pixel: { ko: "픽셀 {row}행 {column}열", en: "pixel {row}, {column}" },
    noTarget: { ko: "정답을 고르면 손실까지 계산합니다.", en: "Say which digit it is, and the loss is computed too." },
} as const satisfies Words;
