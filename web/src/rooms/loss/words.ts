// This room's words in both languages, and what explain mode says of its things by their data-explain.
import type { Meanings, Words } from "../../words/words.ts";

export const lossWords = {
    title: { ko: "손실: 예측이 얼마나 틀렸는가", en: "The loss: how wrong a prediction is" },
    example: { ko: "슬라이드의 예 (0.83)", en: "The slides’ example (0.83)" },
    network: { ko: "신경망의 예측으로", en: "The network’s prediction" },
    ofNetworkAgainst: { ko: "{what}: 신경망의 예측 (float32), 정답이 {digit}이라면", en: "{what}: the network’s prediction (float32), if the digit were {digit}" },
    ofNetwork: { ko: "{what}: 신경망의 예측 (float32)", en: "{what}: the network’s prediction (float32)" },
    ofExample: { ko: "슬라이드의 예 (float64)", en: "The slides’ example (float64)" },
    ofYours: { ko: "직접 정한 예측 (float64)", en: "Your own prediction (float64)" },
    drag: { ko: "막대를 끌거나 방향키로 예측을 바꿔 보세요. 목표는 정답 숫자를 누르면 바뀝니다.", en: "Drag a bar or use the arrow keys to change a prediction. Click a target to change the true digit." },
    digit: { ko: "숫자", en: "Digit" },
    prediction: { ko: "예측", en: "Prediction" },
    target: { ko: "목표", en: "Target" },
    difference: { ko: "차이", en: "Difference" },
    square: { ko: "제곱", en: "Square" },
    sum: { ko: "합", en: "Sum" },
    loss: { ko: "손실", en: "Loss" },
    predictionOf: { ko: "숫자 {digit}의 예측", en: "Prediction for {digit}" },
    makeTarget: { ko: "정답을 숫자 {digit}로 바꾸기", en: "Make {digit} the true digit" },
    squares: { ko: "넓이가 항인 사각형 열 개", en: "Ten squares whose areas are the terms" },
    squareOf: { ko: "숫자 {digit}: 넓이 {value}", en: "Digit {digit}: area {value}" },
    unit: { ko: "넓이 1", en: "area 1" },
    together: { ko: "모두 합하면", en: "all together" },
    noLabel: { ko: "이 이미지의 정답을 고르면 손실을 계산합니다.", en: "Say which digit this is, and the loss is computed." },
    noInk: { ko: "아직 아무것도 없습니다. 순전파에서 숫자를 쓰거나 데이터에서 고르세요.", en: "There is nothing yet. Draw a digit in Forward, or choose one in Data." },
    beside: { ko: "같은 이미지, 다른 손실", en: "The same image, other losses" },
    besideHow: {
        ko: "세 손실 모두 같은 가중치와 같은 z3에서 계산합니다. 값의 크기끼리는 비교할 수 없습니다. 어떤 실수에 큰 값을 주는지 비교해 보세요.",
        en: "All three are computed from the same weights and the same z3. Their sizes cannot be compared; what they punish can.",
    },
    besideOwn: {
        ko: "예측을 직접 정했으므로, 시그모이드를 거치면 그 예측이 되는 z3 = ln(a / (1 − a))에서 계산합니다.",
        en: "This prediction was set by hand: all three are computed from the z3 whose sigmoid it is, z3 = ln(a / (1 − a)).",
    },
    squaredError: { ko: "제곱 오차", en: "Squared error" },
    binary: { ko: "이진 교차 엔트로피", en: "Binary cross-entropy" },
    softmax: { ko: "소프트맥스 + 교차 엔트로피", en: "Softmax + cross-entropy" },
    squaredHow: { ko: "Σ (a3 − t)², a3 = sigmoid(z3)", en: "Σ (a3 − t)², a3 = sigmoid(z3)" },
    binaryHow: { ko: "−Σ (t·ln a3 + (1 − t)·ln(1 − a3)), a3 = sigmoid(z3)", en: "−Σ (t·ln a3 + (1 − t)·ln(1 − a3)), a3 = sigmoid(z3)" },
    softmaxHow: { ko: "−ln a3[정답], a3 = softmax(z3)", en: "−ln a3[label], a3 = softmax(z3)" },
    terms: { ko: "{name}: 숫자마다의 항", en: "{name}: the term of each digit" },
    curves: { ko: "정답 숫자의 예측과 그 항", en: "The true digit’s prediction, and its term" },
    curvesX: { ko: "정답 숫자의 예측 a", en: "prediction a of the true digit" },
    all: { ko: "모든 이미지의 손실", en: "The loss of all images" },
    allOf: { ko: "{set} {count}장, 평균 손실 {mean}", en: "{set}: {count} images, mean loss {mean}" },
    logScale: { ko: "이미지 수 (세로축은 로그 눈금)", en: "images (logarithmic axis)" },
    lossAxis: { ko: "손실", en: "loss" },
    bar: { ko: "손실 {low}–{high}: {count}장", en: "Loss {low} to {high}: {count} images" },
    openBar: { ko: "막대를 누르면 그 안의 이미지가 보입니다.", en: "Click a bar to see who is in it." },
    inBar: { ko: "손실 {low}–{high}인 이미지 {count}장, 큰 것부터. 누르면 위에 펼쳐지고, 한 번 더 누르면 순전파로 갑니다.", en: "{count} images with a loss of {low} to {high}, largest first. A click shows one above; a second one goes to Forward." },
    here: { ko: "x", en: "x" },
    hereSaid: { ko: "지금의 입력 x는 여기에 있습니다: {loss}", en: "The input x is here: {loss}" },
    lossIs: { ko: "손실 {loss}", en: "loss {loss}" },
    toForward: { ko: "순전파로 보내기", en: "To Forward" },
    table: { ko: "손실의 항", en: "The terms of the loss" },
    tableAll: { ko: "모든 이미지의 손실", en: "The loss of all images" },
    tableBars: { ko: "손실 히스토그램", en: "Histogram of losses" },
    otherLoss: {
        ko: "이 모델은 {loss}를 써서 학습한 모델입니다. 위의 표는 수업의 제곱 오차를, 아래 히스토그램은 모델의 손실을 보여 줍니다.",
        en: "This model was made for {loss}. The table above shows the lecture’s squared error, the histogram below the model’s own loss.",
    },
} as const satisfies Words;

export const lossMeanings = {
    prediction: {
        title: { ko: "예측을 바꿔 보기", en: "Change a prediction" },
        text: {
            ko: "막대를 끌면 예측이 바뀌고 차이, 제곱, 합이 바로 따라옵니다. 실제 학습에서는 예측을 직접 바꿀 수 없고, 가중치를 바꾸어 예측이 따라오게 합니다.",
            en: "Drag a bar: difference, square and sum follow at once. Training cannot set predictions; it changes weights so that predictions follow.",
        },
        code: "squared_error(prediction, target)",
    },
    lossSquares: {
        title: { ko: "넓이가 곧 항", en: "Areas are the terms" },
        text: {
            ko: "한 변이 차이, 넓이가 제곱입니다. 점선은 넓이 1입니다. 오른쪽의 큰 사각형은 열 개의 넓이를 모두 더한 것, 곧 손실입니다.",
            en: "The side is the difference, the area its square. The dashed frame has area 1. The large square has the area of all ten together: the loss.",
        },
        formula: "loss = Σ (a3 − t)²",
    },
    crossEntropy: {
        title: { ko: "교차 엔트로피", en: "Cross-entropy" },
        text: {
            ko: "정답에 준 확률의 로그에 음의 부호를 붙인 손실입니다. 확신하고 틀리면 끝없이 커집니다. 제곱 오차는 출력 하나에 많아야 1입니다.",
            en: "Minus the logarithm of what was given to the truth. Sure and wrong, it grows without end; the squared error of one output is 1 at most.",
        },
        formula: "c = −t · ln a3",
    },
    lossHistogram: {
        title: { ko: "모든 이미지의 손실", en: "The loss of all images" },
        text: {
            ko: "막대 하나는 손실이 그 사이에 있는 이미지의 수입니다. 오른쪽 끝에는 신경망이 크게 틀린 이미지가 있습니다. 이미지가 적은 막대도 보이도록 세로축은 로그 눈금입니다.",
            en: "A bar counts the images whose loss lies there. At the right end are those that the network got badly wrong. The upright axis is logarithmic, so that small bars are seen.",
        },
        code: "losses.mean()",
    },
} as const satisfies Meanings;
