"""Training: recipes, the run and its file, and the doctor."""

from glassnet.engine.distortion import Distortion
from glassnet.training.doctor import Finding, diagnose
from glassnet.training.recipe import RECIPES, Recipe
from glassnet.training.run import Address, Epoch, History, Run
from glassnet.training.score import Score
from glassnet.training.session import Progress
from glassnet.training.train import train

__all__ = [
    "RECIPES",
    "Address",
    "Distortion",
    "Epoch",
    "Finding",
    "History",
    "Progress",
    "Recipe",
    "Run",
    "Score",
    "diagnose",
    "train",
]
