"""Absolute counts: the newest of each source, and counts by class put together once every class has spoken."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from parking.domain.ids import DeviceId, LotId
from parking.domain.lot import BayClass, Lot
from parking.domain.reading import CountReading, CountSource
from parking.domain.settings import EstimateSettings

LEAST_SD = 0.5
"""A count is a whole number of cars, and one may just be moving."""


class Counted(NamedTuple):
    """A count of the whole lot."""

    taken: float
    variance: float
    at_s: float


def sd_of(source: CountSource, bays: int, settings: EstimateSettings) -> float:
    """Standard deviation of a count of so many bays, in bays."""
    if source is CountSource.PERSON:
        return max(LEAST_SD, settings.person_count_sd)
    share = settings.camera_count_sd_share if source is CountSource.CAMERA else settings.barrier_count_sd_share
    return max(LEAST_SD, share * bays)


class Counts:
    """What each source counted last; late counts change nothing.

    A count of one class alone says little of the whole, so classes wait for each other: when every class of the lot
    has been counted since the last time, their sum is one count of the lot, as old as its oldest part. Each part is
    used once.
    """

    def __init__(self) -> None:
        self._newest: dict[tuple[DeviceId, LotId, str], float] = {}
        self._parts: dict[LotId, dict[BayClass, Counted]] = {}

    def take(self, reading: CountReading, at_s: float, lot: Lot, settings: EstimateSettings) -> Counted | None:
        """The count of the whole lot that this reading gives or completes, if any."""
        bay_class = reading.bay_class
        key = (reading.device, reading.lot, bay_class or "")
        if at_s < self._newest.get(key, at_s):
            return None
        self._newest[key] = at_s
        if bay_class is None:
            return Counted(reading.taken, sd_of(reading.source, lot.capacity, settings) ** 2, at_s)
        bays = lot.bays.get(bay_class, 0)
        if not bays:
            return None
        part = Counted(reading.taken, sd_of(reading.source, bays, settings) ** 2, at_s)
        return self._together(lot, bay_class, part)

    def _together(self, lot: Lot, bay_class: BayClass, part: Counted) -> Counted | None:
        parts = self._parts.setdefault(lot.id, {})
        parts[bay_class] = part
        if any(bays and one not in parts for one, bays in lot.bays.items()):
            return None
        del self._parts[lot.id]
        return Counted(
            sum(one.taken for one in parts.values()),
            sum(one.variance for one in parts.values()),
            min(one.at_s for one in parts.values()),
        )

    def save(self) -> dict[str, Any]:
        """Plain rows."""
        return {
            "newest": [[*key, at_s] for key, at_s in self._newest.items()],
            "parts": [[lot, one, *part] for lot, parts in self._parts.items() for one, part in parts.items()],
        }

    def load(self, state: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        """Back to those rows."""
        self._newest = {(DeviceId(row[0]), LotId(row[1]), row[2]): row[3] for row in state["newest"]}
        self._parts = {}
        for lot, bay_class, *part in state["parts"]:
            self._parts.setdefault(LotId(lot), {})[BayClass(bay_class)] = Counted(*part)
