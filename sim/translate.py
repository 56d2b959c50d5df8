"""What the hardware says, as the nouns a service would read from it, without going through JSON.

Written from docs/wire.md, as `wire` is; a test holds it against the service's own decoder.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

from parking.domain.guidance import Shown
from parking.domain.reading import (
    BayReading,
    CountReading,
    CountSource,
    GateReading,
    QueueReading,
    Reading,
    StatusReading,
    TrafficReading,
)
from sim.wire import Message

Said: TypeAlias = Mapping[str, Any]

AHEAD: Final = timedelta(minutes=5)
BEHIND: Final = timedelta(days=31)
"""A device's time outside these bounds is not believed, and what it says then is not read."""


def inputs_of(said: Iterable[Message], received_at: datetime) -> tuple[list[Reading], list[Shown]]:
    """Readings and confirmations in these messages, each in their order."""
    readings: list[Reading] = []
    shown: list[Shown] = []
    for message in said:
        believed = [one for one in objects(message) if -AHEAD <= received_at - _time(one["at"]) <= BEHIND]
        if message.topic.endswith("/shown"):
            shown += [_shown(one, received_at) for one in believed]
        elif message.topic.endswith("/status"):
            readings += [_status(one, received_at) for one in believed]
        else:
            readings += [_KINDS[one["kind"]](one, received_at) for one in believed]
    return readings, shown


def objects(message: Message) -> list[Said]:
    """The JSON objects of one message."""
    return [message.payload] if isinstance(message.payload, Mapping) else list(message.payload)


@lru_cache(maxsize=64)
def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _head(one: Said, received_at: datetime) -> dict[str, Any]:
    at = _time(one["at"])
    return {"device": one["device"], "boot": one["boot"], "seq": one["seq"], "at": at, "received_at": received_at}


def _gate(one: Said, received_at: datetime) -> Reading:
    return GateReading(**_head(one, received_at), lot=one["lot"], entered=one["entered"], left=one["left"])


def _bay(one: Said, received_at: datetime) -> Reading:
    return BayReading(**_head(one, received_at), lot=one["lot"], bay=one["bay"], taken=one["taken"])


def _count(one: Said, received_at: datetime) -> Reading:
    head, source = _head(one, received_at), CountSource(one["source"])
    return CountReading(**head, lot=one["lot"], taken=one["taken"], source=source)


def _queue(one: Said, received_at: datetime) -> Reading:
    return QueueReading(**_head(one, received_at), lot=one["lot"], queue_vehicles=one["queue_vehicles"])


def _traffic(one: Said, received_at: datetime) -> Reading:
    return TrafficReading(
        **_head(one, received_at),
        section=one["section"],
        vehicles=one["vehicles"],
        speed_kmh=one["speed_kmh"],
        loop_occupancy_share=one["loop_occupancy_share"],
        interval_s=one["interval_s"],
    )


def _status(one: Said, received_at: datetime) -> Reading:
    return StatusReading(
        **_head(one, received_at),
        online=one["state"] == "online",
        period_s=one["period_s"],
        firmware=one["firmware"],
        battery_share=one.get("battery_share"),
        clock_offset_s=one.get("clock_offset_s"),
    )


def _shown(one: Said, received_at: datetime) -> Shown:
    return Shown(
        sign=one["sign"],
        epoch=one["epoch"],
        sequence=one["sequence"],
        at=_time(one["at"]),
        received_at=received_at,
        rows=tuple(one["rows"]),
        errors=tuple(one["errors"]),
    )


_KINDS: Final[Mapping[str, Callable[[Said, datetime], Reading]]] = {
    "gate": _gate,
    "bay": _bay,
    "count": _count,
    "queue": _queue,
    "traffic": _traffic,
}
