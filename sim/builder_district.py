"""One district whole: roads and lots with what watches them, what tells drivers of them, and who answers for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from parking.domain.device import Device, DeviceKind
from parking.domain.duty import Post, PostKind
from parking.domain.ids import AreaId, CameraId, CellCode, DepartmentId, DeviceId, LotId, PostId, SignId
from parking.domain.lot import Lot, LotKind
from parking.domain.place import Point, distance_m
from parking.domain.section import Camera, Cell, Section
from parking.domain.sign import Arrow, Level, Panel, Sign
from parking.domain.town import Area
from sim.builder_ground import SPACING_M, Origin, Road, lot_of, roads_of, section_of, sites_of
from sim.scenario import Place

COUNTY: Final = "500236"
PLACES_A_LOT: Final = 0.8
AROUND_M: Final = 120.0
"""A destination lies about so far from a lot."""
TOWN_MPS: Final = 7.5
BLOCK_SIGNS: Final = ("M1", "M2", "M3", "N1", "S1", "S2")
"""Roads that have a level-two sign at their begin."""
PERIOD_S: Final = {
    DeviceKind.GATE: 30,
    DeviceKind.BARRIER_SYSTEM: 60,
    DeviceKind.BAY_GATEWAY: 300,
    DeviceKind.CAMERA: 60,
    DeviceKind.LOOP: 30,
    DeviceKind.SIGN: 60,
}


@dataclass(frozen=True, slots=True)
class District:
    """Everything of one district."""

    areas: tuple[Area, ...]
    lots: tuple[Lot, ...]
    signs: tuple[Sign, ...]
    sections: tuple[Section, ...]
    devices: tuple[Device, ...]
    cells: tuple[Cell, ...]
    cameras: tuple[Camera, ...]
    posts: tuple[Post, ...]
    portals: tuple[Place, ...]
    destinations: tuple[Place, ...]
    roads: tuple[Road, ...]


def build_district(nth: int, lots: int, where: tuple[int, int], chance: np.random.Generator) -> District:
    """The n-th district, with so many lots, at that place of the grid."""
    prefix, community = f"D{nth:04d}", f"{COUNTY}{nth + 1:06d}"
    origin = Origin(where[0] * SPACING_M, where[1] * SPACING_M)
    roads, areas = roads_of(chance), (_area(prefix, "W", "西"), _area(prefix, "E", "东"))
    codes = (CellCode(f"{community}{serial:03d}") for serial in range(1, 1000))
    sections = tuple(section_of(road, origin, prefix, next(codes)) for road in roads)
    sites = sites_of(lots, roads, chance)
    parks = tuple(lot_of(site, at, origin, prefix, next(codes)) for at, site in enumerate(sites))
    signs = tuple(_signs(prefix, parks, sections, areas))
    return District(
        areas=areas,
        lots=parks,
        signs=signs,
        sections=sections,
        devices=tuple(_devices(parks, sections, signs)),
        cells=tuple(Cell(one.cell, prefix, prefix, place) for one, place in _placed(sections, parks)),
        cameras=tuple(Camera(CameraId(f"{one.id}-C"), one.id, one.middle) for one in sections),
        posts=(_post(prefix, community, sections),),
        portals=tuple(_portals(prefix, origin)),
        destinations=tuple(_destinations(prefix, parks, chance)),
        roads=roads,
    )


def _area(prefix: str, side: str, name: str) -> Area:
    return Area(AreaId(f"{prefix}-{side}"), f"{prefix} {name}", f"{prefix} {side}")


def _placed(sections: Sequence[Section], lots: Sequence[Lot]) -> Iterator[tuple[Section | Lot, Point]]:
    yield from ((one, one.middle) for one in sections)
    yield from ((one, one.place) for one in lots)


def _post(prefix: str, community: str, sections: Sequence[Section]) -> Post:
    return Post(
        id=PostId(f"{prefix}-chief"),
        kind=PostKind.ROAD_CHIEF,
        title=f"{prefix} 路长",
        title_en=f"Road chief of {prefix}",
        department=DepartmentId("traffic-police"),
        sections=frozenset(one.id for one in sections),
        cells=(CellCode(community),),
    )


def _portals(prefix: str, origin: Origin) -> Iterator[Place]:
    for name, x, y in (("west", -1500, 0), ("east", 1500, 0), ("north", 0, 1000), ("south", 0, -1000)):
        point = origin.point(x, y)
        yield Place(f"{prefix}-{name}", (point.longitude, point.latitude))


def _destinations(prefix: str, lots: Sequence[Lot], chance: np.random.Generator) -> Iterator[Place]:
    """Most lots have something beside them; some have not, and are far for everybody."""
    count = max(1, round(PLACES_A_LOT * len(lots)))
    for nth, at in enumerate(sorted(chance.choice(len(lots), size=count, replace=False).tolist())):
        east, north = (chance.normal(0, AROUND_M, size=2) / (95_400.0, 111_200.0)).tolist()
        place = lots[at].place
        yield Place(f"{prefix}-A{nth + 1:02d}", (round(place.longitude + east, 6), round(place.latitude + north, 6)))


def _signs(prefix: str, lots: Sequence[Lot], sections: Sequence[Section], areas: Sequence[Area]) -> Iterator[Sign]:
    by_road = {section.id.rpartition("-")[2]: section for section in sections}
    panels: list[Panel] = []
    for area in areas:
        inside = tuple(lot for lot in lots if lot.area == area.id)
        if inside:
            seconds = min(_travel_s(by_road["M1"].line[0], lot) for lot in inside)
            names = tuple(lot.id for lot in inside)
            panels.append(Panel(len(panels) + 1, area.name, area.name_en, Arrow.AHEAD, names, seconds, area.id))
    yield _sign(f"{prefix}-G01", Level.AREA, by_road["M1"], panels)
    for nth, road in enumerate(BLOCK_SIGNS):
        here = by_road[road].line[0]
        ahead = [lot for lot in lots if lot.place.longitude > here.longitude] or list(lots)
        near = sorted(ahead, key=lambda lot, here=here: distance_m(here, lot.place))[:4]  # type: ignore[misc]  # bound early
        panels = [_panel(line, lot, _travel_s(here, lot)) for line, lot in enumerate(near, start=1)]
        yield _sign(f"{prefix}-G{nth + 2:02d}", Level.BLOCK, by_road[road], panels)
    for nth, lot in enumerate(sorted(lots, key=lambda lot: (-lot.capacity, lot.id))[:2]):
        section = next(one for one in sections if one.id == lot.section)
        yield _sign(f"{prefix}-G{nth + 8:02d}", Level.ENTRANCE, section, [_panel(1, lot, 20.0)])


def _panel(line: int, lot: Lot, seconds: float) -> Panel:
    return Panel(line, lot.name, lot.name_en, Arrow.AHEAD, (LotId(lot.id),), seconds)


def _travel_s(here: Point, lot: Lot) -> float:
    return float(round(20 + distance_m(here, lot.place) / TOWN_MPS))


def _sign(name: str, level: Level, section: Section, panels: Sequence[Panel]) -> Sign:
    a, b = section.line[0], section.line[-1]
    place = Point(a.longitude + 0.05 * (b.longitude - a.longitude), a.latitude + 0.05 * (b.latitude - a.latitude))
    heading = float(np.degrees(np.arctan2((b.longitude - a.longitude) * 0.857, b.latitude - a.latitude)) % 360)
    return Sign(SignId(name), f"{name} 屏", name, level, place, heading, section.id, tuple(panels))


def _devices(lots: Sequence[Lot], sections: Sequence[Section], signs: Sequence[Sign]) -> Iterator[Device]:
    for nth, lot in enumerate(lots):
        for name, kind in _watching(lot, nth):
            yield _device(f"{name}-{lot.id}", kind, lots=frozenset({lot.id}))
    for section in sections:
        yield Device(
            DeviceId(f"loop-{section.id}"),
            DeviceKind.LOOP,
            timedelta(seconds=PERIOD_S[DeviceKind.LOOP]),
            sections=frozenset({section.id}),
        )
    for sign in signs:
        yield _device(str(sign.id), DeviceKind.SIGN)


def _watching(lot: Lot, nth: int) -> tuple[tuple[str, DeviceKind], ...]:
    if lot.kind is LotKind.ON_STREET:
        return (("bays", DeviceKind.BAY_GATEWAY),)
    if lot.kind is LotKind.SURFACE and nth % 3 == 0:
        return (("cam", DeviceKind.CAMERA),)
    return (("gate", DeviceKind.GATE), ("barrier", DeviceKind.BARRIER_SYSTEM))


def _device(name: str, kind: DeviceKind, lots: frozenset[LotId] = frozenset()) -> Device:
    return Device(DeviceId(name), kind, timedelta(seconds=PERIOD_S[kind]), lots=lots)
