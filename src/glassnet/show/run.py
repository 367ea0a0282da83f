"""A training run in the terminal: how far, how the loss fell, what was measured, what is wrong; measures nothing.

A curve of thousands of updates is drawn by the means of equal stretches, and says so. `html_run.py` shows the same.
"""

from collections.abc import Iterator
from io import StringIO

import numpy as np
from numpy.typing import NDArray
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from glassnet.locale import _
from glassnet.show.numbers import ACCENT, QUIET, written
from glassnet.show.terminal import ruled_table
from glassnet.show.words import percent
from glassnet.training import Epoch, Run, diagnose

STEPS = "▁▂▃▄▅▆▇█"
STRETCHES = 60
LINES = 12  # of a long run, so many epochs are shown at most

Floats = NDArray[np.float64]


def renderable(run: Run) -> RenderableType:
    """Return what rich prints for a run."""
    return RunView(run)


def text(run: Run, width: int = 100) -> str:
    """Return the same without color as plain text, `width` columns wide."""
    sheet = StringIO()
    Console(file=sheet, width=width, color_system=None, highlight=False).print(RunView(run))
    return "\n".join(line.rstrip() for line in sheet.getvalue().splitlines())


class RunView:
    """A run: its facts, the curve of its loss, its evaluations, and what the doctor finds."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the parts from top to bottom."""
        run = self.run
        words = Table.grid(padding=(0, 2, 0, 0))
        for name, value in facts(run):
            words.add_row(Text(name, QUIET), value)
        yield words
        if len(run.history.loss):
            yield Text()
            yield Text(_("Loss of the batches"), "bold")
            yield Text(f"  {sparkline(stretches(run.history.loss, STRETCHES), options.ascii_only)}", ACCENT)
            yield Text(f"  {extent(run)}", QUIET)
        if run.history.epochs:
            yield Text()
            yield _table(run)
            yield Text(_("Training: the first 5,000 images."), QUIET)
        for finding in diagnose(run):
            yield Text()
            yield Text(finding.title, "bold")
            yield Text(f"{finding.evidence} {finding.remedy}")


def facts(run: Run) -> list[tuple[str, str]]:
    """Return what a run is, as pairs of a name and a value."""
    recipe = run.recipe
    settings = [
        f"batch_size {recipe.batch_size}",
        recipe.optimizer + (f" {recipe.momentum:g}" if recipe.optimizer == "momentum" else ""),
        f"learning_rate {recipe.learning_rate:g}",
        recipe.schedule,
    ]
    settings += [f"warmup {recipe.warmup:g}"] if recipe.warmup else []
    settings += [f"average {recipe.average:g}"] if recipe.average else []
    if recipe.distortion is not None:
        settings += [f"{name} {most:g}" for name, most in recipe.distortion.to_json().items() if most]
        settings += [f"undistorted {recipe.undistorted}"] if recipe.undistorted else []
    how_far = _("{update:,} of {updates:,}").format(update=run.update, updates=run.updates)
    state = _state(run)
    known = [
        (_("Network"), "-".join(str(size) for size in run.architecture.sizes)),
        (_("Recipe"), ", ".join([_("{count:,} epochs").format(count=recipe.epochs), *settings])),
        (_("Updates"), f"{how_far}, {state}" if state else how_far),
        (_("Time"), _("{seconds:.1f} s").format(seconds=run.seconds)),
        (_("Address"), _("seed {seed}, data {data}…").format(seed=run.seed, data=run.data_sha256[:16])),
    ]
    if run.best_epoch is not None:
        found = _("after epoch {epoch}, fingerprint {fingerprint}")
        known.append((_("Best"), found.format(epoch=run.best_epoch.epoch, fingerprint=run.best.fingerprint)))
    return known


def _state(run: Run) -> str:
    if run.diverged is not None:
        return _("ended: no number any more")
    if run.interrupted:
        return _("interrupted before the end")
    return "" if run.finished else _("not finished")


def stretches(loss: NDArray[np.float32], most: int) -> Floats:
    """Return at most `most` means of equal stretches of `loss`, which may end in a value that is no number."""
    finite = loss[np.isfinite(loss)].astype(np.float64)
    parts = np.array_split(finite, min(most, len(finite))) if len(finite) else []
    return np.array([part.mean() for part in parts])


def sparkline(values: Floats, ascii_only: bool = False) -> str:
    """Draw values, from 0 to their largest, as one line of bars; eighths of a line high.

    >>> sparkline(np.array([8.0, 4.0, 2.0, 1.0, 0.0]))
    '█▄▂▁▁'
    """
    top = float(values.max()) if len(values) else 0.0
    if not top:
        return ""
    shares = values / top
    if ascii_only:
        return "".join(f"{min(9, int(share * 10))}" for share in shares)
    return "".join(STEPS[max(0, int(np.ceil(share * 8)) - 1)] for share in shares)


def extent(run: Run, most: int = STRETCHES) -> str:
    """Say what the curve of the loss shows: where it begins and ends, and how much each bar stands for."""
    means = stretches(run.history.loss, most)
    if not len(means):
        return _("not one number")
    each = max(1, round(len(run.history.loss) / len(means)))
    return _("from {first} to {last}, each the mean of about {count} updates").format(
        first=written(float(means[0])), last=written(float(means[-1])), count=f"{each:,}"
    )


def shown_epochs(run: Run) -> list[Epoch]:
    """Return the evaluations to show: all of a short run; of a long one some, the last and the best among them."""
    epochs = run.history.epochs
    every = -(-len(epochs) // LINES)
    best = run.best_epoch.epoch if run.best_epoch else 0
    last = epochs[-1].epoch
    return [item for place, item in enumerate(epochs) if place % every == 0 or item.epoch in (best, last)]


def rows(run: Run) -> list[tuple[bool, list[str]]]:
    """Return the lines of the table of evaluations: whether it is the best, and its cells."""
    lines = []
    for item in shown_epochs(run):
        cells = [str(item.epoch), f"{item.update:,}", written(item.train.loss), percent(item.train.accuracy)]
        if item.validation is not None:
            cells += [written(item.validation.loss), percent(item.validation.accuracy)]
        lines.append((run.best_epoch is not None and item.epoch == run.best_epoch.epoch, cells))
    return lines


def headings(run: Run) -> list[str]:
    """Return the heads of that table; the training images in it are the first 5,000."""
    heads = [_("epoch"), _("update"), _("training loss"), _("accuracy")]
    return heads + ([_("validation loss"), _("accuracy")] if run.validation_sha256 else [])


def _table(run: Run) -> Table:
    table = ruled_table()
    for heading in headings(run):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for best, cells in rows(run):
        table.add_row(*cells, Text(_("best"), ACCENT) if best else "", style="bold" if best else "")
    return table
