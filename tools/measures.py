"""src/glassnet/pictures/measures.json: 1,001 quantiles of MNIST's training images, for each number of a digit."""

import json
from pathlib import Path

import numpy as np

import glassnet
from glassnet.pictures.measures import NAMES, measured

FILE = Path(__file__).parents[1] / "src" / "glassnet" / "pictures" / "measures.json"


def main() -> None:
    """Measure every image of the training set and write the quantiles."""
    values = [measured(image) for image in glassnet.mnist().train.images]
    places = np.linspace(0, 1, 1001)
    table = {name: np.quantile([value[name] for value in values], places).round(4).tolist() for name in NAMES}
    FILE.write_text(json.dumps(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
