"""The ground as pages draw it: names, places, areas, roads."""

import msgspec

from parking.domain.device import Device
from parking.domain.lot import Lot, LotKind
from parking.domain.place import Point
from parking.domain.section import RoadClass, Section
from parking.domain.sign import Level, Sign
from parking.domain.town import Town
from parking.web.run import RunInfo, RunKind
from parking.web.views.alert import PlaceView
from parking.web.views.instant import Instant


class AreaView(msgspec.Struct, frozen=True):
    """A district."""

    id: str
    name: str
    name_en: str


class LotPlace(msgspec.Struct, frozen=True, kw_only=True):
    """What stands still about a lot."""

    id: str
    name: str
    name_en: str
    kind: LotKind
    area: str
    capacity: int
    bays: dict[str, int]
    place: PlaceView
    section: str
    opens: str | None
    closes: str | None
    price: str
    height_m: float | None
    period_s: float | None
    """How often its quickest source reports; a number older than two of these is no longer fresh."""


class SignPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sign stands and which way its readers drive."""

    id: str
    name: str
    name_en: str
    level: Level
    place: PlaceView
    heading_deg: float
    section: str


class SectionPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A road as a line."""

    id: str
    name: str
    name_en: str
    road_class: RoadClass
    corridor: str
    line: list[tuple[float, float]]
    """Longitude and latitude, WGS-84."""
    period_s: float | None


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """Which run this is, so that nobody takes a simulation for the street."""

    run: str
    kind: RunKind
    simulated: bool
    speed: float
    version: str
    page: str
    """Digest of the page's own files; another one means a newer page is to be had."""


class TownView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that stands still."""

    id: str
    name: str
    name_en: str
    county: str
    timezone: str
    note: str
    run: RunView
    basemap: str | None
    """Where the background map is, or None."""
    areas: list[AreaView]
    lots: list[LotPlace]
    signs: list[SignPlace]
    sections: list[SectionPlace]


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """Street time, when the engine last decided, and who was heard of since the clock before."""

    at: Instant
    tick_at: Instant | None
    heard: dict[str, Instant]


def run_view(info: RunInfo, page: str) -> RunView:
    """The run as a page needs it."""
    return RunView(
        run=info.run, kind=info.kind, simulated=info.simulated, speed=info.speed, version=info.version, page=page
    )


def town_view(town: Town, run: RunView, basemap: str | None) -> TownView:
    """The whole ground."""
    return TownView(
        id=town.id,
        name=town.name,
        name_en=town.name_en,
        county=town.county,
        timezone=str(town.calendar.timezone),
        note=town.note,
        run=run,
        basemap=basemap,
        areas=[AreaView(area.id, area.name, area.name_en) for area in town.areas],
        lots=[_lot(town, lot) for lot in town.lots],
        signs=[_sign(sign) for sign in town.signs],
        sections=[_section(town, section) for section in town.sections],
    )


def _lot(town: Town, lot: Lot) -> LotPlace:
    return LotPlace(
        id=lot.id,
        name=lot.name,
        name_en=lot.name_en,
        kind=lot.kind,
        area=lot.area,
        capacity=lot.capacity,
        bays={bay_class.value: bays for bay_class, bays in lot.bays.items()},
        place=_place(lot.place),
        section=lot.section,
        opens=f"{lot.hours.opens:%H:%M}" if lot.hours else None,
        closes=f"{lot.hours.closes:%H:%M}" if lot.hours else None,
        price=lot.price,
        height_m=lot.height_m,
        period_s=_period_s([device for device in town.devices if lot.id in device.lots]),
    )


def _sign(sign: Sign) -> SignPlace:
    return SignPlace(
        id=sign.id,
        name=sign.name,
        name_en=sign.name_en,
        level=sign.level,
        place=_place(sign.place),
        heading_deg=sign.heading_deg,
        section=sign.section,
    )


def _section(town: Town, section: Section) -> SectionPlace:
    return SectionPlace(
        id=section.id,
        name=section.name,
        name_en=section.name_en,
        road_class=section.road_class,
        corridor=section.corridor,
        line=[(point.longitude, point.latitude) for point in section.line],
        period_s=_period_s([device for device in town.devices if section.id in device.sections]),
    )


def _place(point: Point) -> PlaceView:
    return PlaceView(point.longitude, point.latitude)


def _period_s(devices: list[Device]) -> float | None:
    return min((device.period.total_seconds() for device in devices), default=None)
