"""The last days, slot by slot: just long enough to look back from every target."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

COLUMNS: Final = ("fill", "usual", "days", "habit", "weight")


class History:
    """Rings of shape (slots, L), NaN where nothing is known.

    Attributes:
        fill: share taken; a value stands for at most half an hour after it was heard.
        usual: what the profile said then.
        days: how many days that rested on.
        habit: mean deviation of the day before.
        weight: slots the value stands for in the profile; 0 where it was only carried forward.
    """

    def __init__(self, slots: int, lots: int) -> None:
        self.last: int | None = None
        """Number of the newest slot."""
        self.slots = slots
        self._rings: dict[str, F64] = {name: np.full((slots, lots), np.nan) for name in COLUMNS}

    def put(self, slot: int, **columns: F64) -> None:
        """Append a slot; those that were left out on the way are unknown."""
        if self.last is not None and slot > self.last + 1:
            skipped = np.arange(max(self.last + 1, slot - self.slots), slot) % self.slots
            for ring in self._rings.values():
                ring[skipped] = np.nan
        for name, ring in self._rings.items():
            ring[slot % self.slots] = columns[name]
        self.last = slot

    def rows(self, column: str, slots: I64) -> F64:
        """Values of some slots, shape (n, L); NaN for those too old or not yet come."""
        found = self._rings[column][slots % self.slots]
        last = -1 if self.last is None else self.last
        found[(slots > last) | (slots <= last - self.slots)] = np.nan
        return found

    def row(self, column: str, slot: int) -> F64:
        """Values of one slot, shape (L,)."""
        found: F64 = self.rows(column, np.array([slot]))[0]
        return found

    def save(self) -> dict[str, Any]:
        """Rings by name."""
        return {"last": self.last, **{name: ring.copy() for name, ring in self._rings.items()}}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those rings."""
        self.last = state["last"]
        self._rings = {name: state[name].copy() for name in COLUMNS}
