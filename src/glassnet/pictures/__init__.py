"""Pictures in: a file becomes the 784 bytes that the network reads; predicts nothing."""

from glassnet.pictures.confidence import Confidence
from glassnet.pictures.read import Picture, read28
from glassnet.pictures.reader import Reader

__all__ = ["Confidence", "Picture", "Reader", "read28"]
