// The words of the one picture, in both languages.
import type { Words } from "../words/words.ts";

export const stageWords = {
    stageLabel: { ko: "숫자 하나가 신경망을 지나는 그림", en: "One digit on its way through the network" },
    received: { ko: "신경망이 받는 것", en: "What the network receives" },
    rowPicture: { ko: "w{p}의 {row}행", en: "Row {row} of w{p}" },
    noTarget: { ko: "정답을 고르면 손실까지 계산합니다.", en: "Say which digit it is, and the loss is computed too." },
} as const satisfies Words;
