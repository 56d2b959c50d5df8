"""Counters that wrap or count each interval anew, as running totals: the memory that their messages lack."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from parking.domain.ids import DeviceId, LotId
from parking.domain.reading import CounterReading, GateReading


class Stand(NamedTuple):
    """How a counter stood when it was last heard; the first three fields order its readings."""

    at_s: float
    boot: int
    seq: int
    entered: int
    """As the device told it."""
    left: int
    entered_total: int
    left_total: int


class RunningTotals:
    """The newest stand of each counter at each lot."""

    def __init__(self) -> None:
        self._stands: dict[tuple[DeviceId, LotId], Stand] = {}

    def take(self, reading: CounterReading) -> GateReading | None:
        """The totals that follow; None for a resend or a late reading, which change nothing.

        With a new boot totals begin at what the counter shows: what it counted before, nobody knows, and whoever
        takes the totals sees by the boot that they began anew. A counter that fell back to 0 under the same boot
        looks like one that wrapped; the jump is then more cars than a lot has bays, which is noticed there.
        """
        key = (reading.device, reading.lot)
        order = (reading.at.timestamp(), reading.boot, reading.seq)
        before = self._stands.get(key)
        if before is not None and (order <= before[:3] or order[1:] == before[1:3]):
            return None
        entered, left = reading.entered, reading.left
        if before is not None and before.boot == reading.boot:
            entered = before.entered_total + _passed(reading.entered, before.entered, reading.wraps_at)
            left = before.left_total + _passed(reading.left, before.left, reading.wraps_at)
        self._stands[key] = Stand(*order, reading.entered, reading.left, entered, left)
        return GateReading(
            device=reading.device,
            boot=reading.boot,
            seq=reading.seq,
            at=reading.at,
            received_at=reading.received_at,
            lot=reading.lot,
            entered=entered,
            left=left,
        )

    def save(self) -> list[list[Any]]:
        """Plain rows."""
        return [[*key, *stand] for key, stand in self._stands.items()]

    def load(self, rows: Sequence[Sequence[Any]]) -> None:
        """Back to those rows."""
        self._stands = {(DeviceId(row[0]), LotId(row[1])): Stand(*row[2:]) for row in rows}


def _passed(now: int, before: int, wraps_at: int) -> int:
    """Cars since the message before: the way round the dial, or what the interval itself counted."""
    return (now - before) % wraps_at if wraps_at else now
