"""A lot as it really is: its bays, its gate, and who waits in front of it."""

from bisect import bisect_right, insort
from collections import deque
from datetime import UTC, datetime
from typing import Final

from parking.domain.calendar import Calendar
from parking.domain.lot import Lot, LotKind
from sim.trip import Trip

GATE_S: Final = 6.0
"""A ticket gate lets a car in about every six seconds."""
TWO_GATES_FROM: Final = 300
"""Bays from which a lot has two entrance lanes."""


class CarPark:
    """Truth of one lot. Every bay takes every car: classes of bays do not matter to this street yet."""

    def __init__(self, lot: Lot, calendar: Calendar) -> None:
        self.lot = lot
        self.capacity = lot.capacity
        self.taken = 0
        self.entered = 0
        self.left = 0
        self.queue: deque[Trip] = deque()
        self.bays = bytearray(self.capacity)
        """One byte a bay: 1 when a car stands there."""
        self.gate_free_at = 0.0
        self.pump_at = 0.0
        """When the gate is next looked at; 0 when nobody will."""
        self.gate_s = _gate_s(lot)
        self.is_shut = False
        """Its entrance is shut whatever the hours say, and nobody was told."""
        self.leaves: list[float] = []
        """When those inside will leave, soonest first."""
        self._free_bays = list(range(self.capacity - 1, -1, -1))
        self._calendar = calendar

    @property
    def has_room(self) -> bool:
        """Whether one more car fits, and may come in."""
        return self.taken < self.capacity and not self.is_shut

    def is_open(self, at: float) -> bool:
        """Whether it takes cars now."""
        if self.is_shut:
            return False
        if self.lot.hours is None:
            return True
        return self.lot.hours.is_open(self._calendar.local(datetime.fromtimestamp(at, UTC)).time())

    def spilled_m(self, metres_a_car: float) -> float:
        """How far the entrance queue stands back on the section."""
        return max(0, len(self.queue) - self.lot.queue_room) * metres_a_car

    def stay_until(self, at: float) -> None:
        """Remember when somebody inside will leave."""
        insort(self.leaves, at)

    def leaving_by(self, at: float) -> int:
        """How many of those inside will have left by then."""
        return bisect_right(self.leaves, at)

    def park(self) -> int:
        """A car drives in and takes a bay; returns which."""
        bay = self._free_bays.pop()
        self.bays[bay] = 1
        self.taken += 1
        self.entered += 1
        return bay

    def leave(self, bay: int) -> None:
        """The car in that bay drives out."""
        self.bays[bay] = 0
        self._free_bays.append(bay)
        self.taken -= 1
        self.left += 1


def _gate_s(lot: Lot) -> float:
    """Seconds between two cars at the entrance; none at kerbside and shared bays."""
    if lot.kind in (LotKind.ON_STREET, LotKind.SHARED):
        return 0.0
    return GATE_S / 2 if lot.capacity >= TWO_GATES_FROM else GATE_S
