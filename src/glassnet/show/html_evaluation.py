"""An evaluation as HTML: accuracy in words, confusion, the worst mistakes as pictures, calibration; counts nothing."""

import numpy as np

from glassnet.evaluation import Evaluation, Mistake
from glassnet.locale import _
from glassnet.show.colors import ONE, gray
from glassnet.show.html_parts import bar, block, number, picture, table, tag, tinted, words
from glassnet.show.words import percent, set_name

MISTAKES = 24  # shown


def written(evaluation: Evaluation) -> str:
    """Return the whole evaluation."""
    correct = evaluation.count - len(evaluation.mistakes)
    title = _("{set}: {correct} of {count} images read rightly, {accuracy}").format(
        set=set_name(evaluation.set),
        correct=f"{correct:,}",
        count=f"{evaluation.count:,}",
        accuracy=percent(evaluation.accuracy),
    )
    low, high = evaluation.interval
    interval = _("For all images of this kind it lies between {low} and {high} (95 % interval).")
    loss = _("Loss {loss}, the mean over the images. Weights {fingerprint}.")
    return block(
        tag("h3", words(title))
        + tag("p", words(interval.format(low=percent(low), high=percent(high))))
        + tag("p", words(loss.format(loss=f"{evaluation.loss:.4f}", fingerprint=evaluation.fingerprint)))
        + tag("h4", words(_("Confusion: row = label, column = prediction")))
        + _confusion(evaluation)
        + tag("h4", words(_("Mistakes")))
        + _mistakes(evaluation)
        + tag("h4", words(_("Calibration: does the confidence keep its promise?")))
        + _calibration(evaluation)
    )


def _confusion(evaluation: Evaluation) -> str:
    matrix = evaluation.confusion
    wrong = matrix - np.diag(np.diag(matrix))
    most = max(int(wrong.max()), 1)
    accuracies = {result.label: result.accuracy for result in evaluation.classes}
    rows = []
    for label, counts in enumerate(matrix):
        cells = [
            number(f"{count}" if count else "·", tint=tinted(-float(wrong[label, prediction]), most))
            if label != prediction
            else tag("td", words(count), classes="n q")
            for prediction, count in enumerate(counts)
        ]
        share = percent(accuracies[label], 1) if label in accuracies else ""
        rows.append(tag("tr", tag("th", str(label), classes="n", scope="row"), *cells, number(share)))
    heads = ["", *(str(prediction) for prediction in range(len(matrix))), _("right")]
    return table(heads, rows, numbers=range(len(heads)))


def _mistakes(evaluation: Evaluation) -> str:
    mistakes = evaluation.mistakes
    if not mistakes:
        return tag("p", words(_("None: every image was read rightly.")))
    figures = tag(
        "div", *(_figure(evaluation, mistake) for mistake in mistakes[:MISTAKES]), classes="gallery"
    )
    notes = []
    if len(mistakes) > MISTAKES:
        text = _("The {shown} most confident of {count} mistakes.")
        notes.append(text.format(shown=MISTAKES, count=f"{len(mistakes):,}"))
    if doubtful := sum(mistake.doubtful for mistake in mistakes):
        text = _("Mistakes with a doubtful label, about which people disagree too: {count}.")
        notes.append(text.format(count=doubtful))
    return figures + "".join(tag("p", words(note), classes="q") for note in notes)


def _figure(evaluation: Evaluation, mistake: Mistake) -> str:
    colors = gray(evaluation.data.images[mistake.index].reshape(28, 28))
    seen = _("image {index}, label {label}, read as {prediction}").format(
        index=mistake.index, label=mistake.label, prediction=mistake.prediction
    )
    frame = f"outline:2px solid {ONE}" if mistake.doubtful else ""
    lines = [
        tag("b", words(f"{mistake.label} → {mistake.prediction}")),
        words(f"{mistake.confidence:.4f}"),
        tag("span", words(f"#{mistake.index}"), classes="q"),
    ]
    if mistake.doubtful:
        lines.append(tag("span", words(_("doubtful label")), style=f"color:{ONE};font-weight:600"))
    return tag("figure", picture(colors, "56px", seen, style=frame), tag("div", "<br>".join(lines)))


def _calibration(evaluation: Evaluation) -> str:
    heads = [_("confidence"), _("images"), _("mean"), _("right"), ""]
    rows = [
        tag(
            "tr",
            tag("td", words(f"{item.low:.1f} – {item.high:.1f}")),
            number(f"{item.count:,}"),
            number(percent(item.confidence, 1)),
            number(percent(item.accuracy, 1)),
            tag("td", bar(item.accuracy)),
        )
        for item in evaluation.calibration.bins
    ]
    note = _(
        "Confidence is the largest output. On average it is {error} percentage points off what is right."
    )
    note = note.format(error=f"{evaluation.calibration.error * 100:.2f}")
    return table(heads, rows, numbers=(1, 2, 3)) + tag("p", words(note), classes="q")
