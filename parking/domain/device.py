"""Devices at the road: what they may speak for and how often they do."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from parking.domain.ids import DeviceId, LotId, SectionId


class DeviceKind(StrEnum):
    """What a device is."""

    GATE = "gate"
    BAY_GATEWAY = "bay_gateway"
    CAMERA = "camera"
    BARRIER_SYSTEM = "barrier_system"
    LOOP = "loop"
    SIGN = "sign"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Installation:
    """How a device with a format of its own was installed: what its messages cannot know."""

    profile: str
    """Name of the device profile that says what its messages mean."""
    address: str = ""
    """Device EUI of a LoRaWAN device, else its topic; empty: the reading topic of our own wire."""
    key: str = ""
    """What a sender of many things calls this one in its messages: a zone, a park code; empty: it speaks of one."""
    bay: str = ""
    """The bay it watches, where it watches one."""
    taken_below_mm: float | None = None
    """A car stands there when something is nearer than this; None: as the profile says."""
    free_above_mm: float | None = None
    """The bay is free when nothing is nearer than this; between the two nothing has changed."""
    way_in: str = ""
    """The counted direction that leads into the lot, by its name in the profile; empty: none does."""
    way_out: str = ""
    """The counted direction that leads out of it."""
    capacity: int | None = None
    """Bays of the lot, where messages tell free bays or a share alone."""


@dataclass(frozen=True, slots=True)
class Device:
    """A sensor or gateway of the registry. It may publish below its own name only, for these lots and sections only."""

    id: DeviceId
    kind: DeviceKind
    period: timedelta
    """Its own reporting period; silence is judged by it."""
    lots: frozenset[LotId] = frozenset()
    sections: frozenset[SectionId] = frozenset()
    installed: Installation | None = None
    """None: it speaks our own wire alone."""


LEAST_STALE_AFTER = timedelta(seconds=120)
"""A source is never called stale earlier: one lost message of a 30 s keep-alive is no fault (customer's rule)."""

LEAST_OFFLINE_AFTER = timedelta(seconds=300)


def stale_after(period: timedelta) -> timedelta:
    """Silence after which a source's data is stale: max(120 s, 2.5 periods)."""
    return max(LEAST_STALE_AFTER, 2.5 * period)


def offline_after(period: timedelta) -> timedelta:
    """Silence after which a device counts as broken: max(300 s, 5 periods)."""
    return max(LEAST_OFFLINE_AFTER, 5 * period)
