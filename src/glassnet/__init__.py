"""glassnet: the MNIST forward-propagation lecture as a working instrument.

Here stands the public list alone; each name is imported from its own file when it is first used, NumPy too, so
that `import glassnet` costs nothing and `glassnet --help` answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from glassnet._version import __version__
from glassnet.locale import language, use_language

if TYPE_CHECKING:
    from glassnet import lecture, pictures
    from glassnet.data import DataSet, DataSets, load, mnist
    from glassnet.errors import (
        FileFormatError,
        GlassnetError,
        InputError,
        OutOfRangeError,
        ShapeError,
        UnavailableError,
    )
    from glassnet.evaluation import Evaluation, evaluate
    from glassnet.network import Network
    from glassnet.trace import Explanation, Trace
    from glassnet.training import RECIPES, Distortion, Finding, Recipe, Run, diagnose
    from glassnet.training.explain import UpdateExplanation
    from glassnet.training.train import train

__all__ = [
    "RECIPES",
    "DataSet",
    "DataSets",
    "Distortion",
    "Evaluation",
    "Explanation",
    "FileFormatError",
    "Finding",
    "GlassnetError",
    "InputError",
    "Network",
    "OutOfRangeError",
    "Recipe",
    "Run",
    "ShapeError",
    "Trace",
    "UnavailableError",
    "UpdateExplanation",
    "__version__",
    "diagnose",
    "evaluate",
    "language",
    "lecture",
    "load",
    "mnist",
    "pictures",
    "train",
    "use_language",
]

_HOMES = {
    "glassnet.data": ("DataSet", "DataSets", "load", "mnist"),
    "glassnet.errors": (
        "FileFormatError",
        "GlassnetError",
        "InputError",
        "OutOfRangeError",
        "ShapeError",
        "UnavailableError",
    ),
    "glassnet.evaluation": ("Evaluation", "evaluate"),
    "glassnet.network": ("Network",),
    "glassnet.trace": ("Explanation", "Trace"),
    "glassnet.training": ("RECIPES", "Distortion", "Finding", "Recipe", "Run", "diagnose", "train"),
    "glassnet.training.explain": ("UpdateExplanation",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_SUBPACKAGES = ("lecture", "pictures")


def __getattr__(name: str) -> Any:
    if name in _SUBPACKAGES:
        return import_module(f"glassnet.{name}")
    if name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'glassnet' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
