"""How a network is trained, as numbers: the recipe, its limits and the recipes with names; trains nothing."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass, fields, replace
from typing import Any

from glassnet.constraints import Constraint, OneOf, Real, Whole, check
from glassnet.engine import numpy_training
from glassnet.engine.architecture import Architecture
from glassnet.engine.distortion import Distortion
from glassnet.errors import InputError
from glassnet.locale import _

CONSTRAINTS: dict[str, Constraint] = {
    "epochs": Whole(1, 100_000),
    "batch_size": Whole(1, 10_000_000),
    "learning_rate": Real(0, 1e6, open_low=True),
    "optimizer": OneOf(tuple(numpy_training.OPTIMIZERS)),
    "momentum": Real(0, 1, open_high=True),
    "schedule": OneOf(numpy_training.SCHEDULES),
    "warmup": Real(0, 100_000),
    "evaluate_every": Whole(0, 100_000),
    "average": Real(0, 100_000),
    "undistorted": Whole(0, 100_000),
}


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run; an epoch is one visit to every training image.

    `epochs` and `batch_size` (images per update) are whole numbers of 1 or more. `learning_rate` is above 0; it and
    what follows are given by name.
    `optimizer`: sgd, momentum (`momentum` from 0 to below 1) or adam. `schedule`: the rate stays (constant) or falls
    along half a cosine to 0 (cosine), after climbing in a straight line for `warmup` epochs. `evaluate_every`:
    epochs between evaluations on training and validation images, 0 for only at the end. `distortion`: small random
    changes of the training images, fresh in every epoch. `average`: epochs over which a moving average of the
    weights is taken (0: none), which then is the network that the run yields. `undistorted`: the last so many epochs
    see the images as they are, so that the network settles on what it will be asked to read.

    Raises `InputError` naming the field and what it may be.

    >>> Recipe(epochs=2, batch_size=100, learning_rate=3.0).optimizer
    'sgd'
    >>> Recipe(epochs=0, batch_size=100, learning_rate=3.0)
    Traceback (most recent call last):
    glassnet.errors.InputError: epochs: expected a whole number from 1 to 100,000, found 0
    """

    epochs: int
    batch_size: int
    optimizer: str = "sgd"
    _: KW_ONLY
    learning_rate: float
    momentum: float = 0.9
    schedule: str = "constant"
    warmup: float = 0.0
    evaluate_every: int = 1
    distortion: Distortion | None = None
    average: float = 0.0
    undistorted: int = 0

    def __post_init__(self) -> None:
        check(self, CONSTRAINTS)
        for name in ("warmup", "undistorted"):
            if getattr(self, name) > self.epochs:
                raise InputError(
                    name,
                    expected=_("at most the {epochs} epochs").format(epochs=self.epochs),
                    found=getattr(self, name),
                )
        if self.distortion is not None and not isinstance(self.distortion, Distortion):
            raise InputError(
                "distortion", expected=_("a Distortion or None"), found=repr(self.distortion)[:60]
            )

    @classmethod
    def named(cls, name: str, architecture: Architecture | None = None, **changes: Any) -> "Recipe":
        """Return the recipe called `name`, with the fields named in `changes` replaced.

        With other `epochs`, warm-up and undistorted epochs keep their share, unless they are named. The rate was
        chosen for sigmoids and the squared error: for the other activations and losses of an `architecture` it is
        0.1 to 0.3 of that, adam's is 0.005, and momentum's 1 − `momentum` of sgd's, unless it is named
        (`docs/en/training.md` has the measurements).
        Raises `InputError` for a name or a field that does not exist.

        >>> short = Recipe.named("quick", epochs=20)
        >>> short.warmup, short.undistorted
        (0.75, 5)
        >>> Recipe.named("quick", Architecture(hidden="relu")).learning_rate
        0.12
        """
        if name not in RECIPES:
            raise InputError(_("recipe"), expected=", ".join(RECIPES), found=repr(name))
        unknown = [key for key in changes if key not in FIELDS]
        if unknown:
            raise InputError(_("recipe"), expected=", ".join(FIELDS), found=unknown[0])
        known = RECIPES[name]
        recipe = replace(known, **{"warmup": 0.0, "undistorted": 0} | changes)  # wrong epochs are told here
        share = recipe.epochs / known.epochs
        kept: dict[str, Any] = {
            "warmup": known.warmup * share,
            "undistorted": round(known.undistorted * share),
            "learning_rate": _suited_rate(recipe, known.optimizer, architecture),
        }
        return replace(recipe, **{name: value for name, value in kept.items() if name not in changes})

    def to_json(self) -> dict[str, Any]:
        """Return every field by name; the distortion as a dictionary of its own, or None."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Recipe":
        """Return the recipe that `to_json` wrote; raises `InputError` for anything else.

        >>> Recipe.from_json(RECIPES["default"].to_json()) == RECIPES["default"]
        True
        """
        if isinstance(value, Mapping) and "undistorted" not in value:
            value = {**value, "undistorted": 0}  # of a run that was trained before there was this field
        given = _exact(value, "recipe", FIELDS)
        if given["distortion"] is not None:
            given["distortion"] = Distortion(**_exact(given["distortion"], "distortion", DISTORTION_FIELDS))
        return cls(**given)

    def rule(self, images: int) -> numpy_training.Rule:
        """Return what one update needs of this recipe, for a training set of `images` images."""
        an_epoch = self.updates_per_epoch(images)
        return numpy_training.Rule(
            self.batch_size,
            self.optimizer,
            self.learning_rate,
            self.momentum,
            self.schedule,
            warmup=round(self.warmup * an_epoch),
            updates=self.epochs * an_epoch,
            average=max(1, round(self.average * an_epoch)) if self.average else 0,
        )

    def distortion_in(self, epoch: int) -> Distortion | None:
        """Return how the images are distorted in an epoch, the first of which is 0.

        >>> recipe = Recipe(10, 100, learning_rate=1.0, distortion=Distortion(shift=1), undistorted=2)
        >>> recipe.distortion_in(7), recipe.distortion_in(8)
        (Distortion(rotation=0.0, scale=0.0, shear=0.0, shift=1.0, elastic=0.0, smoothness=4.0), None)
        """
        return self.distortion if epoch < self.epochs - self.undistorted else None

    def updates_per_epoch(self, images: int) -> int:
        """Return the number of batches that `images` make; the last may be smaller.

        >>> RECIPES["lecture"].updates_per_epoch(55_000)
        550
        """
        return -(-images // self.batch_size)


FIELDS = tuple(field.name for field in fields(Recipe))
DISTORTION_FIELDS = tuple(field.name for field in fields(Distortion))


def _exact(value: Any, what: str, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) != set(names):
        found = ", ".join(str(key) for key in value) if isinstance(value, Mapping) else repr(value)
        raise InputError(
            what, expected=", ".join(names), found=found if len(found) <= 200 else f"{found[:197]}..."
        )
    return dict(value)


ADAM_RATE = 0.005
RATE_SHARES = {
    "sigmoid": 1.0,
    "tanh": 0.3,
    "relu": 0.1,
    "squared_error": 1.0,
    "binary_cross_entropy": 0.3,
    "cross_entropy": 0.3,
}
"""What hidden activation and loss leave of a named recipe's rate: their product, but at least 0.1."""


def _suited_rate(recipe: Recipe, before: str, architecture: Architecture | None) -> float:
    """Return the rate of a named recipe, which had the optimizer `before`, for the one it has and an architecture."""
    if recipe.optimizer == "adam":  # its steps hardly depend on the size of gradients
        return ADAM_RATE
    rate = recipe.learning_rate
    if (before, recipe.optimizer) == ("sgd", "momentum"):  # which adds up so many steps
        rate *= 1 - recipe.momentum
    if architecture is not None:
        rate *= max(0.1, RATE_SHARES[architecture.hidden] * RATE_SHARES[architecture.loss])
    return float(f"{rate:.9g}")


RECIPES: dict[str, Recipe] = {
    # the plainest rule there is, to be shown: at rate 1 a new weight is the old one minus the gradient
    "lecture": Recipe(epochs=10, batch_size=100, optimizer="sgd", learning_rate=1.0),
    # a good network in seconds: moved by whole pixels, which costs nearly nothing
    "quick": Recipe(
        epochs=40,
        batch_size=200,
        optimizer="momentum",
        learning_rate=1.2,
        schedule="cosine",
        warmup=1.5,
        undistorted=10,
        evaluate_every=5,
        distortion=Distortion(shift=1),
    ),
    # the best for 784-14-10 in less than a minute of the compiled core
    "default": Recipe(
        epochs=300,
        batch_size=100,
        optimizer="momentum",
        learning_rate=0.2,
        schedule="cosine",
        warmup=6,
        undistorted=60,
        evaluate_every=20,  # the best of few evaluations is less a matter of luck than the best of many
        distortion=Distortion(shift=1),
    ),
}
"""The recipes by name; the numbers were chosen on the validation set, with 784-14-10 and the squared error."""
