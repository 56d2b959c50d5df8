"""Crews: who is free, who is nearest, who comes next. The gravest job first, of equals the oldest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from parking.domain.place import Point, distance_m
from parking.domain.town import Town
from sim.people_habits import Crews, Trade

DETOUR: Final = 1.4
"""Metres by road for a metre as the crow flies, in a town of slopes and bridges."""
LEAST_WAY_S: Final = 60.0


@dataclass(slots=True, eq=False)
class Crew:
    """One crew, and where it is or goes."""

    name: str
    trade: Trade
    place: Point
    is_free: bool = True

    def leave(self) -> None:
        """It is done here, and may be sent elsewhere."""
        self.is_free = True


@dataclass(frozen=True, slots=True)
class Job:
    """Something that waits for a crew."""

    grave: int
    """Smaller is graver."""
    number: int
    """Of all jobs of the run, in the order they came."""
    place: Point
    go: Callable[[Crew, float], None]
    """Called with the crew, and with when it would be there if it left at once."""
    still: Callable[[], bool]
    """Whether it still has to be done."""


@dataclass(slots=True)
class Pool:
    """All crews of a town."""

    town: Town
    crews: Mapping[Trade, Crews]
    _all: dict[Trade, list[Crew]] = field(default_factory=dict)
    _waiting: dict[Trade, list[Job]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = [section.middle for section in self.town.sections] or [lot.place for lot in self.town.lots]
        for trade, kind in self.crews.items():
            number = max(kind.number(len(self.town.lots)), kind.at_night)
            self._all[trade] = [
                Crew(f"{trade}-{nth + 1}", trade, places[nth * len(places) // number]) for nth in range(number)
            ]
            self._waiting[trade] = []

    def want(self, trade: Trade, job: Job) -> None:
        """Somebody of that trade is to go there as soon as one is free."""
        self._waiting[trade].append(job)

    def send(self, at: int) -> None:
        """Whoever is free and on duty goes where it is wanted most."""
        for trade, waiting in self._waiting.items():
            if waiting:
                self._send(trade, at)

    def _send(self, trade: Trade, at: int) -> None:
        kind = self.crews[trade]
        now = datetime.fromtimestamp(at, UTC)
        on_duty = self._all[trade][: kind.on_duty(now, self.town.calendar, len(self.town.lots))]
        free = [crew for crew in on_duty if crew.is_free]
        jobs = sorted((job for job in self._waiting[trade] if job.still()), key=lambda one: (one.grave, one.number))
        while jobs and free:
            job = jobs.pop(0)
            crew = min(free, key=lambda one: distance_m(one.place, job.place))
            free.remove(crew)
            way_s = max(LEAST_WAY_S, DETOUR * distance_m(crew.place, job.place) / (kind.speed_kmh / 3.6))
            crew.is_free, crew.place = False, job.place
            job.go(crew, at + way_s)
        self._waiting[trade] = jobs
