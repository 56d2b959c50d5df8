"""What was last heard of each lot, and what it has probably become since."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forecast.features import LEAST_HALF, believed

F64 = NDArray[np.float64]
BOOLS = NDArray[np.bool_]

NOTHING_KNOWN: Final = 0.5
"""Fill of a lot of which nobody has ever heard; its band says so."""


class Heard:
    """Columns of shape (L,)."""

    def __init__(self, lots: int) -> None:
        self.slot: F64 = np.full(lots, -np.inf)
        self.fill: F64 = np.full(lots, np.nan)
        self.usual: F64 = np.zeros(lots)
        """What the profile said then."""
        self.days: F64 = np.zeros(lots)
        """How many days that rested on."""

    def hear(self, known: BOOLS, slot: int, fill: F64, usual: F64, days: F64) -> None:
        """Keep what is known of this slot."""
        self.slot = np.where(known, float(slot), self.slot)
        self.fill = np.where(known, fill, self.fill)
        self.usual = np.where(known, usual, self.usual)
        self.days = np.where(known, days, self.days)

    def carried(self, age_min: F64, usual: F64, days: F64, returned: F64) -> F64:
        """Fill now: a silent lot comes back to its profile.

        Args:
            age_min: minutes since each lot was heard, infinite if never.
            usual: what the profile says now.
            days: how many days that rests on.
            returned: share of a deviation that is gone by now.
        """
        half = np.array(LEAST_HALF)
        belief = believed(np.where(age_min == np.inf, days, np.minimum(days, self.days)), half)
        change = (usual - self.usual) - returned * (self.fill - self.usual)
        never = belief * usual + (1.0 - belief) * NOTHING_KNOWN
        return np.where(np.isnan(self.fill), never, np.clip(self.fill + belief * change, 0.0, 1.0))

    def save(self) -> dict[str, Any]:
        """Columns by name."""
        return {"slot": self.slot, "fill": self.fill, "usual": self.usual, "days": self.days}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those columns."""
        self.slot, self.fill = state["slot"], state["fill"]
        self.usual, self.days = state["usual"], state["days"]
