"""The pictures of README and docs, drawn by glassnet itself from the packaged network; nothing is touched up."""

from pathlib import Path

import glassnet
from glassnet.show.figure import figure

ASSETS = Path(__file__).parents[1] / "docs" / "assets"
IMAGE = 115  # of the test set: a 4 with something of a 9


def main() -> None:
    """Draw the forward propagation of one test image in both languages."""
    test = glassnet.mnist().test
    image, label = test[IMAGE]
    trace = glassnet.Network.load("lecture").trace(image, target=label)
    for language in ("en", "ko"):
        glassnet.use_language(language)
        figure(trace).savefig(ASSETS / f"forward-{language}.png", dpi=125)


if __name__ == "__main__":
    main()
