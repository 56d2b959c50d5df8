"""What really went wrong on the street, as whoever sees everything would say: jams, queues, closed streets, each once.

A jam is a section whose mean speed stays under 0.30 × its limit for at least 5 min; an entrance queue is a lot at
which more cars than the access road holds wait for 2 min; a closed street is a section that nobody passes for 2 min.
Runs less than 2 min apart are one; it begins with its first instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from parking.domain.town import Town
from sim.street import Street

SLOW_SHARE: Final = 0.30
GAP_S: Final = 120
JAM: Final = "jam"
QUEUE: Final = "lot_queue"
CLOSED: Final = "road_closed"
LEAST_S: Final = {JAM: 300, QUEUE: 120, CLOSED: 120}


@dataclass(frozen=True, slots=True)
class Episode:
    """One thing that went wrong, seconds since 1970."""

    kind: str
    subject: str
    begins: int
    ends: int
    """The last instant at which it was seen."""

    @property
    def is_ripe(self) -> bool:
        """Whether it lasted long enough to count."""
        return self.ends - self.begins >= LEAST_S[self.kind]


class Episodes:
    """Looks at a street at equal steps; a witness of a run."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._now: dict[tuple[str, str], Episode] = {}
        self._past: list[Episode] = []

    def look(self, street: Street, at: int) -> None:
        """The street at this instant."""
        speeds = zip(self._town.sections, street.traffic.speed_kmh, strict=True)
        for section, speed in speeds:
            if speed < SLOW_SHARE * section.limit_kmh:
                self.see(JAM, str(section.id), at)
        for section, is_closed in zip(self._town.sections, street.traffic.closed, strict=True):
            if is_closed:
                self.see(CLOSED, str(section.id), at)
        for park in street.carparks:
            if park.waiting > park.lot.queue_room:
                self.see(QUEUE, str(park.lot.id), at)

    def see(self, kind: str, subject: str, at: int) -> None:
        """It is so there now."""
        known = self._now.get((kind, subject))
        if known is not None and at - known.ends <= GAP_S:
            self._now[kind, subject] = replace(known, ends=at)
            return
        if known is not None:
            self._past.append(known)
        self._now[kind, subject] = Episode(kind, subject, at, at)

    def found(self) -> Sequence[Episode]:
        """Everything seen so far, by its begin; ripe or not."""
        return sorted([*self._past, *self._now.values()], key=lambda one: (one.begins, one.kind, one.subject))
