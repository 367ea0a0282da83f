"""One update as HTML: its batch, gradients, and a weight by the rule with its numbers; computes nothing."""

from math import isqrt

import numpy as np

from glassnet.locale import _, language
from glassnet.show.colors import diverging, gray, largest
from glassnet.show.html_parts import block, number, picture, scale, table, tag, words
from glassnet.show.numbers import written as number_written
from glassnet.show.update import (
    difference_lines,
    facts,
    gradient_lines,
    gradients_title,
    largest_products,
    mean_product,
    products_title,
    title,
    weight_title,
)
from glassnet.training.explain import UpdateExplanation
from glassnet.training.weight import WeightExplanation, shortest_text

IMAGES_SHOWN = 20
NEURONS_SHOWN = 40


def written(update: UpdateExplanation) -> str:
    """Return the whole update, with the weight that has the largest gradient."""
    known = (
        tag("tr", tag("th", words(name), scope="row"), tag("td", words(value)))
        for name, value in facts(update)
    )
    return block(
        tag("h3", words(title(update)))
        + tag("table", tag("tbody", *known))
        + _images(update)
        + tag("h4", words(gradients_title(update)))
        + "".join(tag("p", words(line)) for line in gradient_lines(update))
        + _gradient_pictures(update)
        + _weight(update.weight(*update.largest()))
    )


def weight(weight: WeightExplanation) -> str:
    """Return one weight."""
    return block(_weight(weight))


def _images(update: UpdateExplanation) -> str:
    """The first images that are explained, as training saw them, each with number, label, prediction and loss."""
    side = _side(update.images.shape[1])
    figures = []
    for place in update.shown[:IMAGES_SHOWN].tolist():
        name = _("training image {index}, label {label}").format(
            index=update.indices[place], label=update.labels[place]
        )
        caption = _("read {digit}, loss {loss}").format(
            digit=update.predictions[place], loss=number_written(float(update.losses[place]))
        )
        image = ""
        if side is not None:
            image = picture(gray(update.images[place].reshape(side, side)), "84px", name) + "<br>"
        text = f"{update.indices[place]}: {update.labels[place]}"
        figures.append(tag("figure", image, tag("b", words(text)), "<br>", words(caption)))
    others = len(update.shown) - IMAGES_SHOWN
    rest = tag("p", words(_("{count} others").format(count=others)), classes="q") if others > 0 else ""
    return tag("div", *figures, classes="gallery") + rest


def _gradient_pictures(update: UpdateExplanation) -> str:
    """The gradients of the first weights, a picture for each neuron, where the inputs are an image's pixels."""
    matrix = update.image_gradients["d_w1"]
    side = _side(matrix.shape[1] - 1)
    if side is None or len(matrix) > NEURONS_SHOWN or not np.isfinite(matrix).all():
        return ""
    most = largest(matrix)
    figures = [
        tag(
            "figure",
            picture(diverging(row[:-1].reshape(side, side), most), "84px", f"d_w1[{neuron}]"),
            "<br>",
            words(f"d_w1[{neuron}]"),
        )
        for neuron, row in enumerate(matrix)
    ]
    return tag("div", *figures, classes="gallery") + tag("p", scale(most, "d_w1"))


def _weight(w: WeightExplanation) -> str:
    lines = []
    for line in w.lines:
        result = shortest_text(line.value if line.stored is None else line.stored)
        lines.append(
            tag(
                "p",
                tag("code", words(f"{line.step.id} = {line.step.python}")),
                "<br>",
                tag("code", words(f"= {line.written} = "), tag("b", words(result))),
                "<br>",
                tag("span", words(line.step.sentence[language()]), classes="q"),
            )
        )
    shown, others, rest = largest_products(w)
    rows = [
        tag(
            "tr",
            number(str(item.index)),
            number(str(item.label)),
            number(number_written(item.d_z, sign=True, tiny=True)),
            number(number_written(item.entering)),
            number(number_written(item.product, sign=True, tiny=True)),
        )
        for item in shown
    ]
    if others:
        name = _("{count} others").format(count=others)
        rows.append(_line(name, number_written(rest, sign=True, tiny=True)))
    foot = ""
    if w.image_gradient is None:
        foot = _line(_("sum / {count}").format(count=len(w.products)), mean_product(w))
    heads = [_("training image"), _("label"), "d_z", _("× value a"), _("= product")]
    return (
        tag("h4", words(weight_title(w)))
        + "".join(lines)
        + tag("h4", words(_("Checked by differences, in float64")))
        + "".join(tag("p", words(line)) for line in difference_lines(w))
        + tag("h4", words(products_title(w)))
        + table(heads, rows, foot, numbers=range(5))
    )


def _line(name: str, value: str) -> str:
    return tag("tr", number(name), *[tag("td")] * 3, number(value))


def _side(pixels: int) -> int | None:
    side = isqrt(pixels)
    return side if side * side == pixels and 1 < side <= 100 else None
