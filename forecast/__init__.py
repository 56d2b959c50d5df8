"""What lots will hold: pure and vectorised over lots; times and readings are arguments."""

from forecast.forecaster import Forecaster
from forecast.model import Model
from forecast.score import Scorer

__all__ = ["Forecaster", "Model", "Scorer"]
