"""Running totals of gates as cars that came and went: a lost message costs nothing, a restart makes no jump."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from parking.domain.ids import DeviceId, LotId
from parking.domain.reading import GateReading


class Base(NamedTuple):
    """The newest totals of one device at one lot; the first three fields order its readings."""

    at_s: float
    boot: int
    seq: int
    entered: int
    left: int


class Passed(NamedTuple):
    """What happened since the reading before."""

    net: int
    """Entered minus left."""
    passages: int
    """Cars that came or went: each may have been missed or counted twice."""
    since_s: float
    """Time of the reading before, epoch seconds."""


class Restarted(NamedTuple):
    """The counter began anew, or its totals cannot be true."""

    passages: int
    """Cars counted since it began; how many it missed before, nobody knows."""


METERS: Final = (2**16, 2**24, 2**32)
"""Sizes of counters that begin again at zero when they are full."""
NEAR: Final = 2_000
"""Cars before the end, and after the beginning, within which a total that falls has gone round; lots with more bays
have more."""


class GateTotals:
    """The newest totals of each gate."""

    def __init__(self) -> None:
        self._bases: dict[tuple[DeviceId, LotId], Base] = {}

    def take(self, reading: GateReading, at_s: float, capacity: float) -> Passed | Restarted | None:
        """What the totals say happened; None for a first or a late reading, which change nothing."""
        key = (reading.device, reading.lot)
        now = Base(at_s, reading.boot, reading.seq, reading.entered, reading.left)
        before = self._bases.get(key)
        if before is not None and now[:3] <= before[:3]:
            return None
        self._bases[key] = now
        if before is None:
            return None
        entered = _since(before.entered, now.entered, capacity)
        left = _since(before.left, now.left, capacity)
        # No more cars than the lot has bays can have come to stay.
        if now.boot != before.boot or entered < 0 or left < 0 or abs(entered - left) > capacity:
            return Restarted(now.entered + now.left)
        return Passed(entered - left, entered + left, before.at_s)

    def knows(self, device: DeviceId, lot: LotId) -> bool:
        """Whether this gate has spoken."""
        return (device, lot) in self._bases

    def pairs(self) -> Iterable[tuple[DeviceId, LotId]]:
        """Every gate that has spoken, with its lot."""
        return self._bases

    def save(self) -> list[list[Any]]:
        """Plain rows."""
        return [[*key, *base] for key, base in self._bases.items()]

    def load(self, rows: Sequence[Sequence[Any]]) -> None:
        """Back to those rows."""
        self._bases = {(DeviceId(row[0]), LotId(row[1])): Base(*row[2:]) for row in rows}


def _since(before: int, now: int, capacity: float) -> int:
    """Cars between two totals; negative for a counter that was reset. One that was full has gone round."""
    near = max(NEAR, int(capacity))
    for size in METERS:
        if now < before < size and before >= size - near and now < near:
            return now + size - before
    return now - before
