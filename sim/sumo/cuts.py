"""A section cut into edges: a short one where it may be shut, and one at each road that turns off to a far lot."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Final

from sim.sumo.mapping import Spot
from sim.sumo.sketch import XY

GAP_M: Final = 40.0
"""Length of the piece that an accident or a closing takes …"""
GAP_SHARE: Final = 0.3
"""… but never more than this share of what lies between two lots."""
CLEAR_M: Final = 15.0
"""Places on an edge keep so far from its ends …"""
CLEAR_SHARE: Final = 0.25
"""… or this share of it, when it is short."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One edge of a section, between two shares of its length."""

    name: str
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A section's edges in its direction."""

    length_m: float
    pieces: tuple[Piece, ...]
    gap: str

    def spot(self, share: float, *, back: bool = False, keep_m: float = CLEAR_M) -> Spot:
        """The place at that share of the section, or of the way back beside it, at least `keep_m` before a crossing."""
        piece = next((one for one in self.pieces if share <= one.ends), self.pieces[-1])
        length = (piece.ends - piece.begins) * self.length_m
        at = (piece.ends - share if back else share - piece.begins) * self.length_m
        most, least = max(length - keep_m, length * CLEAR_SHARE), min(CLEAR_M, length * CLEAR_SHARE)
        return Spot(f"-{piece.name}" if back else piece.name, round(min(most, max(least, at)), 1))

    @property
    def nodes(self) -> tuple[float, ...]:
        """Shares at which two edges meet."""
        return tuple(piece.ends for piece in self.pieces[:-1])


def cut(name: str, length_m: float, lots: Sequence[float], turns: Sequence[float]) -> Cut:
    """Cut a section.

    Args:
        name: of the section; its edges are named after it.
        length_m: of the section.
        lots: shares, 0..1, at which lots lie beside it.
        turns: shares at which roads turn off.
    """
    stops = sorted({0.0, 1.0, *lots, *turns})
    begins, ends = max(pairwise(stops), key=lambda pair: pair[1] - pair[0])
    half = min(GAP_M / length_m, GAP_SHARE * (ends - begins)) / 2
    middle = (begins + ends) / 2
    at = sorted({0.0, 1.0, middle - half, middle + half, *turns})
    names = [f"{name}.gap" if a < middle < b else f"{name}.{nth}" for nth, (a, b) in enumerate(pairwise(at), 1)]
    pieces = tuple(Piece(one, a, b) for one, (a, b) in zip(names, pairwise(at), strict=True))
    return Cut(length_m, pieces, f"{name}.gap")


def part_of(line: Sequence[XY], begins: float, ends: float) -> tuple[XY, ...]:
    """The piece of a line between two shares of its length."""
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    total, done = sum(steps), 0.0
    found = [point_at(line, begins)]
    for step, point in zip(steps, line[1:], strict=True):
        done += step
        if begins < done / total < ends:
            found.append(point)
    return (*found, point_at(line, ends))


def point_at(line: Sequence[XY], share: float) -> XY:
    """The point at that share of a line's length."""
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    left = share * sum(steps)
    for step, (a, b) in zip(steps, pairwise(line), strict=True):
        if left <= step and step > 0:
            return (a[0] + (b[0] - a[0]) * left / step, a[1] + (b[1] - a[1]) * left / step)
        left -= step
    return line[-1]
