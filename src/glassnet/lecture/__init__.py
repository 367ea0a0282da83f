"""The lecture's code: forward propagation, loss and gradients as the slides write them, in plain NumPy.

Nothing here is fast, general or defended; `glassnet.engine` is checked against it.
"""

from glassnet.lecture.backward import gradients
from glassnet.lecture.forward import neural_network, sigmoid
from glassnet.lecture.loss import squared_error

__all__ = ["gradients", "neural_network", "sigmoid", "squared_error"]
