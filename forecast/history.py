"""The last days, slot by slot: just long enough to look back from every target."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

FILL: Final = 0
"""Share taken; a value stands for at most half an hour after it was heard."""
USUAL: Final = 1
"""What the profile said then."""
DAYS: Final = 2
"""How many days that rested on."""
HABIT: Final = 3
"""Mean deviation of the day before."""
WEIGHT: Final = 4
"""Slots the value stands for in the profile; 0 where it was only carried forward."""
COLUMNS: Final = 5


class History:
    """A ring of shape (slots, COLUMNS, L), NaN where nothing is known."""

    def __init__(self, slots: int, lots: int) -> None:
        self.last: int | None = None
        """Number of the newest slot."""
        self.slots = slots
        self._ring: F64 = np.full((slots, COLUMNS, lots), np.nan)

    def put(self, slot: int, fill: F64, usual: F64, days: F64, habit: F64, weight: F64) -> None:
        """Append a slot; those that were left out on the way are unknown."""
        if self.last is not None and slot > self.last + 1:
            self._ring[np.arange(max(self.last + 1, slot - self.slots), slot) % self.slots] = np.nan
        row = self._ring[slot % self.slots]
        row[FILL], row[USUAL], row[DAYS], row[HABIT], row[WEIGHT] = fill, usual, days, habit, weight
        self.last = slot

    def rows(self, slots: I64) -> F64:
        """Some slots, shape (n, COLUMNS, L); NaN for those too old or not yet come."""
        found: F64 = self._ring[slots % self.slots]
        last = -1 if self.last is None else self.last
        if slots.max() > last or slots.min() <= last - self.slots:
            found[(slots > last) | (slots <= last - self.slots)] = np.nan
        return found

    def row(self, slot: int) -> F64:
        """One slot, shape (COLUMNS, L)."""
        found: F64 = self.rows(np.array([slot]))[0]
        return found

    def save(self) -> dict[str, Any]:
        """The ring and how far it is filled."""
        return {"last": self.last, "ring": self._ring.copy()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to that ring."""
        self.last, self._ring = state["last"], state["ring"].copy()
