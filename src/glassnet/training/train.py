"""The function `train`: checks what it is given, listens for Ctrl-C, and lets a `Session` do the work."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from glassnet.data import DataSet, DataSets
from glassnet.engine.random import check_seed
from glassnet.errors import InputError, ShapeError
from glassnet.files import sole_writer
from glassnet.locale import _
from glassnet.network import Network
from glassnet.training.recipe import Recipe
from glassnet.training.run import Run
from glassnet.training.session import Progress, Session


def train(
    network: Network,
    data: DataSet | DataSets,
    recipe: Recipe | str,
    seed: int = 0,
    validation: DataSet | None = None,
    *,
    run_file: str | os.PathLike[str] | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Train a copy of `network` on `data` by `recipe` (or its name) and return the `Run`; `network` stays as it was.

    `data` is a training set, or three sets, of which training and validation are used. A recipe's name stands for
    `Recipe.named` with the network's architecture. `seed` (0 to 2⁶⁴ − 1) fixes
    the order of the images and their distortions. With `run_file` the run is written there after every epoch, so
    that a killed process loses at most the epoch it was in; with `resume` it goes on from there and ends with
    the same weights as if it had not been interrupted. (Where no such file is yet, training starts.)

    Ctrl-C ends it after the update it is in: the run comes back with `interrupted` set and has been written; a
    second Ctrl-C does not wait. Training also ends when the loss is no longer a number; see `Run.diverged`.

    Raises `InputError` for data, recipe or network that do not fit, for a run file that exists (without `resume`)
    and for one that belongs to another run; `UnavailableError` when the disk is full and while another process
    writes the run file.

    >>> import glassnet
    >>> network, digits = glassnet.Network(seed=0), glassnet.mnist()
    >>> run = glassnet.train(network, digits.train[:2000], glassnet.Recipe(2, 100, learning_rate=3.0))
    >>> run
    <Run 784-14-10, seed 0: 40 of 40 updates>
    >>> run.history.epochs[-1].train.accuracy > 0.7
    True
    """
    data, validation = _sets(data, validation)
    recipe = _recipe(recipe, network)
    _check(network, data, validation, recipe)
    session = Session(network, data, validation, recipe, check_seed(seed), progress)
    path = None if run_file is None else Path(run_file)
    with nullcontext() if path is None else sole_writer(path):
        if path is not None and path.exists():
            if not resume:
                raise InputError(
                    str(path),
                    expected=_("a new file"),
                    found=_("one that exists"),
                    advice=_("resume the run that is in it, or choose another name"),
                )
            session.go_on_from(path)
        with _interrupts() as stop:
            return session.run(path, stop)


def _sets(data: object, validation: object) -> tuple[DataSet, DataSet | None]:
    """Return the training set and the validation set, which is None where there is none with images in it."""
    if isinstance(data, DataSets):
        validation = data.validation if validation is None else validation
        data = data.train
    train_set = _set("data", data)
    if len(train_set) == 0:
        raise InputError("data", expected=_("at least one image"), found="0")
    if validation is None or len(_set("validation", validation)) == 0:
        return train_set, None
    return train_set, _set("validation", validation)


def _set(name: str, part: object) -> DataSet:
    if not isinstance(part, DataSet):
        raise InputError(
            name, expected=_("a DataSet, such as glassnet.mnist().train"), found=type(part).__name__
        )
    return part


def _recipe(recipe: Recipe | str, network: object) -> Recipe:
    if isinstance(recipe, str):
        return Recipe.named(recipe, network.architecture if isinstance(network, Network) else None)
    if not isinstance(recipe, Recipe):
        raise InputError("recipe", expected=_("a Recipe or the name of one"), found=type(recipe).__name__)
    return recipe


def _check(network: Network, data: DataSet, validation: DataSet | None, recipe: Recipe) -> None:
    if not isinstance(network, Network):
        raise InputError("network", expected=_("a Network"), found=type(network).__name__)
    network.architecture.check_weights(list(network.weights.values()))
    for part in (data, *([validation] if validation else [])):
        _check_fits(part, network)
    if recipe.batch_size > len(data):
        raise InputError(
            "batch_size",
            expected=_("at most the {count:,} training images").format(count=len(data)),
            found=f"{recipe.batch_size:,}",
            advice=_("use smaller batches or more images"),
        )


def _check_fits(part: DataSet, network: Network) -> None:
    pixels, outputs = network.sizes[0], network.sizes[-1]
    if part.images.shape[1] != pixels:
        raise ShapeError(
            _("images of {name}").format(name=part.name),
            expected=_("{count} pixels, as the network has inputs").format(count=pixels),
            found=part.images.shape[1],
        )
    if part.labels.max() >= outputs:
        raise InputError(
            _("labels of {name}").format(name=part.name),
            expected=_("0 to {last}, one for each of the network's outputs").format(last=outputs - 1),
            found=int(part.labels.max()),
        )


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into an answer to be asked for; the second interrupts at once, as always.

    Only Python's own handler is replaced, and only in the main thread, where signals arrive.
    """
    asked = threading.Event()

    def handler(_signal: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, handler)
    try:
        yield asked.is_set
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
