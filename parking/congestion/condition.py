"""What is wrong on the street in one tick, before anybody is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parking.domain.alert import AlertKind
from parking.domain.ids import CellCode
from parking.domain.place import Point
from parking.domain.roadstate import RoadLevel


@dataclass(frozen=True, slots=True)
class Condition:
    """Something is wrong now. Conditions of one kind and corridor are one alert."""

    kind: AlertKind
    subject: str
    corridor: str
    place: Point
    cell: CellCode
    since: datetime
    """Its onset, as far as anyone can say."""
    reason: str
    evidence: Mapping[str, float]
    level: RoadLevel | None = None
    queue_m: float | None = None
    broken: bool = False
    """A device that needs a repairer, not only patience."""
    off_delay_s: float | None = None
    """How long it must be gone before its alert ends; the usual delay when None."""
