"""What a lot usually holds at a time of a kind of day: means with exponential memory."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forecast.slots import KINDS

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

MEMORY: Final = 0.95
"""What an occurrence weighs at the next one of its kind: about twenty count."""
SMOOTH_MIN: Final = 15
"""A value also tells of the times around it: few days give a smooth profile, and slow sources leave no holes."""
KINSHIP: Final[F64] = np.array([[1.0, 0.2, 0.1], [0.3, 1.0, 0.3], [0.15, 0.4, 1.0]])
"""How many occurrences of a kind of day (row) all of another kind (column) are worth, at most."""


class Profile:
    """Weighted sums of fill and their weights, shape (cells, L); a weight of 1 is one day seen."""

    def __init__(self, lots: int, slots_a_day: int) -> None:
        self._a_day = slots_a_day
        self.total: F64 = np.zeros((KINDS * slots_a_day, lots))
        self.weight: F64 = np.zeros((KINDS * slots_a_day, lots))
        self._radius = SMOOTH_MIN * slots_a_day // 1440
        kernel = 1.0 + self._radius - np.abs(np.arange(-self._radius, self._radius + 1))
        self._kernel: F64 = (kernel / kernel.sum())[:, np.newaxis]

    def learn(self, cell: int, fill: F64, weight: F64, alive: F64) -> None:
        """Remember one slot.

        Args:
            cell: which.
            fill: share taken, shape (L,), any number where the weight is 0.
            weight: slots it stands for, 0 where unknown, shape (L,).
            alive: 1 where the lot was heard lately, else 0: an outage must not wear the memory away, shape (L,).
        """
        first = cell - cell % self._a_day
        low, high = max(first, cell - self._radius), min(first + self._a_day - 1, cell + self._radius)
        fresh = slice(low if cell == first else high, high + 1) if cell + self._radius == high else slice(0, 0)
        fade = 1.0 - (1.0 - MEMORY) * alive
        self.total[fresh] *= fade
        self.weight[fresh] *= fade
        kernel = self._kernel[low - cell + self._radius : high - cell + self._radius + 1] * weight
        self.total[low : high + 1] += kernel * fill
        self.weight[low : high + 1] += kernel

    def read(self, cells: I64) -> tuple[F64, F64]:
        """Usual fill of some cells, and how many days it rests on; both (n, L).

        A kind of day never seen is filled from the others, and rests on parts of a day.
        """
        kind, time_of_day = np.divmod(cells, self._a_day)
        rows = time_of_day[:, np.newaxis] + self._a_day * np.arange(KINDS)
        weight = self.weight[rows]
        kin = KINSHIP[kind][:, :, np.newaxis]
        factor = np.where(kin == 1.0, 1.0, kin / np.maximum(weight, 1.0))
        days = (weight * factor).sum(axis=1)
        fill = (self.total[rows] * factor).sum(axis=1) / np.maximum(days, 1e-9)
        return fill, days

    def seen(self) -> F64:
        """Days' worth of memory of each lot, shape (L,)."""
        total: F64 = self.weight.sum(axis=0) / self._a_day
        return total

    def save(self) -> dict[str, Any]:
        """Arrays by name."""
        return {"total": self.total.copy(), "weight": self.weight.copy()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those arrays."""
        self.total, self.weight = state["total"].copy(), state["weight"].copy()
