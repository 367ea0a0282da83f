"""Pictures in: a file becomes the 784 bytes that the network reads; predicts nothing."""

from glassnet.pictures.read import Picture, read28

__all__ = ["Picture", "read28"]
