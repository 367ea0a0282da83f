// This room's words in both languages, and what explain mode says of its things by their data-explain.
import type { Meanings, Words } from "../../words/words.ts";

export const dataWords = {
    sets: { ko: "세트와 이미지 수", en: "The sets and their images" },
    all: { ko: "전체", en: "All" },
    labels: { ko: "정답 레이블과 평균 숫자", en: "Labels and mean digits" },
    anyLabel: { ko: "모두", en: "Any" },
    labelCount: { ko: "정답이 {label}인 이미지 {count}장", en: "Label {label}: {count} images" },
    setCount: { ko: "{set}: 이미지 {count}장", en: "{set}: {count} images" },
    comingShort: { ko: "{percent} %…", en: "{percent} %…" },
    none: { ko: "없음", en: "none" },
    read: { ko: "신경망의 답", en: "What the network reads" },
    readAll: { ko: "맞든 틀리든", en: "Right or wrong" },
    readWrong: { ko: "틀린 것만", en: "Only the wrong ones" },
    readRight: { ko: "맞힌 것만", en: "Only the right ones" },
    order: { ko: "순서", en: "Order" },
    byNumber: { ko: "번호순", en: "by number" },
    byLabel: { ko: "정답순", en: "by label" },
    byLoss: { ko: "손실이 큰 것부터", en: "largest loss first" },
    tile: { ko: "크기", en: "Size" },
    wall: { ko: "숫자 벽: 방향키로 옮기고, Enter로 순전파에 보냅니다", en: "Wall of digits: arrow keys move, Enter goes to Forward" },
    shownOf: { ko: "{first}–{last}번째 / {count}장", en: "{first}–{last} of {count}" },
    empty: { ko: "조건에 맞는 이미지가 없습니다.", en: "No image fits these choices." },
    showAll: { ko: "조건 지우기", en: "Clear the choices" },
    reading: { ko: "신경망이 이미지를 읽는 중…", en: "The network is reading the images…" },
    tileSaid: { ko: "{set} {index}번, 정답 {label}", en: "{set} {index}, label {label}" },
    readAs: { ko: "신경망의 답 {digit}", en: "read as {digit}" },
    wrongMark: { ko: "틀리게 읽은 이미지", en: "read wrongly" },
    isX: { ko: "지금의 입력 x", en: "the input x now" },
    digit: { ko: "숫자 하나 ≈ 수 784개", en: "One digit ≈ 784 numbers" },
    answer: { ko: "정답 {label}", en: "Label {label}" },
    noAnswer: { ko: "정답을 모름", en: "Label unknown" },
    toForward: { ko: "순전파로 보내기", en: "To Forward" },
    toLoss: { ko: "손실 보기", en: "Its loss" },
    previous: { ko: "벽의 앞 이미지", en: "Image before, on the wall" },
    next: { ko: "벽의 다음 이미지", en: "Next image on the wall" },
    unit: { ko: "0–1", en: "0–1" },
    byte: { ko: "0–255", en: "0–255" },
    cells: { ko: "수를 쓰는 방법", en: "How the numbers are written" },
    picture: { ko: "이미지, 28 × 28 픽셀", en: "The image, 28 × 28 pixels" },
    matrix: { ko: "같은 이미지의 행렬, 28 × 28", en: "The same image as a matrix, 28 × 28" },
    pixel: { ko: "{row}행 {column}열", en: "row {row}, column {column}" },
    point: { ko: "픽셀이나 수를 가리켜 보세요.", en: "Point at a pixel or a number." },
    rounded: { ko: "소수 첫째 자리까지 반올림", en: "rounded to one decimal" },
    bytes: { ko: "파일에 있는 바이트 그대로", en: "the bytes of the file" },
    mean: { ko: "평균 숫자 {label} 고르기", en: "Make the mean {label} x" },
    table: { ko: "세트와 정답별 이미지 수", en: "Images of each set and label" },
    tableMatrix: { ko: "이미지의 행렬", en: "The image's matrix" },
    tableWall: { ko: "벽에 걸린 이미지", en: "The images on the wall" },
} as const satisfies Words;

export const dataMeanings = {
    sets: {
        title: { ko: "세 세트", en: "The three sets" },
        text: {
            ko: "MNIST는 이미지 70,000장입니다. 60,000장 가운데 처음 5,000장은 검증 세트로 떼어 두고 55,000장으로 학습합니다. 테스트 10,000장은 마지막에 한 번만 봅니다.",
            en: "MNIST has 70,000 images. Of its 60,000 for training the first 5,000 are kept for validation and 55,000 train. The 10,000 test images are looked at once, in the end.",
        },
        code: "glassnet.mnist().train",
    },
    mean: {
        title: { ko: "평균 숫자", en: "The mean digits" },
        text: {
            ko: "정답이 같은 이미지를 모두 더해 장수로 나눈 이미지입니다. 흐린 곳은 사람마다 다르게 쓰는 곳입니다.",
            en: "All images of a label added up and divided by their count. Where it is blurred, people write differently.",
        },
        code: "images[labels == 7].mean(0)",
    },
    wall: {
        title: { ko: "숫자 벽", en: "The wall of digits" },
        text: {
            ko: "고른 이미지가 모두 걸려 있습니다. 누르면 그 이미지가 입력 x가 되고, 두 번 누르거나 Enter를 치면 순전파로 갑니다. 모서리의 점은 신경망이 틀리게 읽었다는 표시입니다.",
            en: "All chosen images hang here. A click makes one the input x, a double click or Enter takes it to Forward. A dot in the corner: the network reads it wrongly.",
        },
    },
    matrix: {
        title: { ko: "이미지는 행렬입니다", en: "An image is a matrix" },
        text: {
            ko: "픽셀 하나가 수 하나입니다. 0은 종이, 255는 가장 진한 잉크이고, 255로 나누면 수업에서처럼 0과 1 사이의 실수가 됩니다. 한 줄씩 이어 세우면 784 × 1 열 x입니다.",
            en: "One pixel is one number: 0 is paper, 255 full ink; divided by 255, each lies between 0 and 1, as in the lecture. Row after row they become the 784 × 1 column x.",
        },
        shape: "28 x 28",
        formula: "x = image / 255",
        code: "x = image.reshape(784, 1) / 255",
    },
    read: {
        title: { ko: "맞은 것과 틀린 것", en: "Right and wrong" },
        text: {
            ko: "지금의 신경망이 모든 이미지를 읽고, 가장 큰 출력의 자리를 정답과 견줍니다. 가중치를 바꾸면 다시 셉니다.",
            en: "The network of this moment reads every image; its largest output is compared with the label. Change a weight, and it is counted anew.",
        },
    },
} as const satisfies Meanings;
