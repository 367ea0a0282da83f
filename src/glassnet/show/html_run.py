"""A training run as HTML: facts, curves of loss and accuracy, evaluations, what the doctor finds; measures nothing."""

from collections.abc import Sequence

import numpy as np

from glassnet.locale import _
from glassnet.show.html_parts import block, number, table, tag, words
from glassnet.show.numbers import ACCENT
from glassnet.show.run import Floats, extent, facts, headings, rows, stretches
from glassnet.training import Run, diagnose

WIDTH, HEIGHT, LEFT, TOP, RIGHT = 420, 120, 52, 8, 130
STRETCHES = 210


def written(run: Run) -> str:
    """Return the whole run."""
    known = (
        tag("tr", tag("th", words(name), scope="row"), tag("td", words(value))) for name, value in facts(run)
    )
    parts = [tag("h3", words(_("Training run"))), tag("table", tag("tbody", *known))]
    loss = stretches(run.history.loss, STRETCHES)
    if len(loss) > 1:
        parts += [tag("h4", words(_("Loss of the batches"))), _curves([("", loss)], float(loss.max()))]
        parts.append(tag("p", words(extent(run, STRETCHES)), classes="q"))
    if len(run.history.epochs) > 1:
        curves = [(_("training"), np.array([1 - item.train.accuracy for item in run.history.epochs]))]
        validation = [1 - item.validation.accuracy for item in run.history.epochs if item.validation]
        curves += [(_("validation"), np.array(validation))] if validation else []
        top = max(float(values.max()) for _name, values in curves)
        parts += [tag("h4", words(_("Share read wrongly, evaluation by evaluation"))), _curves(curves, top)]
    if run.history.epochs:
        heads = headings(run)
        lines = [
            tag("tr", *(number(cell, element="th" if best else "td") for cell in cells))
            for best, cells in rows(run)
        ]
        parts.append(table(heads, lines, numbers=range(len(heads))))
        parts.append(
            tag("p", words(_("The best is in bold. Training: the first 5,000 images.")), classes="q")
        )
    parts += [
        tag("p", tag("b", words(finding.title)), " ", words(f"{finding.evidence} {finding.remedy}"))
        for finding in diagnose(run)
    ]
    return block("".join(parts))


def _curves(curves: Sequence[tuple[str, Floats]], top: float) -> str:
    """Draw curves from 0 to `top` with a scale at the left, and at each curve's end its name and last value."""
    svg = []
    for share in (0.0, 0.5, 1.0):
        y = f"{TOP + HEIGHT * (1 - share):g}"
        svg.append(tag("line", x1=str(LEFT), x2=str(LEFT + WIDTH), y1=y, y2=y, stroke="rgba(128,128,128,.4)"))
        svg.append(_text(LEFT - 6, float(y) + 4, f"{top * share:.4g}", "currentColor", "end"))
    names_at: list[float] = []
    for place, (name, values) in enumerate(curves):
        color = ACCENT if place == len(curves) - 1 else "currentColor"
        across = LEFT + np.linspace(0, WIDTH, len(values))
        down = TOP + HEIGHT * (1 - np.clip(values / (top or 1.0), 0, 1))
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across.tolist(), down.tolist(), strict=True))
        svg.append(tag("polyline", points=points, fill="none", stroke=color))
        end = float(down[-1]) + 4
        if any(abs(end - other) < 14 for other in names_at):
            end = max(names_at) + 14  # curves that end together keep their names apart
        names_at.append(end)
        svg.append(_text(LEFT + WIDTH + 6, end, f"{name} {values[-1]:.4f}".strip(), color, "start"))
    said = "; ".join(f"{name} {values[0]:.4f} … {values[-1]:.4f}".strip() for name, values in curves)
    size = {"width": str(LEFT + WIDTH + RIGHT), "height": str(TOP + HEIGHT + 20)}
    return tag("svg", *svg, role="img", style="max-width:100%;font-size:12px", **size, **{"aria-label": said})


def _text(x: float, y: float, text: str, color: str, anchor: str) -> str:
    return tag("text", words(text), x=f"{x:g}", y=f"{y:g}", fill=color, **{"text-anchor": anchor})
