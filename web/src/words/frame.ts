// The frame's words: rooms, switches, menus, messages. A room's own words stand in its folder.
import type { Meanings, Words } from "./words.ts";

export const frameWords = {
    data: { ko: "데이터", en: "Data" },
    forward: { ko: "순전파", en: "Forward" },
    loss: { ko: "손실", en: "Loss" },
    train: { ko: "학습", en: "Train" },
    test: { ko: "평가", en: "Test" },
    handwriting: { ko: "내 글씨", en: "Handwriting" },
    rooms: { ko: "방", en: "Rooms" },
    toContent: { ko: "본문으로 건너뛰기", en: "Skip to the content" },
    language: { ko: "English", en: "한국어" },
    theme: { ko: "테마", en: "Theme" },
    themeAuto: { ko: "시스템에 맞춤", en: "As the system" },
    themeLight: { ko: "밝게", en: "Light" },
    themeDark: { ko: "어둡게", en: "Dark" },
    projector: { ko: "발표용 큰 글씨", en: "Large type for a projector" },
    explain: { ko: "설명 모드", en: "Explain mode" },
    explaining: {
        ko: "설명 모드: 궁금한 것을 누르세요. Esc로 끝냅니다.",
        en: "Explain mode: click what you want explained. Esc ends it.",
    },
    menu: { ko: "메뉴", en: "Menu" },
    open: { ko: "모델이나 사진 열기…", en: "Open a model or picture…" },
    saveModel: { ko: "모델 저장 (safetensors)", en: "Save the model (safetensors)" },
    noOneInFile: {
        ko: "모델 파일에는 가중치만 들어가는데, 지금은 {id} 아래의 1이 0으로 바뀌어 있습니다. 그 1을 되돌린 다음 저장하세요.",
        en: "A model file holds weights alone, and the 1 below {id} has been set to 0. Take that back, then save.",
    },
    saveSvg: { ko: "이 화면을 SVG로 저장", en: "Save this view as SVG" },
    savePng: { ko: "이 화면을 PNG로 저장", en: "Save this view as PNG" },
    saveCsv: { ko: "표 저장 (CSV): {name}", en: "Save a table (CSV): {name}" },
    copyLink: { ko: "이 상태의 링크 복사", en: "Copy the link to this state" },
    copied: { ko: "복사했습니다: {text}", en: "Copied: {text}" },
    notCopied: { ko: "브라우저가 복사를 막았습니다. 직접 복사하세요: {text}", en: "The browser refused to copy. Copy it yourself: {text}" },
    undo: { ko: "모델 되돌리기", en: "Undo the change of the model" },
    packaged: { ko: "기본 모델로 돌아가기", en: "Back to the packaged model" },
    close: { ko: "닫기", en: "Close" },
    dropHere: { ko: "여기에 놓으면 엽니다", en: "Drop it to open it" },
    otherModel: {
        ko: "이 링크는 지문이 {fingerprint}인 모델로 만든 것인데, 그 모델은 아직 열지 않았습니다. 그 모델 파일을 열면 링크와 같은 화면이 됩니다.",
        en: "This link was made with the model {fingerprint}, which has not been opened. Open that model’s file to see the same.",
    },
    otherStart: {
        ko: "지문이 {fingerprint}인 모델에서 시작한 학습은 다시 하지 못했습니다. 그 모델을 열거나 같은 값으로 고치면 다시 합니다.",
        en: "A run began with the model {fingerprint}, which is not here, and could not be made again. It is, once you open that model or change yours to it.",
    },
    linkSkipped: {
        ko: "링크에서 다음 부분은 읽을 수 없어 건너뛰었습니다: {names}",
        en: "These parts of the link cannot be read and were skipped: {names}",
    },
    modelMade: {
        ko: "이 링크의 모델은 학습 중인 신경망에서 가져온 것이라, 같은 학습을 다시 하고 있습니다.",
        en: "This link’s model was taken from a training run: the same run is made again.",
    },
    opened: { ko: "{name}: 열었습니다.", en: "{name}: opened." },
    loading: { ko: "네트워크를 준비하는 중…", en: "Getting the network ready…" },
    failed: { ko: "페이지를 시작할 수 없습니다", en: "The page could not be started" },
    loadingTraining: { ko: "훈련 데이터를 읽는 중 {percent} %", en: "Reading the training data, {percent} %" },
    noTraining: { ko: "훈련 데이터를 읽을 수 없습니다: {reason}", en: "The training data could not be read: {reason}" },
    notServed: { ko: "{name}: 서버가 내주지 않습니다 ({status})", en: "{name}: the server does not give it ({status})" },
    tooLarge: { ko: "{name}: {most} MB 이하만 열 수 있는데 {found} MB입니다", en: "{name}: expected at most {most} MB, found {found} MB" },
    tooManyPixels: { ko: "{name}: {most}메가픽셀 이하만 열 수 있는데 {found}메가픽셀입니다", en: "{name}: expected at most {most} megapixels, found {found}" },
    emptyFile: { ko: "{name}: 빈 파일입니다", en: "{name}: the file is empty" },
    noPicture: { ko: "{name}: 사진으로 읽을 수 없습니다. PNG, JPEG, WebP를 쓰세요", en: "{name}: cannot be read as a picture; use PNG, JPEG or WebP" },
    noInk: { ko: "{name}: 사진에서 글씨를 찾지 못했습니다", en: "{name}: no ink was found in the picture" },
    fault: { ko: "프로그램 오류입니다: {reason}", en: "A fault of ours: {reason}" },
    value: { ko: "값", en: "Value" },
    copyNumber: { ko: "수 복사", en: "Copy the number" },
    otherValue: { ko: "다른 값", en: "Another value" },
    putValue: { ko: "넣기", en: "Put" },
    needsImport: { ko: "먼저", en: "First" },
    copyPython: { ko: "파이썬 식으로 복사", en: "Copy as Python" },
    place: { ko: "{row}행 {column}열 (0부터)", en: "row {row}, column {column} (from 0)" },
    meaningShape: { ko: "모양", en: "Shape" },
    meaningFormula: { ko: "식", en: "Formula" },
    meaningCode: { ko: "코드", en: "Code" },
    inOther: { ko: "영어로", en: "In Korean" },
    inLecture: { ko: "수업에서는", en: "In the lecture" },
    picture: { ko: "{set} 이미지 {index}", en: "{set} image {index}" },
    train_set: { ko: "훈련", en: "Training" },
    validation_set: { ko: "검증", en: "Validation" },
    test_set: { ko: "테스트", en: "Test" },
    whichSet: { ko: "세트", en: "Set" },
    yourDrawing: { ko: "직접 쓴 숫자", en: "Your drawing" },
    yourPicture: { ko: "사진의 숫자", en: "The digit of your picture" },
    legend: { ko: "색과 값: {low}에서 {high}까지", en: "Colors and values, from {low} to {high}" },
} as const satisfies Words;

export const frameMeanings = {
    brand: {
        title: { ko: "글래스넷", en: "glassnet" },
        text: {
            ko: "손글씨 숫자를 읽는 작은 신경망의 속을 들여다보는 도구입니다. 화면의 수는 모두 지금 이 컴퓨터에서 계산한 것이고, 밖으로 나가는 것은 없습니다.",
            en: "A look into a small network that reads handwritten digits. Every number is computed on this computer, now, and nothing leaves it.",
        },
    },
    "room:data": {
        title: { ko: "데이터", en: "Data" },
        text: {
            ko: "MNIST의 이미지 70,000장과 훈련·검증·테스트 세트를 봅니다. 어느 숫자든 입력 x로 고를 수 있습니다.",
            en: "The 70,000 images of MNIST and its training, validation and test sets. Any digit can become the input x.",
        },
    },
    "room:forward": {
        title: { ko: "순전파", en: "Forward" },
        text: { ko: "숫자 하나가 입력에서 예측까지 가는 길을 한 단계씩 따라갑니다.", en: "One digit on its way from the input to the prediction, step by step." },
    },
    "room:loss": {
        title: { ko: "손실", en: "Loss" },
        text: { ko: "예측이 정답에서 얼마나 먼지를 수 하나로 잽니다.", en: "How far the prediction is from the target, as one number." },
    },
    "room:train": {
        title: { ko: "학습", en: "Train" },
        text: { ko: "손실이 줄어들도록 가중치를 조금씩 고치는 과정을 지켜봅니다.", en: "Watch the weights being changed, little by little, so that the loss falls." },
    },
    "room:test": {
        title: { ko: "평가", en: "Test" },
        text: { ko: "학습에 쓰지 않은 이미지를 얼마나 맞히는지, 무엇을 틀리는지 봅니다.", en: "How many images that were not trained on are read rightly, and which ones are not." },
    },
    "room:handwriting": {
        title: { ko: "내 글씨", en: "Handwriting" },
        text: {
            ko: "사진이나 직접 쓴 숫자가 28×28이 되어 읽히기까지를 단계마다 봅니다.",
            en: "Your own writing, photographed or drawn: every stage until it is 28 × 28 and read.",
        },
    },
    number: {
        title: { ko: "화면의 수", en: "A number on the page" },
        text: {
            ko: "소수 넷째 자리까지 보이지만 안에는 float32 값이 그대로 있습니다. 누르면 모든 자릿수와 그 수를 다시 만드는 파이썬 식을 볼 수 있습니다.",
            en: "Four decimals are shown; behind them is the whole float32. Click it for all its digits and the Python that gives it again.",
        },
    },
    theme: {
        title: { ko: "테마", en: "Theme" },
        text: { ko: "밝은 화면과 어두운 화면을 고릅니다.", en: "Light or dark, or as the system has it." },
    },
    projector: {
        title: { ko: "발표용 큰 글씨", en: "Projector mode" },
        text: { ko: "교실 뒤에서도 읽히도록 글씨와 선을 키웁니다.", en: "Larger type and thicker lines, to be read from the back of the room." },
    },
} as const satisfies Meanings;
