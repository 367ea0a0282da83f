"""One neuron as HTML: its sum written out, largest terms first; nothing is computed here."""

from glassnet.locale import _
from glassnet.show.html_parts import bar, block, number, table, tag, words
from glassnet.show.neuron import FUNCTIONS
from glassnet.show.numbers import NEGATIVE, POSITIVE
from glassnet.show.numbers import written as number_written
from glassnet.trace import Explanation


def written(explanation: Explanation) -> str:
    """Return the explanation: terms w · a with bars, the rest as one number, the bias, the sum, the activation."""
    e = explanation
    here = f"{e.id}[{e.row}]"
    title = _("Neuron {row} of {step}: its sum written out").format(row=e.row, step=e.id)
    code = f"{here} = np.dot(w{int(e.id[1:]) - 1}[{e.row}], {e.entering})"
    heads = [
        _("input"),
        _("pixel") if e.image_width else "",
        _("weight w"),
        _("× value a"),
        _("= product"),
        "",
    ]
    shown = table(heads, _rows(e), foot=_feet(e, here), numbers=(2, 3, 4))
    return block(tag("h3", words(title)) + tag("p", tag("code", words(code))) + shown)


def _rows(e: Explanation) -> list[str]:
    terms = [term for term in e.terms if term.product]
    largest = max((abs(term.product) for term in terms), default=1.0)
    rows = []
    for term in terms:
        place = e.position(term)
        pixel = _("row {row}, column {column}").format(row=place[0], column=place[1]) if place else ""
        rows.append(
            tag(
                "tr",
                tag("td", tag("code", words(f"{e.entering}[{term.column}]"))),
                tag("td", words(pixel)),
                number(number_written(term.weight, sign=True)),
                number(number_written(term.entering)),
                number(number_written(term.product, sign=True)),
                tag("td", bar(abs(term.product) / largest, POSITIVE if term.product > 0 else NEGATIVE)),
            )
        )
    if others := e.rest_count + len(e.terms) - len(terms):
        name = _("the {count} others together").format(count=others)
        rest = number(number_written(e.rest, sign=True))
        rows.append(
            tag("tr", tag("td", "…"), tag("td", words(name)), number(""), number(""), rest, tag("td"))
        )
    bias = number(number_written(e.bias, sign=True))
    last = tag("code", words(f"{e.entering}[{e.rest_count + len(e.terms)}]"))
    one = tag("td", tag("span", "1", classes="one"), classes="n")
    name = _("the 1 below: the bias")
    rows.append(tag("tr", tag("td", last), tag("td", words(name)), bias, one, bias, tag("td")))
    return rows


def _feet(e: Explanation, here: str) -> str:
    function = FUNCTIONS[e.activation_name].format(id=e.id, row=e.row)
    lines = [
        (here, number_written(e.total, sign=True), words(_("the sum"))),
        (
            f"{e.activation_id}[{e.row}]",
            number_written(e.activation, sign=e.activation < 0),
            tag("code", words(function)),
        ),
    ]
    return "".join(
        tag(
            "tr",
            tag("th", tag("code", words(name)), scope="row"),
            *[tag("td")] * 3,
            number(value, element="th"),
            tag("td", reason, classes="q"),
        )
        for name, value, reason in lines
    )
