"""The present of all lots as numpy columns: only the newest estimate, so that 100,000 lots cost milliseconds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parking.domain.guidance import STATES, State
from parking.domain.ids import LotId
from parking.domain.lot import Lot
from parking.domain.lotstate import LotState
from parking.domain.occupancy import QUALITIES, Occupancy, Quality

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
BOOLS = NDArray[np.bool_]

STALE_CODE = QUALITIES.index(Quality.STALE)
UNKNOWN_STATE = STATES.index(State.UNKNOWN)

COLUMNS = ("taken", "sd", "quality", "heard_s", "fresh", "free", "state")
"""Names of the columns that a snapshot holds."""


class Board:
    """Columns of shape (L,) in the order of the town's lots."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        count = len(lots)
        self.lots = tuple(lots)
        self.index = {lot.id: i for i, lot in enumerate(lots)}
        self.capacity: I64 = np.array([lot.capacity for lot in lots], dtype=np.int64)
        self.taken: F64 = np.zeros(count)
        self.sd: F64 = np.zeros(count)
        self.quality: I8 = np.full(count, QUALITIES.index(Quality.UNKNOWN), dtype=np.int8)
        self.reason: tuple[str, ...] = ("never_counted",) * count
        self.heard_s: F64 = np.full(count, np.nan)
        self.fresh: I64 = np.zeros(count, dtype=np.int64)
        self.free: I64 = np.full(count, -1, dtype=np.int64)
        """Free bays within 0..capacity; −1 when nobody can know."""
        self.state: I8 = np.full(count, UNKNOWN_STATE, dtype=np.int8)
        self._told_heard: F64 = np.full(count, np.nan)
        self._told_free: I64 = np.full(count, -2, dtype=np.int64)
        self._told_quality: I8 = np.full(count, -1, dtype=np.int8)
        self._told_state: I8 = np.full(count, -1, dtype=np.int8)

    def put(self, taken: F64, sd: F64, quality: I8, reason: tuple[str, ...], heard_s: F64, fresh: I64) -> None:
        """Take over the newest estimates, all columns of shape (L,)."""
        self.taken, self.sd, self.quality = taken, sd, quality
        self.reason, self.heard_s, self.fresh = reason, heard_s, fresh
        free = np.clip(np.rint(self.capacity - taken), 0, self.capacity).astype(np.int64)
        self.free = np.where(quality < STALE_CODE, free, -1)

    def changed(self) -> I64:
        """Indices of lots whose free number, quality or state word differs from what was told last; tells them."""
        differs = (
            (self.free != self._told_free) | (self.quality != self._told_quality) | (self.state != self._told_state)
        )
        if differs.any():
            self._told_free = self.free.copy()
            self._told_quality = self.quality.copy()
            self._told_state = self.state.copy()
        return np.flatnonzero(differs)

    def heard(self) -> dict[LotId, datetime]:
        """Lots whose sources gave proof of life since this was asked last, and when."""
        news = np.flatnonzero(self.heard_s > np.nan_to_num(self._told_heard))
        self._told_heard = self.heard_s
        return {self.lots[i].id: datetime.fromtimestamp(float(self.heard_s[i]), UTC) for i in news}

    def occupancy(self, i: int, at: datetime) -> Occupancy:
        """Row `i` as a noun."""
        heard = float(self.heard_s[i])
        return Occupancy(
            lot=self.lots[i].id,
            at=at,
            taken=round(float(self.taken[i]), 3),
            sd=round(float(self.sd[i]), 3),
            capacity=int(self.capacity[i]),
            quality=QUALITIES[self.quality[i]],
            reason=self.reason[i],
            heard_at=None if np.isnan(heard) else datetime.fromtimestamp(heard, UTC),
        )

    def lot_state(self, i: int, at: datetime) -> LotState:
        """Row `i` with its state word."""
        return LotState(self.occupancy(i, at), STATES[self.state[i]])

    def occupancies(self, at: datetime) -> Iterator[Occupancy]:
        """All rows as nouns, in the town's order."""
        return (self.occupancy(i, at) for i in range(len(self.lots)))

    def save(self) -> dict[str, object]:
        """Everything that is told, and was told: whoever loads it can show the present before the next tick."""
        return {name: getattr(self, name) for name in COLUMNS} | {
            "reason": list(self.reason),
            "told_free": self._told_free,
            "told_quality": self._told_quality,
            "told_state": self._told_state,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Back to what was saved."""
        for name in COLUMNS:
            setattr(self, name, state[name])
        self.reason = tuple(state["reason"])
        self._told_free, self._told_quality = state["told_free"], state["told_quality"]
        self._told_state = state["told_state"]
