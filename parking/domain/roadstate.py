"""How a section's traffic moves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parking.domain.ids import SectionId


class RoadLevel(StrEnum):
    """Five levels of a section (畅通 … 严重拥堵), and what we say without data."""

    FREE = "free"
    MOSTLY_FREE = "mostly_free"
    LIGHT = "light"
    MODERATE = "moderate"
    SEVERE = "severe"
    UNKNOWN = "unknown"


ROAD_LEVELS = tuple(RoadLevel)
"""Order of the codes in numpy columns: 0 free … 4 severe, 5 unknown."""


@dataclass(frozen=True, slots=True)
class RoadState:
    """One section now."""

    section: SectionId
    at: datetime
    level: RoadLevel
    speed_kmh: float | None
    """Smoothed mean speed; None without fresh data."""
    vehicles_per_h: float | None
    since: datetime
    """When this level began."""
    heard_at: datetime | None
