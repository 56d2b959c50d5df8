"""Bay sensors as bounds: a lot holds at least the cars they see, and at most all but the empty bays they see."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from parking.domain.ids import LotId


class Bay(NamedTuple):
    """What was last heard of one bay."""

    taken: bool
    at_s: float


class Bays:
    """Newest state of every bay that has a sensor, by lot."""

    def __init__(self) -> None:
        self._bays: dict[LotId, dict[str, Bay]] = {}
        self._taken: dict[LotId, int] = {}

    def take(self, lot: LotId, bay: str, at_s: float, *, taken: bool, capacity: int) -> int | None:
        """Hear of one bay.

        Returns:
            +1 or -1 when a known bay changed, 0 when it is new or the same; None when the reading is late or names
            more bays than the lot has.
        """
        bays = self._bays.setdefault(lot, {})
        before = bays.get(bay)
        if before is None:
            if len(bays) >= capacity:
                return None
            change, gain = 0, int(taken)
        elif at_s < before.at_s:
            return None
        else:
            change = gain = int(taken) - int(before.taken)
        bays[bay] = Bay(taken, at_s)
        self._taken[lot] = self._taken.get(lot, 0) + gain
        return change

    def bounds(self, lot: LotId, capacity: int) -> tuple[int, int]:
        """Least and most bays of the lot that can be taken, as far as its sensors are right."""
        taken = self._taken.get(lot, 0)
        return taken, capacity - (self.known(lot) - taken)

    def known(self, lot: LotId) -> int:
        """Bays of the lot that have been heard of."""
        return len(self._bays.get(lot, ()))

    def save(self) -> list[list[Any]]:
        """Plain rows."""
        return [[lot, name, *bay] for lot, bays in self._bays.items() for name, bay in bays.items()]

    def load(self, rows: Sequence[Sequence[Any]]) -> None:
        """Back to those rows."""
        self._bays, self._taken = {}, {}
        for lot, name, taken, at_s in rows:
            self._bays.setdefault(LotId(lot), {})[name] = Bay(taken, at_s)
        for found, bays in self._bays.items():
            self._taken[found] = sum(bay.taken for bay in bays.values())
