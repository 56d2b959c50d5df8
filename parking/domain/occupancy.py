"""How full a lot is, as far as anyone can know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parking.domain.ids import LotId


class Quality(StrEnum):
    """How far an estimate may be trusted. Only LIVE and DEGRADED numbers may stand on a sign."""

    LIVE = "live"
    DEGRADED = "degraded"
    STALE = "stale"
    UNKNOWN = "unknown"


QUALITIES = tuple(Quality)
"""Order of the codes in numpy columns: 0 live, 1 degraded, 2 stale, 3 unknown."""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The newest estimate of one lot: counts, its standard deviation, its quality with the reason."""

    lot: LotId
    at: datetime
    taken: float
    sd: float
    capacity: int
    quality: Quality
    reason: str
    """A code of the text catalogues, such as `silent` or `never_counted`; empty when all is well."""
    heard_at: datetime | None
    """When one of its sources last gave proof of life."""

    @property
    def fill(self) -> float:
        """Share of bays taken, unit 1."""
        return self.taken / self.capacity

    @property
    def free(self) -> int | None:
        """Free bays within 0..capacity; None when nobody can know."""
        if self.quality in (Quality.STALE, Quality.UNKNOWN):
            return None
        return min(self.capacity, max(0, round(self.capacity - self.taken)))
