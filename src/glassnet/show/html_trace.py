"""A trace as HTML: the digit, outputs and loss as on the slides, every step with code, shape and values.

Nothing is computed here; numbers are the trace's own, rounded to four decimals.
"""

from math import isqrt

import numpy as np

from glassnet.locale import _, language
from glassnet.show.colors import diverging, gray, largest
from glassnet.show.html_parts import block, number, picture, scale, table, tag, tinted, words
from glassnet.show.numbers import written as number_written
from glassnet.trace import Matrix, Trace, TraceStep

SHOWN = 32  # a column with more rows than this is a picture or a summary
WIDE = 160  # a matrix is drawn as a picture up to this many columns, or where its rows are pictures
TALL = 200  # so many rows are drawn at most


def written(trace: Trace) -> str:
    """Return the whole trace; the gradients wait behind a summary that opens."""
    groups = {
        part: [item for item in trace if item.step.part == part] for part in ("forward", "loss", "backward")
    }
    content = _head(trace) + _steps(trace, groups["forward"] + groups["loss"])
    if groups["backward"]:
        summary = tag("summary", words(_("The way back: the gradients of the loss")))
        content += tag("details", summary, _steps(trace, groups["backward"]))
    return block(content)


def _head(trace: Trace) -> str:
    sizes = "-".join(str(size) for size in trace.sizes)
    title = _("Forward propagation of one image, {sizes}").format(sizes=sizes)
    result = _("Prediction: {digit}").format(digit=trace.prediction)
    if trace.target is not None:
        right = trace.prediction == trace.target
        sentence = (
            _("Prediction {digit}, target {target}: right.")
            if right
            else _("Prediction {digit}, target {target}: wrong.")
        ).format(digit=trace.prediction, target=trace.target)
        loss = _("Loss: {loss}").format(loss=number_written(trace.loss or 0.0))
        result = f"{sentence} {loss}"
    inside = _outputs(trace)
    if (side := _side(trace)) is not None:
        label = _("the image, {side} × {side} pixels").format(side=side)
        inside = picture(gray(trace["x"].reshape(side, side)), "168px", label) + inside
    return tag("h3", words(title)) + tag("p", tag("b", words(result))) + tag("div", inside, classes="side")


def _outputs(trace: Trace) -> str:
    """The outputs and, where there is a target, target, difference, term and their sum, the loss."""
    output_id = f"a{len(trace.sizes)}"
    heads = [_("digit"), _("prediction {id}").format(id=output_id)]
    columns = [trace.outputs]
    foot = ""
    if trace.loss is not None:
        term = "s" if "s" in trace else "c"
        heads += [_("target t"), _("difference e"), _("square s") if term == "s" else _("term c")]
        columns += [trace["t"], trace["e"], trace[term]]
        total = number(number_written(trace.loss), element="th")
        cells = [*[tag("td")] * 3, tag("td", words(_("sum =")), classes="n"), total]
        foot = tag("tr", *cells)
    rows = []
    for row in range(len(trace.outputs)):
        values = [float(column[row, 0]) for column in columns]
        cells = [tag("th", str(row), classes="n", scope="row")]
        for place, value in enumerate(values):
            text = f"{value:g}" if place == 1 else number_written(value, sign=place == 2)
            bold = (
                "font-weight:700;"
                if (place == 0 and row == trace.prediction) or (place == 1 and value)
                else ""
            )
            cells.append(number(text, tint=bold + tinted(value, 1.0, activation=place < 2)))
        rows.append(tag("tr", *cells))
    return table(heads, rows, foot, numbers=range(5))


def _steps(trace: Trace, items: list[TraceStep]) -> str:
    rows = []
    for item in items:
        step = item.step
        rows.append(
            tag(
                "tr",
                tag("th", words(step.id), scope="row"),
                tag(
                    "td",
                    tag("b", words(step.title[language()])),
                    "<br>",
                    tag("code", words(f"{step.id} = {step.python}")),
                    tag("div", words(step.sentence[language()]), classes="q"),
                ),
                tag("td", words("{} × {}".format(*step.shape)), classes="n"),
                tag("td", _values(trace, item)),
            )
        )
    return table([_("step"), _("code"), _("shape"), _("values")], rows, numbers=(2,))


def _values(trace: Trace, item: TraceStep) -> str:
    value, step_id = item.value, item.step.id
    rows, columns = value.shape
    if columns > 1:
        return _matrix(trace, value)
    if rows > SHOWN:
        return _long(trace, value, step_id)
    signed = step_id[0] in "zed" or bool((value < 0).any())
    most = largest(value) if signed else 1.0
    appended = step_id == "a1" or step_id.endswith("_1")
    cells = []
    for row, entry in enumerate(value[:, 0].tolist()):
        index = tag("b", str(row)) if rows > 1 else ""
        if appended and row == rows - 1:
            cells.append(tag("span", index, "1", classes="one"))
        else:
            style = tinted(entry, most, activation=step_id[0] in "at")
            content = index + words(number_written(entry, sign=signed))
            cells.append(tag("span", content, **({"style": style} if style else {})))
    return tag("div", *cells, classes="cells")


def _long(trace: Trace, value: Matrix, step_id: str) -> str:
    """A column too long to be written: counted, and the image itself for x and a1."""
    inked = int(np.count_nonzero(value))
    text = _("{count} of {rows} are not 0.").format(count=inked, rows=len(value))
    extent = _("smallest {low}, largest {high}").format(
        low=number_written(float(value.min())), high=number_written(float(value.max()))
    )
    summary = tag("div", words(text), "<br>", words(extent))
    side = _side(trace)
    if step_id in ("x", "a1") and side is not None:
        image = picture(gray(trace["x"].reshape(side, side)), "56px", _("the image, row by row"))
        one = tag("span", "1", classes="one") if step_id == "a1" else ""
        return tag("div", tag("div", image, " ", one), summary, classes="side")
    return summary


def _matrix(trace: Trace, value: Matrix) -> str:
    """A matrix as a picture on one numbered scale: its rows as images where they belong to pixels."""
    most = largest(value)
    legend = scale(most, _("one scale for all"))
    drawn = value[:TALL]
    note = ""
    if len(value) > TALL:
        note = tag("div", words(_("the first {shown} of {count} rows").format(shown=TALL, count=len(value))))
    side = _side(trace)
    if side is not None and value.shape[1] == side * side + 1:
        pictures = "".join(
            picture(
                diverging(row[:-1].reshape(side, side), most),
                "56px",
                _("row {row}, bias {bias}").format(row=place, bias=number_written(float(row[-1]), sign=True)),
            )
            for place, row in enumerate(drawn)
        )
        return tag("div", pictures, classes="cells") + note + legend
    label = _("{rows} × {columns} numbers, the last column belongs to the 1").format(
        rows=value.shape[0], columns=value.shape[1]
    )
    width = f"{min(14 * value.shape[1], 480)}px"
    return tag("div", picture(diverging(drawn[:, :WIDE], most), width, label)) + note + legend


def _side(trace: Trace) -> int | None:
    """The image's side in pixels, or None where the inputs are not a square."""
    side = isqrt(trace.sizes[0])
    return side if side * side == trace.sizes[0] and side > 3 else None
