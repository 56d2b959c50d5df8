"""What a statement means for the street: one reading each, by the device's profile and installation.

A heartbeat that repeats a bay's state becomes a bay reading like any other: it changes nothing where the state is
known, and mends it where the change itself was lost on the air. What tells no state is proof of life: a status.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from parking.domain.device import Device, Installation
from parking.domain.ids import LotId, SectionId
from parking.domain.reading import (
    BayReading,
    CounterReading,
    CountReading,
    GateReading,
    Reading,
    StatusReading,
    ViolationReading,
)
from sensors.families.misread import Misread
from sensors.families.statement import Statement
from sensors.layout_shapes import Value
from sensors.profile_shapes import Kind, Meaning, Profile

Head = dict[str, Any]
Maker = Callable[[Statement, Device, Installation, Meaning, Head], Reading | None]

MOST_CARS: Final = 100_000
"""More than any lot holds; the bound of the wire's own counts."""
MOST_TOTAL: Final = 10**12
LONGEST_DWELL_S: Final = 10**7
WORDS: Final = 128
"""Characters of a firmware's name, as on the wire."""
NOBODY: Final = Installation("")


def reading_of(said: Statement, device: Device, profile: Profile, received_at: datetime) -> Reading:
    """The one reading.

    Raises:
        Misread: `field`, a value is not what it must be; `lot_foreign` or `section_foreign`, the registry does not
            say for which one the device speaks.
    """
    head: Head = {
        "device": device.id,
        "boot": said.boot,
        "seq": said.seq,
        "at": said.at,
        "received_at": received_at,
    }
    found = MAKERS[profile.kind](said, device, device.installed or NOBODY, profile.meaning, head)
    return found if found is not None else _status(said, profile.meaning, head)


def _bay(said: Statement, device: Device, at: Installation, means: Meaning, head: Head) -> Reading | None:
    taken = _state(said.values.get(means.taken)) if means.taken else _near(said.values, at, means)
    if taken is None:
        return None
    return BayReading(**head, lot=_lot(device), bay=said.bay or at.bay, taken=taken)


def _state(value: Value) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    raise Misread("field")


def _near(values: Mapping[str, Value], at: Installation, means: Meaning) -> bool | None:
    """Two thresholds: between them nothing has changed, so there is nothing to say and nothing to remember."""
    distance = values.get(means.distance_mm)
    if not isinstance(distance, int | float):
        return None  # a sensor says in words that it saw nothing
    below = means.taken_below_mm if at.taken_below_mm is None else at.taken_below_mm
    above = means.free_above_mm if at.free_above_mm is None else at.free_above_mm
    if distance < below:
        return True
    return False if distance > above else None


def _counter(said: Statement, device: Device, at: Installation, means: Meaning, head: Head) -> Reading | None:
    ways = [means.ways[way] for way in (at.way_in, at.way_out) if way in means.ways]
    if not ways or any(said.values.get(way) is None for way in ways):
        return None
    most = means.wraps_at - 1 if means.wraps_at else MOST_CARS
    entered, left = (
        _whole(said.values, means.ways[way], most) if way in means.ways else 0 for way in (at.way_in, at.way_out)
    )
    return CounterReading(**head, lot=_lot(device), entered=entered or 0, left=left or 0, wraps_at=means.wraps_at)


def _gate(said: Statement, device: Device, at: Installation, means: Meaning, head: Head) -> Reading | None:
    del at
    entered = _whole(said.values, means.entered, MOST_TOTAL)
    left = _whole(said.values, means.left, MOST_TOTAL) if means.left else 0
    if entered is None or left is None:
        return None
    return GateReading(**head, lot=_lot(device), entered=entered, left=left)


def _count(said: Statement, device: Device, at: Installation, means: Meaning, head: Head) -> Reading | None:
    taken = _counted(said.values, at, means)
    if taken is None:
        return None
    if not 0 <= taken <= MOST_CARS:
        raise Misread("field")
    return CountReading(**head, lot=_lot(device), taken=taken, source=means.source)


def _counted(values: Mapping[str, Value], at: Installation, means: Meaning) -> int | None:
    taken = _whole(values, means.count, MOST_CARS)
    if taken is not None:
        return taken
    capacity = at.capacity if at.capacity is not None else _whole(values, means.total, MOST_CARS)
    free = _whole(values, means.free, MOST_CARS)
    if capacity is None:
        return None
    if free is not None:
        return capacity - free
    share = values.get(means.share)
    if share is None:
        return None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise Misread("field")
    return round(share * capacity)


def _violation(said: Statement, device: Device, at: Installation, means: Meaning, head: Head) -> Reading | None:
    del at
    image, dwell = said.values.get(means.image_ref), said.values.get(means.dwell_s)
    if image is None or dwell is None:
        return None
    if len(device.sections) != 1:
        raise Misread("section_foreign")
    if not isinstance(image, str) or not isinstance(dwell, int | float) or not 0 <= dwell <= LONGEST_DWELL_S:
        raise Misread("field")
    (section,) = device.sections
    return ViolationReading(**head, place=None, section=SectionId(section), image_ref=image, dwell_s=float(dwell))


def _status(said: Statement, means: Meaning, head: Head) -> StatusReading:
    battery, firmware = said.values.get(means.battery), said.values.get(means.firmware)
    share = None
    if isinstance(battery, int | float):
        part = (battery - means.battery_empty) / (means.battery_full - means.battery_empty)
        share = min(max(part, 0.0), 1.0)
    named = str(firmware)[:WORDS] if isinstance(firmware, str | int | float) else ""
    return StatusReading(**head, online=True, firmware=named, battery_share=share)


def _whole(values: Mapping[str, Value], name: str, most: int) -> int | None:
    """A count; None when nothing is said. Raises Misread."""
    value = values.get(name) if name else None
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Misread("field")
    return value


def _lot(device: Device) -> LotId:
    if len(device.lots) != 1:
        raise Misread("lot_foreign")
    (lot,) = device.lots
    return lot


MAKERS: Final[Mapping[Kind, Maker]] = {
    Kind.BAY: _bay,
    Kind.COUNTER: _counter,
    Kind.GATE: _gate,
    Kind.COUNT: _count,
    Kind.VIOLATION: _violation,
}
