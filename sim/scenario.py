"""Scenarios and demand as files: who drives where and when, and which day it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import msgspec

from parking.domain.calendar import DayType
from parking.domain.errors import BadTown
from sim.faults import Fault, Moment
from sim.faults_file import faults_of

T = TypeVar("T")

HOURS = 24


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


def load_scenario(name: str, folder: Path | None = None) -> Scenario:
    """The scenario of that name. Raises BadTown when it is missing or its file has errors."""
    scenario = _read(folder, "scenarios", name, Scenario)
    text = _file(folder, "scenarios", name).read_text(encoding="utf-8")
    faults, problems = faults_of(text, f"sim/scenarios/{name}.toml")
    if problems:
        raise BadTown(problems)
    return replace(scenario, faults=faults)


def load_demand(name: str, folder: Path | None = None) -> Demand:
    """The demand of that name. Raises BadTown when it is missing or its file has errors."""
    demand = _read(folder, "demands", name, Demand)
    if problems := tuple(_misfits(name, demand)):
        raise BadTown(problems)
    return demand


def list_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that ship with the package."""
    names = (one.name for one in (files("sim") / "scenarios").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _file(folder: Path | None, kind: str, name: str) -> Traversable:
    return (folder if folder is not None else files("sim")) / kind / f"{name}.toml"


def _read(folder: Path | None, kind: str, name: str, into: type[T]) -> T:
    try:
        return msgspec.toml.decode(_file(folder, kind, name).read_bytes(), type=into)
    except FileNotFoundError:
        raise BadTown((f"sim/{kind}/{name}.toml: is missing; there are {', '.join(list_scenarios())}",)) from None
    except msgspec.DecodeError as trouble:
        raise BadTown((f"sim/{kind}/{name}.toml: {trouble}; mend that field",)) from trouble


def _misfits(name: str, demand: Demand) -> list[str]:
    places, portals = {one.id for one in demand.destinations}, {one.id for one in demand.portals}
    problems = []
    for nth, flow in enumerate(demand.flows, start=1):
        unknown = sorted({flow.destination} - places) + sorted(flow.origins.keys() - portals)
        unknown += sorted({flow.reason} - demand.reasons.keys())
        problems += [f"sim/demands/{name}.toml flow {nth}: there is no {one!r}; mend the name" for one in unknown]
    for reason, how in demand.reasons.items():
        if len(how.hours) != HOURS:
            problems.append(f"sim/demands/{name}.toml reason {reason}: {len(how.hours)} hours; give {HOURS} weights")
    return problems
