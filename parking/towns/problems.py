"""Everything that is wrong with a town's files, gathered so that whoever mends them does it once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from parking.domain.place import Point

E = TypeVar("E", bound=StrEnum)

NOWHERE: Final = Point(float("nan"), float("nan"))
"""Stands for a place that could not be read, so that no second problem is made of it."""

IDENTIFIER: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""Ids travel in topics: no slash, no wildcard, no space."""


@dataclass(frozen=True, slots=True)
class Box:
    """The extent every place must lie in, WGS-84 degrees."""

    west: float
    east: float
    south: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether the point lies in it."""
        return self.west <= point.longitude <= self.east and self.south <= point.latitude <= self.north


@dataclass(slots=True)
class Problems:
    """Problems found so far, in the order they were found."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, what: str, remedy: str) -> None:
        """One problem: place, what is wrong, what to do."""
        self.found.append(f"{where}: {what}; {remedy}")


@dataclass(frozen=True, slots=True)
class Item:
    """One table or row of a file. Each getter returns something usable even when it reports a problem."""

    where: str
    """File, line and id, for people."""
    fields: Mapping[str, Any]
    problems: Problems

    def wrong(self, what: str, remedy: str) -> None:
        """Report a problem of this item."""
        self.problems.add(self.where, what, remedy)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; not empty unless there is a default."""
        value = self.fields.get(name, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        self.wrong(f"{name} is {value!r}", f'give {name} as text, such as {name} = "…"')
        return ""

    def identifier(self) -> str:
        """The item's id, fit for a topic."""
        value = self.text("id")
        if value and not IDENTIFIER.fullmatch(value):
            self.wrong(f"id {value!r} cannot stand in a topic", "use 1 to 64 of A-Z a-z 0-9 . _ -")
        return value

    def number(self, name: str, *, above: float, most: float) -> float:
        """A number in (above, most]."""
        value = _as_number(self.fields.get(name))
        if value is not None and above < value <= most:
            return value
        self.wrong(f"{name} is {self.fields.get(name)!r}", f"give a number above {above:g}, at most {most:g}")
        return most

    def whole(self, name: str, *, least: int, most: int) -> int:
        """A whole number in [least, most]."""
        value = self.fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(f"{name} is {value!r}", f"give a whole number from {least} to {most}")
        return least

    def one_of(self, name: str, words: type[E]) -> E:
        """A word of an enumeration."""
        value = self.fields.get(name)
        try:
            return words(str(value))
        except ValueError:
            self.wrong(f"{name} is {value!r}", f"use one of {', '.join(words)}")
            return next(iter(words))

    def names(self, name: str) -> tuple[str, ...]:
        """A list of texts, perhaps empty or absent."""
        value = self.fields.get(name, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.wrong(f"{name} is {value!r}", f'give a list of texts, such as {name} = ["…"]')
        return ()

    def point(self, box: Box) -> Point:
        """The place: `place = [longitude, latitude]`, or columns longitude and latitude."""
        both = self.fields.get("place", [self.fields.get("longitude"), self.fields.get("latitude")])
        return self.point_of(both, "place", box)

    def line(self, name: str, box: Box) -> tuple[Point, ...]:
        """A line of at least two points."""
        value = self.fields.get(name)
        if isinstance(value, list) and len(value) > 1:
            return tuple(self.point_of(one, f"{name}[{nth}]", box) for nth, one in enumerate(value))
        self.wrong(f"{name} has fewer than two points", f"give {name} = [[longitude, latitude], …]")
        return (NOWHERE, NOWHERE)

    def point_of(self, both: object, name: str, box: Box) -> Point:
        """A point in the box, with a hint when it looks swapped or shifted."""
        values = [_as_number(one) for one in both] if isinstance(both, Sequence) and len(both) == 2 else [None, None]
        longitude, latitude = values
        if longitude is None or latitude is None:
            self.wrong(f"{name} is {both!r}", "give [longitude, latitude] in WGS-84 degrees")
            return NOWHERE
        point = Point(longitude, latitude)
        if not box.holds(point):
            self.wrong(
                f"{name} {longitude:g}, {latitude:g} lies outside the county "
                f"({box.west:g}–{box.east:g} E, {box.south:g}–{box.north:g} N)",
                _hint(point, box),
            )
        return point


def _hint(point: Point, box: Box) -> str:
    if box.holds(Point(point.latitude, point.longitude)):
        return "longitude and latitude are swapped: longitude comes first"
    return "check the digits; points of Chinese web maps are GCJ-02 (about 500 m off): convert them to WGS-84 first"


def _as_number(value: object) -> float | None:
    """A finite number, or the number a CSV column spells."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
