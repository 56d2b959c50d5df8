"""A lot (停车场) and its bays by class."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from parking.domain.ids import AreaId, CellCode, LotId, SectionId
from parking.domain.place import Point


class BayClass(StrEnum):
    """Who a bay is for. A number on a sign counts GENERAL bays and whatever the lot opens to everybody."""

    GENERAL = "general"
    DISABLED = "disabled"
    CHARGING = "charging"
    COACH = "coach"


class LotKind(StrEnum):
    """What a lot is; it decides class-wise forecasts and how people say it."""

    ON_STREET = "on_street"
    SURFACE = "surface"
    OFF_STREET = "off_street"
    UNDERGROUND = "underground"
    MULTI_STOREY = "multi_storey"
    SHARED = "shared"
    STATION = "station"
    TOURIST = "tourist"
    PARK_AND_RIDE = "park_and_ride"


@dataclass(frozen=True, slots=True)
class Hours:
    """Local opening hours of every day, [opens, closes); a lot without hours is always open."""

    opens: time
    closes: time

    def is_open(self, local: time) -> bool:
        """Whether the lot takes cars at that local time; hours may run over midnight."""
        if self.opens <= self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes


@dataclass(frozen=True, slots=True)
class Lot:
    """A car park: its place, its bays, and the road its entrance queue would stand on."""

    id: LotId
    name: str
    name_en: str
    kind: LotKind
    bays: Mapping[BayClass, int]
    place: Point
    cell: CellCode
    area: AreaId
    section: SectionId
    queue_room: int
    """Cars the access road holds before they stand on `section`."""
    hours: Hours | None = None
    price: str = ""
    height_m: float | None = None

    @property
    def capacity(self) -> int:
        """All bays of all classes."""
        return sum(self.bays.values())
