"""Where a point lies beside a line, and which way a line runs."""

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, cos, degrees, radians

from parking.domain.place import Point, distance_m


def project(point: Point, line: Sequence[Point]) -> tuple[float, float]:
    """Share of the line's length, 0..1, at which the point lies nearest, and its distance from there in metres."""
    best, done, where = float("inf"), 0.0, 0.0
    for a, b in pairwise(line):
        length = distance_m(a, b)
        share = _share_along(point, a, b)
        foot = Point(a.longitude + share * (b.longitude - a.longitude), a.latitude + share * (b.latitude - a.latitude))
        if (off := distance_m(point, foot)) < best:
            best, where = off, done + share * length
        done += length
    return where / done, best


def _share_along(point: Point, a: Point, b: Point) -> float:
    shrink = cos(radians(a.latitude))
    dx, dy = (b.longitude - a.longitude) * shrink, b.latitude - a.latitude
    px, py = (point.longitude - a.longitude) * shrink, point.latitude - a.latitude
    square = dx * dx + dy * dy
    return min(1.0, max(0.0, (px * dx + py * dy) / square)) if square else 0.0


def heading_deg(line: Sequence[Point]) -> float:
    """Bearing from the line's start to its end: 0 north, 90 east."""
    a, b = line[0], line[-1]
    east = (b.longitude - a.longitude) * cos(radians(a.latitude))
    return degrees(atan2(east, b.latitude - a.latitude)) % 360
