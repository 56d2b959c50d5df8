"""Faults of counting: what a device counts instead of what passed."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sim.faults import Fault, Window
from sim.faults_step import Altering, Reading
from sim.street import Street

COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "gate": ("entered", "left"),
    "count": ("taken",),
    "bay": ("taken",),
    "traffic": ("vehicles", "speed_kmh", "loop_occupancy_share"),
    "queue": ("queue_vehicles",),
}
"""Fields that a counter makes, by the kind of its reading."""


class Miscount(Altering):
    """Each passage in the window is missed, counted, or counted twice; a wrong total stays wrong."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        self._missed, self._double = fault.number("missed_share"), fault.number("double_share")
        self._window, self._chance = window, chance
        self._seen: tuple[int, int] | None = None
        self._wrong = [0, 0]
        """Cars too many, or too few where negative: in, and out."""

    def alter(self, street: Street, at: float, reading: Reading) -> Reading:
        """Totals of gates and of barrier systems, and vehicles of loops."""
        if reading["kind"] == "traffic":
            wrong = self._errors(reading["vehicles"]) if self._window.holds(at) else 0
            vehicles = reading["vehicles"] + wrong
            return {**reading, "vehicles": vehicles, "speed_kmh": reading["speed_kmh"] if vehicles else None}
        if reading["kind"] not in ("gate", "count"):
            return reading
        self._watch(street, at, reading["lot"])
        more_in, more_out = self._wrong
        if reading["kind"] == "gate":
            return {**reading, "entered": reading["entered"] + more_in, "left": reading["left"] + more_out}
        return {**reading, "taken": max(0, reading["taken"] + more_in - more_out)}

    def _watch(self, street: Street, at: float, lot: str) -> None:
        park = next(one for one in street.carparks if one.lot.id == lot)
        now, before = (park.entered, park.left), self._seen
        self._seen = now
        if before is not None and self._window.holds(at):
            for way in (0, 1):
                self._wrong[way] += self._errors(now[way] - before[way])

    def _errors(self, passages: int) -> int:
        drawn = self._chance.random(passages)
        missed = int(np.count_nonzero(drawn < self._missed))
        return int(np.count_nonzero(drawn < self._missed + self._double)) - 2 * missed


class Drift(Altering):
    """So many cars an hour that nobody drove, or that nobody saw."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del chance  # it is as steady as rust
        self._per_s, self._window = fault.number("cars_per_h") / 3600, window

    def alter(self, street: Street, at: float, reading: Reading) -> Reading:
        """A count drifts; of a gate's totals the one that makes it so."""
        del street
        lasted_s = min(at, self._window.ends) - self._window.begins
        cars = int(self._per_s * max(0.0, lasted_s))
        if reading["kind"] == "count":
            return {**reading, "taken": max(0, reading["taken"] + cars)}
        if reading["kind"] == "gate":
            way = "entered" if cars > 0 else "left"
            return {**reading, way: reading[way] + abs(cars)}
        return reading


class Stuck(Altering):
    """What was told last is told again and again.

    Afterwards a display that hung says what is so; a counter that did not count goes on from where it stood.
    """

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del chance  # nothing moves
        self._catches_up, self._window = fault.value("catches_up"), window
        self._told: dict[str, dict[str, Any]] = {}
        self._true: dict[str, dict[str, Any]] = {}
        """The newest of the window, by kind and bay."""

    def alter(self, street: Street, at: float, reading: Reading) -> Reading:
        """Whatever the reading counts stands still."""
        del street
        key = f"{reading['kind']} {reading.get('bay', '')}"
        true = {name: reading[name] for name in COUNTED.get(reading["kind"], ())}
        if at < self._window.begins:
            self._told[key] = true
            return reading
        if self._window.holds(at):
            self._true[key] = true
            return {**reading, **self._told.setdefault(key, true)}
        if self._catches_up or key not in self._true or not _adds_up(reading):
            return reading
        told, lost = self._told[key], self._true[key]
        return {**reading, **{name: max(0, true[name] - lost[name] + told[name]) for name in true}}


def _adds_up(reading: Reading) -> bool:
    """Whether it is made by counting passages, so that what was not counted is missing for ever."""
    return reading["kind"] == "gate" or reading.get("source") == "barrier_system"


class Totals:
    """A gate's totals since some instant."""

    def __init__(self) -> None:
        self._base = (0, 0)

    def see(self, reading: Reading) -> None:
        """Totals before that instant."""
        if reading["kind"] == "gate":
            self._base = (reading["entered"], reading["left"])

    def since(self, reading: Reading) -> Reading:
        """The reading with totals that were zero at that instant."""
        if reading["kind"] != "gate":
            return reading
        entered, left = self._base
        return {**reading, "entered": reading["entered"] - entered, "left": reading["left"] - left}


class CounterReset(Altering):
    """Totals are zero when the window begins; the boot stays."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del fault, chance  # it happens once and has no measure
        self._window, self._totals = window, Totals()

    def alter(self, street: Street, at: float, reading: Reading) -> Reading:
        """Totals since the reset."""
        del street
        if at < self._window.begins:
            self._totals.see(reading)
            return reading
        return self._totals.since(reading)


class Wrap(Altering):
    """A meter of few digits; `first` is what it had counted before this run."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del chance  # a full meter is full
        self._size, self._first = 2 ** int(fault.number("bits")), int(fault.number("first"))
        self._window = window

    def alter(self, street: Street, at: float, reading: Reading) -> Reading:
        """What fits into the meter, while it hangs there."""
        del street
        if reading["kind"] != "gate" or not self._window.holds(at):
            return reading
        return {**reading, **{way: (reading[way] + self._first) % self._size for way in COUNTED["gate"]}}
