"""A Trace, an Explanation or an Evaluation as HTML for notebooks: one string, complete in itself.

No script, nothing loaded from anywhere; pictures are data, styles reach no further than their own block. Text takes
the page's color, and numbers are tinted rather than painted, so that it reads on light and on dark pages.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glassnet.evaluation import Evaluation
    from glassnet.trace import Explanation, Trace


def trace(trace: "Trace") -> str:
    """Return a trace: the digit, outputs and loss as a table, and every step with code, shape and values.

    >>> import glassnet
    >>> image, label = glassnet.mnist().test[0]
    >>> text = trace(glassnet.Network(seed=0).trace(image, label))
    >>> text.startswith('<div class="glassnet"'), "<script" in text, "np.dot(w1, a1)" in text
    (True, False, True)
    """
    from glassnet.show import html_trace

    return html_trace.written(trace)


def explanation(explanation: "Explanation") -> str:
    """Return the explanation of one neuron: its sum written out, largest terms first."""
    from glassnet.show import html_neuron

    return html_neuron.written(explanation)


def evaluation(evaluation: "Evaluation") -> str:
    """Return an evaluation: accuracy in words, confusion matrix, worst mistakes as pictures, calibration."""
    from glassnet.show import html_evaluation

    return html_evaluation.written(evaluation)
