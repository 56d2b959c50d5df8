"""How wrong forecasts were: spread by horizon and time of day, and quantiles that adapt until 80 % covers 80 %."""

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

LEVELS: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Levels that are tracked; others lie between."""
WATCHES: Final = 8
"""Spread is kept by three hours of the day: nights are calm."""
FIRST_SPREAD: Final = 0.0018
"""Mean absolute error at 1 min before anything is known, share of capacity; it grows with time to the power of …"""
GROWTH: Final = 0.75
"""… this, as that of "same as now" does on recorded lots of six cities …"""
MOST_SPREAD: Final = 0.15
"""… up to this."""
FIRST_COUNTS: Final = 12.0
"""Errors that the first spread is worth."""
SLOWEST: Final = 0.004
"""A spread remembers about 250 errors of its watch: a week."""
STEP: Final = 0.02
"""How far quantiles move at 5 min when they are missed; less at long horizons, whose errors come in runs."""
LEAST_SPREAD: Final = 1e-4


class Bands:
    """Spread (WATCHES, H, L) in shares of capacity; quantiles of errors over spread (LEVELS, H, L)."""

    def __init__(self, horizons_min: Sequence[int], lots: int) -> None:
        first = np.minimum(MOST_SPREAD, FIRST_SPREAD * np.array(horizons_min) ** GROWTH)
        self.spread: F64 = np.empty((WATCHES, len(horizons_min), lots))
        self.spread[:] = first[:, np.newaxis]
        self.count: F64 = np.full(self.spread.shape, FIRST_COUNTS)
        # The mean absolute error of a normal is 0.798 of its standard deviation.
        normal = np.array([NormalDist(sigma=1.2533).inv_cdf(level) for level in LEVELS])
        self.quantile: F64 = np.empty((len(LEVELS), len(horizons_min), lots))
        self.quantile[:] = normal[:, np.newaxis, np.newaxis]
        self._levels: F64 = np.array(LEVELS)[:, np.newaxis, np.newaxis]
        self._step: F64 = (STEP * np.sqrt(5.0 / np.array(horizons_min)))[:, np.newaxis]

    def learn(self, watch: int, error: F64, weight: F64) -> None:
        """Errors of forecasts that came due now, truth minus point: (H, L), any number where the weight is 0."""
        spread = self.spread[watch]
        scaled = error / np.maximum(spread, LEAST_SPREAD)
        self.quantile += (self._step * weight) * (self._levels - (scaled <= self.quantile))
        self.quantile.sort(axis=0)
        self.count[watch] += weight
        rate = weight * np.maximum(1.0 / self.count[watch], SLOWEST)
        # One correction of the counter is no reason to widen a week's bands tenfold.
        size = np.minimum(np.abs(error), 6.0 * spread + 0.02)
        spread += rate * (size - spread)

    def save(self) -> dict[str, Any]:
        """Arrays by name."""
        return {name: getattr(self, name).copy() for name in ("spread", "count", "quantile")}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those arrays."""
        self.spread, self.count = state["spread"].copy(), state["count"].copy()
        self.quantile = state["quantile"].copy()
