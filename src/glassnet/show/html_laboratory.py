"""A Laboratory as HTML: every stage with both networks' answers, the wrong ways, the measures; computes nothing."""

from glassnet.data import mnist
from glassnet.locale import _
from glassnet.pictures.laboratory import Laboratory, Stage
from glassnet.pictures.reader import Answer
from glassnet.show.colors import gray
from glassnet.show.html_parts import bar, number, picture, table, tag, words

LARGEST = 480  # pixels of a stage's longer side in the report


def written(laboratory: Laboratory) -> str:
    """Return the block's content."""
    digit = laboratory.digit
    answer = "?" if digit.label is None else str(digit.label)
    heading = _("Read as {digit}, confidence {confidence}").format(
        digit=answer, confidence=f"{digit.confidence:.0%}"
    )
    told = [text for text in (digit.reason, laboratory.culprit) if text]
    train = mnist().train
    near = [
        tag(
            "figure",
            picture(
                gray(train.images[index].reshape(28, 28)), "84px", _("label {label}").format(label=label)
            ),
            tag("div", words(label)),
        )
        for index, label in zip(laboratory.nearest, laboratory.labels, strict=True)
    ]
    return "".join(
        [
            tag("h3", words(heading)),
            *(tag("p", words(text)) for text in told or [_("nothing unusual about it")]),
            tag("h4", words(_("Stage by stage"))),
            tag("div", *(_stage(stage) for stage in laboratory.stages), classes="gallery"),
            tag("h4", words(_("The usual mistakes"))),
            tag("div", *(_stage(stage) for stage in laboratory.wrong), classes="gallery"),
            tag("h4", words(_("Beside MNIST's training images"))),
            _measures(laboratory),
            tag("h4", words(_("The nearest images of MNIST"))),
            tag("div", *near, classes="gallery"),
        ]
    )


def page(laboratory: Laboratory) -> str:
    """Return a whole HTML document with the block in it."""
    from glassnet.locale import language
    from glassnet.show.html_parts import block

    title = words(laboratory.reading.source)
    head = f'<meta charset="utf-8"><meta name="generator" content="glassnet"><title>{title}</title>'
    body = block(written(laboratory))
    return f'<!doctype html><html lang="{language()}"><head>{head}</head><body>{body}</body></html>\n'


def _stage(stage: Stage) -> str:
    every = max(1, max(stage.picture.shape) // LARGEST)
    shown = picture(gray(255 - stage.picture[::every, ::every]), "168px", stage.title)
    fed = picture(gray(stage.image.reshape(28, 28)), "56px", _("what the network gets"))
    said = [
        words(_("reader {answer}").format(answer=_said(stage.reader))),
        tag("span", words(_("784-14-10 {answer}").format(answer=_said(stage.lecture))), classes="q"),
    ]
    return tag("figure", tag("div", tag("b", words(stage.title))), shown, fed, tag("div", "<br>".join(said)))


def _said(answer: Answer) -> str:
    return f"{answer.label} ({answer.confidence:.0%})"


def _measures(laboratory: Laboratory) -> str:
    heads = ["", _("here"), _("MNIST images with less"), ""]
    rows = [
        tag(
            "tr",
            tag("td", words(measure.title)),
            number(f"{measure.value:.2f}"),
            number(f"{measure.share:.1%}"),
            tag("td", bar(measure.share), words(" " + measure.sentence) if measure.odd else ""),
        )
        for measure in laboratory.measures
    ]
    return table(heads, rows, numbers=(1, 2))
