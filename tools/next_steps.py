"""What to try after `make run`, in the reader's language; it shows commands and runs none."""

import sys

from glassnet.locale import language

STEPS = {
    "en": [
        ("forward --test 7 --model {model}", "another digit, every step with its numbers"),
        ("forward --test 7 --step z2 --row 3", "one neuron's sum, written out"),
        ("evaluate {model}", "accuracy, confusion matrix, mistakes"),
        ("train --recipe default", "the best recipe for this network"),
        ("--help", "all commands; --lang ko for Korean"),
    ],
    "ko": [
        ("forward --test 7 --model {model}", "다른 숫자 하나의 모든 단계를 값과 함께 보기"),
        ("forward --test 7 --step z2 --row 3", "뉴런 하나의 풀어 쓴 가중합 보기"),
        ("evaluate {model}", "정확도, 혼동 행렬, 틀린 이미지 보기"),
        ("train --recipe default", "가장 좋은 학습 방법으로 학습시키기"),
        ("--help", "모든 명령 보기 (영어로 보려면 --lang en)"),
    ],
}
TITLES = {"en": "Go on with:", "ko": "다음으로 해 볼 만한 것:"}


def main() -> None:
    """Print the list; the one argument is the model that was just trained."""
    (model,) = sys.argv[1:]
    steps = [(command.format(model=model), meaning) for command, meaning in STEPS[language()]]
    width = max(len(command) for command, _meaning in steps)
    print(f"\n{TITLES[language()]}")
    for command, meaning in steps:
        print(f"  .venv/bin/glassnet {command:<{width}}  {meaning}")


if __name__ == "__main__":
    main()
