// This room's words in both languages, and what explain mode says of its things by their data-explain.
import type { Meanings, Words } from "../../words/words.ts";

export const testWords = {
    accuracy: { ko: "정확도", en: "Accuracy" },
    rightOf: { ko: "{count}장 가운데 {correct}장을 맞혔습니다.", en: "{correct} of {count} images read rightly." },
    interval: { ko: "95% 신뢰구간 {low} – {high}", en: "95 % interval {low} – {high}" },
    intervalSaid: { ko: "이런 이미지 전체에서의 정확도는 이 사이에 있습니다.", en: "For all images of this kind it lies between these." },
    loss: { ko: "평균 손실 {loss}", en: "mean loss {loss}" },
    weights: { ko: "가중치 지문", en: "weights" },
    onlyTest: { ko: "신경망은 검증 세트로 고르고, 테스트 세트는 마지막에 한 번만 봅니다.", en: "Choose networks on the validation set; look at the test set once, in the end." },
    confusion: { ko: "혼동 행렬", en: "Confusion matrix" },
    confusionHow: { ko: "행은 정답, 열은 예측. 칸을 누르면 그 이미지가 보입니다.", en: "Row = label, column = prediction. Click a cell to see its images." },
    label: { ko: "정답", en: "Label" },
    prediction: { ko: "예측", en: "Prediction" },
    recall: { ko: "맞힘", en: "right" },
    cell: { ko: "정답 {label}, 예측 {prediction}: {count}장", en: "Label {label}, read as {prediction}: {count}" },
    mistakesScale: { ko: "틀린 이미지 수", en: "Mistakes" },
    worst: { ko: "가장 확신하고 틀린 이미지", en: "The most confident mistakes" },
    worstHow: { ko: "{count}장, 확신도가 높은 것부터. 누르면 순전파로 갑니다.", en: "{count} images, the most confident first. A click goes to Forward." },
    inCell: { ko: "정답 {label}, 예측 {prediction}", en: "Label {label}, read as {prediction}" },
    inCellHow: { ko: "{count}장, 확신도가 높은 것부터. 누르면 순전파로 갑니다.", en: "{count} images, the most confident first. A click goes to Forward." },
    closeCell: { ko: "틀린 이미지 모두 보기", en: "All mistakes" },
    noMistakes: { ko: "틀린 이미지가 없습니다.", en: "No mistakes." },
    emptyCell: { ko: "이 칸에는 이미지가 없습니다.", en: "There are no images in this cell." },
    doubtful: { ko: "정답 레이블이 의심스러움", en: "doubtful label" },
    doubtfulHow: { ko: "? 표는 사람들도 정답에 의견이 갈리는 이미지입니다. 테스트 세트의 의심스러운 15장 가운데 {count}장이 틀린 이미지에 있습니다.", en: "? marks labels about which people disagree too: {count} of the test set’s fifteen doubtful ones are among the mistakes." },
    read: { ko: "정답 {label}, 예측 {prediction}, 확신도 {confidence}", en: "label {label}, read as {prediction}, confidence {confidence}" },
    calibration: { ko: "보정: 확신도만큼 맞히는가?", en: "Calibration: does the confidence keep its promise?" },
    calibrationError: { ko: "확신도와 정답률의 차이는 평균 {error}%포인트입니다.", en: "Confidence is {error} percentage points off on average." },
    confidence: { ko: "확신도 (가장 큰 출력)", en: "confidence (the largest output)" },
    share: { ko: "정답률", en: "accuracy" },
    images: { ko: "이미지 수", en: "images" },
    ideal: { ko: "확신도 = 정답률", en: "confidence = accuracy" },
    bin: { ko: "확신도 {low}–{high}: {count}장, 평균 확신도 {confidence}, 정답률 {accuracy}", en: "Confidence {low} to {high}: {count} images, mean confidence {confidence}, accuracy {accuracy}" },
    tableConfusion: { ko: "혼동 행렬", en: "Confusion matrix" },
    tableMistakes: { ko: "틀린 이미지", en: "Mistakes" },
    tableCalibration: { ko: "보정", en: "Calibration" },
    tableClasses: { ko: "숫자별 정확도", en: "Accuracy of each digit" },
} as const satisfies Words;

export const testMeanings = {
    accuracy: {
        title: { ko: "정확도와 신뢰구간", en: "Accuracy and its interval" },
        text: {
            ko: "맞힌 이미지의 비율입니다. 이미지가 달랐다면 조금 다른 값이 나왔을 것이므로 95% 신뢰구간을 함께 봅니다(윌슨의 방법). 두 모델의 구간이 크게 겹치면 어느 쪽이 낫다고 말하기 어렵습니다.",
            en: "The share of images read rightly. Other images would have given a slightly other value, so the 95 % interval stands beside it (Wilson’s). Where the intervals of two models overlap widely, neither is clearly better.",
        },
        code: "glassnet.evaluate(network, mnist.test).interval",
    },
    confusion: {
        title: { ko: "혼동 행렬", en: "The confusion matrix" },
        text: {
            ko: "어떤 숫자를 어떤 숫자로 몇 번 답했는지 센 표입니다. 대각선은 맞힌 것, 나머지는 틀린 것입니다. 진할수록 자주 헷갈립니다.",
            en: "How often which digit was read as which. The diagonal is right, the rest is wrong; the darker, the more often.",
        },
        shape: "10 x 10",
    },
    mistakes: {
        title: { ko: "틀린 이미지", en: "The mistakes" },
        text: {
            ko: "확신도는 출력 가운데 가장 큰 값입니다. 확신도가 높은데 틀린 이미지가 가장 배울 것이 많습니다. 어떤 것은 신경망이 아니라 정답 레이블이 의심스럽습니다.",
            en: "Confidence is the largest output. Sure and wrong teaches most. With some of them it is the label that is in doubt, not the network.",
        },
    },
    calibration: {
        title: { ko: "보정", en: "Calibration" },
        text: {
            ko: "확신도 0.8로 답한 이미지들 가운데 열에 여덟을 맞힌다면 확신도를 믿을 수 있습니다. 점이 대각선보다 위에 있으면 스스로 아는 것보다 잘 맞히고, 아래면 지나치게 확신합니다.",
            en: "If of the images read with confidence 0.8 eight in ten are right, confidence can be trusted. Dots above the diagonal: better than it believes; below: overconfident.",
        },
    },
} as const satisfies Meanings;
