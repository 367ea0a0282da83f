"""Made-up photographs whose truth is known: MNIST's test digits on paper, under a lamp, through a camera.

Everything follows from a seed. The scenes measure `glassnet.pictures`; nothing is trained on them.
"""

from scenery.empty import without_digits
from scenery.scene import Scene, Truth, scene

__all__ = ["Scene", "Truth", "scene", "without_digits"]
