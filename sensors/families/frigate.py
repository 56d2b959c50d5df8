"""Frigate: counts of a zone as bare numbers, and events of tracked objects as JSON.

`frigate/{zone}/car` counts all cars, parked ones among them; `…/car/active` only those that move, which says nothing
of taken bays and is proof of life. Of events, a car parked in a zone without parking is told, and that another has left
it, which is proof of life; nothing of plates is read. Format: docs of Frigate, integrations, MQTT.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from sensors.families.misread import Misread, number_of, read_json
from sensors.families.statement import Statement
from sensors.layout_shapes import Value
from sensors.profile_shapes import Kind, Profile

NUMBER: Final = re.compile(rb"[0-9]{1,6}")
ACTIVE: Final = "/active"
ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

Seconds = Annotated[float, Meta(ge=0, le=2**40)]


class _Tracked(Struct):
    id: str
    label: str
    frame_time: Seconds
    start_time: Seconds
    current_zones: list[str] = []
    entered_zones: list[str] = []
    stationary: bool = False
    false_positive: bool = False


class _Event(Struct):
    type: Literal["new", "update", "end"]
    after: _Tracked


def topics(address: str) -> tuple[str, ...]:
    """Where a device of that address is heard."""
    return (address,) if address.endswith("/events") else (address, address + ACTIVE)


def statements(topic: str, payload: bytes, received_at: datetime, profile: Profile) -> list[Statement]:
    """A count of one zone; or of an event one statement for each zone a car is parked in or has left, perhaps none.

    Raises:
        Misread: `field`, the count is no number; `utf8`, `json`, `nesting` or `field` of an event.
    """
    if profile.kind is Kind.VIOLATION:
        return _violations(read_json(payload, _Event), profile)
    if not NUMBER.fullmatch(payload):
        raise Misread("field")
    name = "active" if topic.endswith(ACTIVE) else "count"
    seq = number_of(topic, payload.decode())
    return [Statement("", 0, seq, received_at, {name: int(payload)})]


def _violations(event: _Event, profile: Profile) -> list[Statement]:
    car, watch = event.after, profile.watch
    if not ID.fullmatch(car.id):
        raise Misread("field")
    at = _seen(car.frame_time)
    if event.type == "end":
        return [Statement(zone, 0, number_of(car.id, zone), at, {}) for zone in car.entered_zones]
    dwell_s = car.frame_time - car.start_time
    parked = car.stationary and not car.false_positive
    if watch is None or not parked or car.label not in watch.labels or dwell_s < watch.least_dwell_s:
        return []
    values: dict[str, Value] = {"image_ref": car.id, "dwell_s": round(dwell_s, 1)}
    return [Statement(zone, 0, number_of(car.id, zone), at, dict(values)) for zone in car.current_zones]


def _seen(frame_s: float) -> datetime:
    try:
        return datetime.fromtimestamp(frame_s, UTC)
    except (OverflowError, ValueError, OSError):
        raise Misread("field") from None
