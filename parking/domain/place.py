"""Where things are. WGS-84 only; GCJ-02 is converted at the edge that meets it."""

from dataclasses import dataclass
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_195.0
"""Mean metres of one degree of latitude on a sphere of 6,371 km; good to 0.3 % within a county."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84 degrees."""

    longitude: float
    latitude: float


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points of one county (equirectangular; decimetres of error within 50 km)."""
    east = (b.longitude - a.longitude) * cos(radians((a.latitude + b.latitude) / 2))
    return METRES_PER_DEGREE * hypot(east, b.latitude - a.latitude)
