"""Scenarios and demand: who drives where and when, which day it is, and what happens on it. Files: `sim.shipped`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from parking.domain.calendar import DayType
from sim.faults import Fault, Moment

HOURS = 24
BUILT = "built"
"""The demand of a built city."""


class IncidentKind(StrEnum):
    """Why a section carries less than it could."""

    CRASH = "crash"
    ILLEGAL_PARKING = "illegal_parking"
    WORKS = "works"
    LANDSLIDE = "landslide"

    @property
    def can_be_cleared(self) -> bool:
        """Whether a unit on the spot can end it: a crash or parked cars, not works or a landslide."""
        return self in (IncidentKind.CRASH, IncidentKind.ILLEGAL_PARKING)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something stands on a section that does not belong there."""

    section: str
    kind: IncidentKind
    begins: Moment
    ends: Moment
    blocked_share: float
    """Share of what the section can carry that is lost; 1 closes it."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A lot or a section is closed."""

    subject: str
    begins: Moment
    ends: Moment
    is_told: bool = True
    """Whether operators know it before and tell the system."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Something that brings more cars than the day would."""

    name: str
    destination: str
    reason: str
    """How those behave who come for it, of the demand's reasons; its hours do not count."""
    cars: float
    begins: Moment
    ends: Moment
    """They set out evenly in between."""
    origins: Mapping[str, float]
    is_told: bool = True
    """Whether operators know it before and tell the system."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One day on the street."""

    name: str
    title: str
    title_en: str
    demand: str
    begins: datetime
    warm_up_h: float
    compliance: float
    factors: Mapping[str, float] = field(default_factory=dict)
    """Demand for a reason, times this."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong between the street and the wire: the file's `[[fault]]` tables."""
    incidents: tuple[Incident, ...] = ()
    closings: tuple[Closing, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    scale: float = 1.0
    """All demand and all other traffic, times this."""
    hours: float = 3.0
    """How long it is worth to be looked at."""
    lots: int | None = None
    """Lots of the built city it takes place in; None for the town of its demand."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named point, [longitude, latitude] in WGS-84."""

    id: str
    place: tuple[float, float]
    elevation_m: float = 0.0
    """Above the sea; matters where lots have one as well."""


@dataclass(frozen=True, slots=True)
class Shuttle:
    """A bus from a lot to a destination."""

    lot: str
    destination: str
    takes_s: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why people come, and how they behave because of it."""

    stay_min: float
    stay_sigma: float
    patience_min: float
    local_share: float
    hours: tuple[float, ...]
    """24 weights by local hour of arrival."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Cars a day towards one destination for one reason."""

    destination: str
    reason: str
    trips: Mapping[DayType, float]
    origins: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ThroughHours:
    """Share of the peak of other traffic by local hour."""

    workday: tuple[float, ...]
    free: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Everybody who wants to park in one town, and the traffic around them."""

    town: str
    one_way: tuple[str, ...]
    portals: tuple[Place, ...]
    destinations: tuple[Place, ...]
    shuttles: tuple[Shuttle, ...]
    fees: Mapping[str, float]
    reasons: Mapping[str, Reason]
    flows: tuple[Flow, ...]
    through: Mapping[str, float]
    through_hours: ThroughHours
    elevation_m: Mapping[str, float] = field(default_factory=dict)
    """Of lots, above the sea: who climbs from one to a destination feels it."""
