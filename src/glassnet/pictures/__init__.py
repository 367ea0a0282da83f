"""Pictures in, digits out: photographs, scans, screenshots and drawings; what it cannot read it refuses."""

from glassnet.pictures.confidence import Confidence
from glassnet.pictures.read import read
from glassnet.pictures.reader import Reader
from glassnet.pictures.result import Digit, Reading
from glassnet.pictures.teaching import Taught, teach

__all__ = ["Confidence", "Digit", "Reader", "Reading", "Taught", "read", "teach"]
