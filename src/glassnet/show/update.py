"""One update in the terminal: its batch, gradients, and a weight by the rule with its numbers; computes nothing.

Numbers of the rule are written as the shortest text that gives the same float32, so that a line can be worked out.
"""

from collections.abc import Iterator
from io import StringIO

import numpy as np
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glassnet.locale import _, language
from glassnet.show.digit import half_blocks
from glassnet.show.numbers import ACCENT, QUIET, colored, written
from glassnet.show.terminal import OutputTable, ruled_table, verdict
from glassnet.training.explain import UpdateExplanation
from glassnet.training.weight import Product, WeightExplanation, shortest_text

IMAGES_SHOWN = 8
PRODUCTS_SHOWN = 5


def renderable(thing: UpdateExplanation | WeightExplanation) -> RenderableType:
    """Return what rich prints for an update or for one weight in it."""
    return WeightView(thing) if isinstance(thing, WeightExplanation) else UpdateView(thing)


def text(thing: UpdateExplanation | WeightExplanation, width: int = 100) -> str:
    """Return the same without color as plain text, `width` columns wide."""
    sheet = StringIO()
    Console(file=sheet, width=width, color_system=None, highlight=False).print(renderable(thing))
    return "\n".join(line.rstrip() for line in sheet.getvalue().splitlines())


class UpdateView:
    """An update: facts, the images of its batch or the one image, the gradients, and the weight `place` of it.

    `place` is (name, row, column); None is the weight with the largest gradient.
    """

    def __init__(self, update: UpdateExplanation, place: tuple[str, int, int] | None = None) -> None:
        self.update = update
        self.place = place

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the parts from top to bottom."""
        u = self.update
        yield Text(title(u), "bold")
        words = Table.grid(padding=(0, 2, 0, 0))
        for name, value in facts(u):
            words.add_row(Text(name, QUIET), value)
        picture = _picture(u)
        if picture is None:
            yield words
        else:
            sides = Table.grid(padding=(0, 4, 0, 0))
            sides.add_column(no_wrap=True)
            sides.add_column(vertical="middle")
            sides.add_row(picture, words)
            yield sides
        yield Text()
        if u.trace is None:
            yield _batch_table(u)
        else:
            yield OutputTable(u.trace)
            yield verdict(u.trace)
        yield Text()
        yield Text(gradients_title(u), "bold")
        for line in gradient_lines(u):
            yield Text(f"  {line}")
        yield Text()
        yield WeightView(u.weight(*(self.place or u.largest())))


class WeightView:
    """A weight: the rule's lines with numbers, the check by differences, and what the images say about it."""

    def __init__(self, weight: WeightExplanation) -> None:
        self.weight = weight

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the parts from top to bottom."""
        w = self.weight
        yield Text(weight_title(w), "bold")
        for line in w.lines:
            yield Padding(Text.assemble((line.step.id, "bold"), f" = {line.step.python}"), (0, 0, 0, 2))
            indent = " " * len(line.step.id)
            yield Padding(Text(f"{indent} = {line.written}"), (0, 0, 0, 2))
            yield Padding(
                Text.assemble(
                    f"{indent} = ",
                    (shortest_text(line.value if line.stored is None else line.stored), ACCENT),
                ),
                (0, 0, 0, 2),
            )
            yield Padding(Text(line.step.sentence[language()], QUIET), (0, 0, 0, 2))
        yield Text()
        yield Text(_("Checked by differences, in float64"), "bold")
        for line_ in difference_lines(w):
            yield Padding(Text(line_), (0, 0, 0, 2))
        yield Text()
        yield Text(products_title(w), "bold")
        yield _product_table(w)


def title(u: UpdateExplanation) -> str:
    """Say which update it is."""
    return _("Update {update} of {updates}: batch {batch} of epoch {epoch}").format(
        update=f"{u.update:,}", updates=f"{u.run.updates:,}", batch=u.batch, epoch=u.epoch
    )


def facts(u: UpdateExplanation) -> list[tuple[str, str]]:
    """Return what the update is, as pairs of a name and a value."""
    known = [
        (_("Rule"), u.run.recipe.optimizer),
        (_("Learning rate"), shortest_text(u.learning_rate)),
        (
            _("Batch"),
            _("{count} images, mean loss {loss}").format(count=len(u.indices), loss=written(u.loss)),
        ),
        (_("Weights"), f"{u.before.fingerprint} → {u.after.fingerprint}"),
    ]
    if u.image is not None:
        known.append((_("Image"), image_name(u)))
    if u.run.recipe.distortion_in(u.epoch - 1) is not None:
        known.append((_("Distorted"), _("the images are as training saw them")))
    return known


def image_name(u: UpdateExplanation) -> str:
    """Say which image is explained."""
    place = u.image or 0
    return _("{place} of the batch: training image {index}, label {label}").format(
        place=place, index=u.indices[place], label=u.labels[place]
    )


def gradients_title(u: UpdateExplanation) -> str:
    """Say whose gradients follow."""
    if u.image is not None:
        return _("Gradients of this image")
    return _("Gradients, the mean of {count} images").format(count=len(u.indices))


def gradient_lines(u: UpdateExplanation) -> list[str]:
    """Describe every gradient matrix in a line: its shape and its extremes."""
    lines = []
    for name, matrix in u.image_gradients.items():
        rows, columns = matrix.shape
        low = np.unravel_index(int(matrix.argmin()), matrix.shape)
        high = np.unravel_index(int(matrix.argmax()), matrix.shape)
        summary = _("smallest {low} at {low_at}, largest {high} at {high_at}").format(
            low=written(float(matrix[low]), sign=True, tiny=True),
            low_at=f"[{low[0]}, {low[1]}]",
            high=written(float(matrix[high]), sign=True, tiny=True),
            high_at=f"[{high[0]}, {high[1]}]",
        )
        lines.append(f"{name}  {rows} × {columns}  {summary}")
    return lines


def weight_title(w: WeightExplanation) -> str:
    """Say which weight it is, and where its input lies in the image."""
    name = _("The weight {name} in update {update}").format(
        name=f"{w.name}[{w.row}, {w.column}]", update=f"{w.update:,}"
    )
    if w.pixel is None:
        return name
    place = _("row {row}, column {column}").format(row=w.pixel[0], column=w.pixel[1])
    return f"{name} ({place})"


def difference_lines(w: WeightExplanation) -> list[str]:
    """Write out the central difference and what the engine's gradient is."""
    d = w.difference
    whose = _("the batch's mean loss") if w.image_gradient is None else _("this image's loss")
    return [
        _("{whose} with the weight {step} larger: {above}, smaller: {below}").format(
            whose=whose, step=f"{d.step:.3g}", above=f"{d.above:.12f}", below=f"{d.below:.12f}"
        ),
        _("difference / (2 · {step}) = {slope}; the engine's gradient: {gradient}").format(
            step=f"{d.step:.3g}", slope=_minus(f"{d.slope:.9g}"), gradient=_minus(shortest_text(w.checked))
        ),
    ]


def products_title(w: WeightExplanation) -> str:
    """Say what the gradient is made of."""
    layer = int(w.name[1:])
    entering = "a1" if layer == 1 else f"a{layer}_1"
    product = f"d_z{layer + 1}[{w.row}] × {entering}[{w.column}]"
    if w.image_gradient is None:
        return _("The gradient: the mean of {product} of the images").format(product=product)
    return _("The gradient of this image: {product}; the rule uses the batch's mean").format(product=product)


def largest_products(w: WeightExplanation) -> tuple[list[Product], int, float]:
    """Return the largest products, how many others there are, and the sum of these."""
    ordered = sorted(w.products, key=lambda item: -abs(item.product))
    others = ordered[PRODUCTS_SHOWN:]
    return ordered[:PRODUCTS_SHOWN], len(others), sum(item.product for item in others)


def mean_product(w: WeightExplanation) -> str:
    """Return the mean of all products, with as many digits as the gradient has."""
    return _minus(f"{sum(item.product for item in w.products) / len(w.products):.9g}")


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _batch_table(u: UpdateExplanation) -> RenderableType:
    """The first images of the batch; all of a small one."""
    table = ruled_table()
    for heading in (_("place"), _("training image"), _("label"), _("prediction"), _("loss")):
        table.add_column(heading, justify="right")
    for place in range(min(IMAGES_SHOWN, len(u.indices))):
        right = u.predictions[place] == u.labels[place]
        table.add_row(
            str(place),
            str(u.indices[place]),
            str(u.labels[place]),
            Text(str(u.predictions[place]), "" if right else "bold"),
            written(float(u.losses[place])),
        )
    others = len(u.indices) - IMAGES_SHOWN
    if others > 0:
        table.add_row("…", _("{count} others").format(count=others), "", "", "")
    return table


def _product_table(w: WeightExplanation) -> RenderableType:
    table = ruled_table()
    for heading in (_("training image"), _("label"), "d_z", _("× value a"), _("= product")):
        table.add_column(heading, justify="right")
    shown, others, rest = largest_products(w)
    for item in shown:
        table.add_row(
            str(item.index),
            str(item.label),
            colored(item.d_z, sign=True, tiny=True),
            written(item.entering),
            colored(item.product, sign=True, tiny=True),
        )
    if others:
        name = _("{count} others").format(count=others)
        table.add_row(name, "", "", "", colored(rest, sign=True, tiny=True))
    if w.image_gradient is None:
        name = _("sum / {count}").format(count=len(w.products))
        table.add_row(Text(name, "bold"), "", "", "", mean_product(w))
    return table


def _picture(u: UpdateExplanation) -> RenderableType | None:
    pixels = u.images.shape[1]
    side = round(pixels**0.5)
    if u.image is None or side * side != pixels or side > 40:
        return None
    return half_blocks(u.images[u.image].reshape(side, side))
