"""A lot as it really is: its bays, its gate, and who waits in front of it. A window onto the street's tables."""

from parking.domain.lot import Lot
from sim.core.fields import (
    L_BAYS,
    L_CAPACITY,
    L_ENTERED,
    L_HEAD,
    L_LEFT,
    L_ROOM,
    L_SHUT,
    L_TAKEN,
    L_WAITING,
    L_WIDTH,
    M_GUARDED,
    M_WIDTH,
    T_NEXT,
    T_WIDTH,
)
from sim.core.laws import METRES_A_CAR
from sim.core.park import has_room, is_open
from sim.core.ways import leaving_by
from sim.ledger import Ledger


class CarPark:
    """Truth of one lot. Every bay takes every car: classes of bays do not matter to this street yet."""

    def __init__(self, lot: Lot, nth: int, ledger: Ledger) -> None:
        self.lot = lot
        self._nth, self._row, self._ledger = nth, nth * L_WIDTH, ledger

    @property
    def capacity(self) -> int:
        """All bays."""
        return self._whole(L_CAPACITY)

    @property
    def taken(self) -> int:
        """Cars inside."""
        return self._whole(L_TAKEN)

    @property
    def entered(self) -> int:
        """Cars that came in since the street was begun, with those who were there then."""
        return self._whole(L_ENTERED)

    @property
    def left(self) -> int:
        """Cars that went out since then."""
        return self._whole(L_LEFT)

    @property
    def waiting(self) -> int:
        """Cars in front of the gate."""
        return self._whole(L_WAITING)

    @property
    def queue(self) -> tuple[int, ...]:
        """The trips that wait, the first one first."""
        found, who = [], self._whole(L_HEAD)
        while who >= 0:
            found.append(who)
            who = int(self._ledger.state.t[who * T_WIDTH + T_NEXT])
        return tuple(found)

    @property
    def bays(self) -> bytes:
        """One byte a bay: 1 when a car stands there."""
        first = self._whole(L_BAYS)
        return bytes(map(int, self._ledger.state.bay_taken[first : first + self.capacity]))

    @property
    def is_shut(self) -> bool:
        """Its entrance is shut whatever the hours say, and nobody was told."""
        return self._whole(L_SHUT) > 0

    @is_shut.setter
    def is_shut(self, shut: bool) -> None:
        self._ledger.state.lots[self._row + L_SHUT] = int(shut)

    @property
    def guarded_until(self) -> float:
        """Until when an officer lets nobody wait on the carriageway."""
        return float(self._ledger.state.m[self._nth * M_WIDTH + M_GUARDED])

    @property
    def has_room(self) -> bool:
        """Whether one more car fits, and may come in."""
        return bool(has_room(self._ledger.state, self._nth))

    def is_open(self, at: float) -> bool:
        """Whether it takes cars now."""
        return bool(is_open(self._ledger.state, self._nth, at))

    def spilled_m(self, metres_a_car: float = METRES_A_CAR) -> float:
        """How far the entrance queue stands back on the section."""
        return max(0, self.waiting - self._whole(L_ROOM)) * metres_a_car

    def leaving_by(self, at: float) -> int:
        """How many of those inside will have left by then."""
        return int(leaving_by(self._ledger.state, self._nth, at))

    def _whole(self, field: int) -> int:
        return int(self._ledger.state.lots[self._row + field])
