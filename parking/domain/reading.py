"""What a device said, parsed once. Identity within a run: device, boot, seq, at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from parking.domain.ids import DeviceId, LotId, SectionId
from parking.domain.lot import BayClass
from parking.domain.place import Point


class CountSource(StrEnum):
    """Who made an absolute count; it decides how far the count is trusted."""

    CAMERA = "camera"
    BARRIER_SYSTEM = "barrier_system"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What every reading has: who, which of the device's messages, and when."""

    device: DeviceId
    boot: int
    """Changes when the device's counter `seq` starts again."""
    seq: int
    at: datetime
    """UTC, the device's clock: orders readings."""
    received_at: datetime
    """UTC, ours: tells silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReading(Head):
    """Running totals of a lot's gates since the device's boot: a lost message costs nothing."""

    lot: LotId
    entered: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterReading(Head):
    """A counter as it stands on the device, which is no running total: it wraps, or counts each interval anew.

    Turning it into totals needs what was said before, so that is done where the state is kept, never on the wire.
    """

    lot: LotId
    entered: int
    left: int
    wraps_at: int
    """After `wraps_at - 1` comes 0; 0: each message tells its own interval alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BayReading(Head):
    """A sensor under one bay: a car stands here, or not."""

    lot: LotId
    bay: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountReading(Head):
    """An absolute count of taken bays, of one class or of the whole lot (None)."""

    lot: LotId
    taken: int
    source: CountSource
    bay_class: BayClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficReading(Head):
    """What a section's loops saw during the last interval."""

    section: SectionId
    vehicles: int
    speed_kmh: float | None
    """Mean speed; None when no car passed."""
    loop_occupancy_share: float
    interval_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReading(Head):
    """Cars waiting at a lot's entrance, counted or measured."""

    lot: LotId
    queue_vehicles: int | None = None
    queue_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationReading(Head):
    """Illegal parking seen by smart capture (智能抓拍). No plate: a picture's reference and a place."""

    place: Point | None
    section: SectionId | None
    image_ref: str
    dwell_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading(Head):
    """A device's proof of life, or its last will. The will carries seq 0 and the time of its connecting."""

    online: bool
    period_s: float | None = None
    firmware: str = ""
    battery_share: float | None = None
    clock_offset_s: float | None = None
    retained: bool = False
    """Handed over by the broker from memory: it tells the last state, it is no proof of life now."""


Reading: TypeAlias = (
    GateReading
    | CounterReading
    | BayReading
    | CountReading
    | TrafficReading
    | QueueReading
    | ViolationReading
    | StatusReading
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message that could not be understood: why, and its bytes."""

    topic: str
    cause: str
    payload: bytes
    received_at: datetime
    device: DeviceId | None = None
