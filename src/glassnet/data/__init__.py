"""Images with labels: the packaged MNIST, IDX files, folders of pictures, other data sets, the split.

Everything is 0-based, and images are rows of 784 unsigned bytes. Importing this imports NumPy alone.
"""

from glassnet.data.loading import DATA_NAMES, load
from glassnet.data.packaged import mnist
from glassnet.data.sets import DataSet, DataSets

__all__ = ["DATA_NAMES", "DataSet", "DataSets", "load", "mnist"]
