"""What devices and signs may write, field by field: `docs/wire.md` as types. Strict: a number is never a text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias

from msgspec import Meta, Struct

from parking.domain.device import Device
from parking.domain.guidance import Shown
from parking.domain.ids import DeviceId, LotId, SectionId, SignId
from parking.domain.lot import BayClass
from parking.domain.place import Point
from parking.domain.reading import (
    BayReading,
    CountReading,
    CountSource,
    GateReading,
    QueueReading,
    Reading,
    StatusReading,
    TrafficReading,
    ViolationReading,
)

Counter: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""JSON's safe integers: every language at the road can count so far."""
Total: TypeAlias = Annotated[int, Meta(ge=0, le=10**12)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=100_000)]
"""More cars than any lot or road holds: a device that says more has lost its mind."""
Metres: TypeAlias = Annotated[float, Meta(ge=0, le=100_000)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Speed: TypeAlias = Annotated[float, Meta(ge=0, le=300)]
Span: TypeAlias = Annotated[float, Meta(gt=0, le=86_400)]
Time: TypeAlias = Annotated[datetime, Meta(tz=True)]
Words: TypeAlias = Annotated[str, Meta(max_length=512, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
"""No control characters: they have no place in a log, and databases take no NUL."""
BayName: TypeAlias = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,64}\Z")]
Firmware: TypeAlias = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{0,128}\Z")]
Lines: TypeAlias = Annotated[list[Words], Meta(max_length=64)]


class Head(Struct, tag_field="kind", kw_only=True, gc=False):
    """What every reading has."""

    device: str
    boot: Counter
    seq: Counter
    at: Time


class LotHead(Head, gc=False):
    """A reading about a lot."""

    lot: str

    def foreign(self, device: Device) -> str:
        """Cause of doubt when the registry does not let this device speak for it, else empty."""
        return "" if self.lot in device.lots else "lot_foreign"


class SectionHead(Head, gc=False):
    """A reading about a section."""

    section: str

    def foreign(self, device: Device) -> str:
        """Cause of doubt when the registry does not let this device speak for it, else empty."""
        return "" if self.section in device.sections else "section_foreign"


class Gate(LotHead, tag="gate", kw_only=True, gc=False):
    """Running totals."""

    entered: Total
    left: Total

    def reading(self, at: datetime, received_at: datetime) -> Reading:
        """The noun it stands for."""
        return GateReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            lot=LotId(self.lot),
            entered=self.entered,
            left=self.left,
        )


class Bay(LotHead, tag="bay", kw_only=True, gc=False):
    """One bay."""

    bay: BayName
    taken: bool

    def reading(self, at: datetime, received_at: datetime) -> Reading:
        """The noun it stands for."""
        return BayReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            lot=LotId(self.lot),
            bay=self.bay,
            taken=self.taken,
        )


class Counted(LotHead, tag="count", kw_only=True, gc=False):
    """An absolute count."""

    taken: Count
    source: CountSource
    bay_class: BayClass | None = None

    def reading(self, at: datetime, received_at: datetime) -> Reading:
        """The noun it stands for."""
        return CountReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            lot=LotId(self.lot),
            taken=self.taken,
            source=self.source,
            bay_class=self.bay_class,
        )


class Traffic(SectionHead, tag="traffic", kw_only=True, gc=False):
    """Loops over one interval."""

    vehicles: Count
    loop_occupancy_share: Share
    interval_s: Span
    speed_kmh: Speed | None = None

    def reading(self, at: datetime, received_at: datetime) -> Reading:
        """The noun it stands for."""
        return TrafficReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            section=SectionId(self.section),
            vehicles=self.vehicles,
            speed_kmh=self.speed_kmh,
            loop_occupancy_share=self.loop_occupancy_share,
            interval_s=self.interval_s,
        )


class Queue(LotHead, tag="queue", kw_only=True, gc=False):
    """Cars waiting at an entrance."""

    queue_vehicles: Count | None = None
    queue_m: Metres | None = None

    def __post_init__(self) -> None:
        if self.queue_vehicles is None and self.queue_m is None:
            raise ValueError("queue_vehicles or queue_m is needed")

    def reading(self, at: datetime, received_at: datetime) -> Reading:
        """The noun it stands for."""
        return QueueReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            lot=LotId(self.lot),
            queue_vehicles=self.queue_vehicles,
            queue_m=self.queue_m,
        )


class Violation(Head, tag="violation", kw_only=True, gc=False):
    """Illegal parking."""

    image_ref: Words
    dwell_s: Annotated[float, Meta(ge=0, le=10**7)]
    section: str | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None

    def __post_init__(self) -> None:
        if (self.longitude is None) != (self.latitude is None):
            raise ValueError("longitude and latitude belong together")
        if self.longitude is None and self.section is None:
            raise ValueError("a place or a section is needed")

    def foreign(self, device: Device) -> str:
        """Cause of doubt when the registry does not let this device speak for it, else empty."""
        return "" if self.section is None or self.section in device.sections else "section_foreign"

    def reading(self, at: datetime, received_at: datetime) -> Reading:
        """The noun it stands for."""
        known = self.longitude is not None and self.latitude is not None
        return ViolationReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            place=Point(self.longitude or 0.0, self.latitude or 0.0) if known else None,
            section=None if self.section is None else SectionId(self.section),
            image_ref=self.image_ref,
            dwell_s=self.dwell_s,
        )


Said: TypeAlias = Gate | Bay | Counted | Traffic | Queue | Violation


class Status(Struct, kw_only=True, gc=False):
    """A device's proof of life, or its Will."""

    ONLINE: ClassVar[Mapping[str, bool]] = {"online": True, "offline": False}

    device: str
    state: Annotated[str, Meta(pattern=r"^(online|offline)\Z")]
    boot: Counter
    seq: Counter
    at: Time
    period_s: Span | None = None
    firmware: Firmware = ""
    battery_share: Share | None = None
    clock_offset_s: float | None = None

    def reading(self, at: datetime, received_at: datetime, retained: bool) -> StatusReading:
        """The noun it stands for."""
        return StatusReading(
            device=DeviceId(self.device),
            boot=self.boot,
            seq=self.seq,
            at=at,
            received_at=received_at,
            online=self.ONLINE[self.state],
            period_s=self.period_s,
            firmware=self.firmware,
            battery_share=self.battery_share,
            clock_offset_s=self.clock_offset_s,
            retained=retained,
        )


class ShownSaid(Struct, kw_only=True):
    """A sign's confirmation."""

    sign: str
    epoch: Counter
    sequence: Counter
    at: Time
    rows: Lines
    errors: Lines = []
    brightness_share: Share | None = None

    def shown(self, at: datetime, received_at: datetime) -> Shown:
        """The noun it stands for."""
        return Shown(
            sign=SignId(self.sign),
            epoch=self.epoch,
            sequence=self.sequence,
            at=at,
            received_at=received_at,
            rows=tuple(self.rows),
            errors=tuple(self.errors),
            brightness_share=self.brightness_share,
        )
