"""A roadside sign (诱导屏) and the panels it has."""

from dataclasses import dataclass
from enum import StrEnum

from parking.domain.ids import AreaId, LotId, SectionId, SignId
from parking.domain.place import Point


class Level(StrEnum):
    """The three levels of signs (三级诱导屏)."""

    AREA = "L1"
    BLOCK = "L2"
    ENTRANCE = "L3"


class Arrow(StrEnum):
    """Which way a panel points."""

    AHEAD = "ahead"
    LEFT = "left"
    RIGHT = "right"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Panel:
    """One row of a sign. It stands for one lot (L2, L3) or for an area's lots (L1)."""

    line: int
    name: str
    name_en: str
    arrow: Arrow
    lots: tuple[LotId, ...]
    travel_s: float
    """Driving time from the sign to the lot, or to the area's nearest lot, at free flow."""
    area: AreaId | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A board at the road: where it stands, which way drivers face, what it can show, who drives it."""

    id: SignId
    name: str
    name_en: str
    level: Level
    place: Point
    heading_deg: float
    """The way its readers drive: 0 north, 90 east."""
    section: SectionId
    panels: tuple[Panel, ...]
    driver: str = "mqtt"
