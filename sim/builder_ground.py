"""One district's roads and lots: a main road, a street on either side, two that join them, and lots beside them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from parking.domain.ids import AreaId, CellCode, LotId, SectionId
from parking.domain.lot import BayClass, Lot, LotKind
from parking.domain.place import Point
from parking.domain.section import RoadClass, Section

LOTS_A_DISTRICT: Final = 20
SPACING_M: Final = 3200.0
WEST: Final = 109.30
SOUTH: Final = 30.90
METRES_A_DEGREE: Final = (95_400.0, 111_200.0)
"""East and north, at 31 degrees of latitude."""

KINDS: Final = (
    (LotKind.SURFACE, 0.40, 3.0),
    (LotKind.OFF_STREET, 0.25, 6.0),
    (LotKind.ON_STREET, 0.15, 2.0),
    (LotKind.UNDERGROUND, 0.12, 8.0),
    (LotKind.MULTI_STOREY, 0.08, 8.0),
)
"""Kind, its share of all lots, and cars its access road holds for each hundred bays."""
USUAL_BAYS: Final = 125.0
SPREAD: Final = 0.55
LEAST_BAYS: Final = 40
MOST_BAYS: Final = 800
DISABLED_SHARE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a district lies: metres east and north of its middle become degrees."""

    east_m: float
    north_m: float

    def point(self, x: float, y: float) -> Point:
        """The place so many metres east and north of the middle."""
        east, north = METRES_A_DEGREE
        return Point(round(WEST + (self.east_m + x) / east, 6), round(SOUTH + (self.north_m + y) / north, 6))


@dataclass(frozen=True, slots=True)
class Road:
    """A section before it is one: where it runs, in metres of its district."""

    name: str
    begins: tuple[float, float]
    ends: tuple[float, float]
    road_class: RoadClass
    limit_kmh: float
    free_flow_kmh: float
    lanes: int
    next: tuple[str, ...]
    through_per_hour: float
    """Other vehicles at the day's peak."""


def roads_of(chance: np.random.Generator) -> tuple[Road, ...]:
    """The twelve roads of a district."""
    shift = chance.uniform(-60, 60, size=4).tolist()
    roads = [
        Road(
            f"M{nth + 1}",
            (-1200.0 + 600 * nth, 0.0),
            (-600.0 + 600 * nth, 0.0),
            RoadClass.ARTERIAL,
            50.0,
            42.0,
            2,
            (f"M{nth + 2}",) if nth < 3 else (),
            600.0,
        )
        for nth in range(4)
    ]
    for row, y in (("N", 450.0 + shift[0]), ("S", -450.0 + shift[1])):
        roads += [
            Road(
                f"{row}{nth + 1}",
                (-1050.0 + 700 * nth, y),
                (-350.0 + 700 * nth, y),
                RoadClass.COLLECTOR,
                40.0,
                33.0,
                1,
                (f"{row}{nth + 2}",) if nth < 2 else (),
                200.0,
            )
            for nth in range(3)
        ]
    west, east = -600.0 + shift[2], 600.0 + shift[3]
    roads.append(_across("C1", west, 450.0 + shift[0], "N1"))
    roads.append(_across("C2", east, -450.0 + shift[1], "S3"))
    return tuple(roads)


def _across(name: str, x: float, y: float, onto: str) -> Road:
    return Road(name, (x, 0.0), (x, y), RoadClass.LOCAL, 30.0, 25.0, 1, (onto,), 120.0)


def section_of(road: Road, origin: Origin, prefix: str, cell: CellCode) -> Section:
    """That road as a section of the district."""
    length = float(np.hypot(road.ends[0] - road.begins[0], road.ends[1] - road.begins[1]))
    return Section(
        id=SectionId(f"{prefix}-{road.name}"),
        name=f"{prefix} {road.name} 路",
        name_en=f"{prefix} road {road.name}",
        road_class=road.road_class,
        length_m=round(length, 1),
        limit_kmh=road.limit_kmh,
        free_flow_kmh=road.free_flow_kmh,
        lanes=road.lanes,
        line=(origin.point(*road.begins), origin.point(*road.ends)),
        cell=cell,
        corridor=f"{prefix}-{road.name[0]}",
        next=tuple(SectionId(f"{prefix}-{one}") for one in road.next),
    )


@dataclass(frozen=True, slots=True)
class Site:
    """A lot before it is one."""

    x: float
    y: float
    road: str
    kind: LotKind
    bays: int
    queue_room: int


def sites_of(count: int, roads: tuple[Road, ...], chance: np.random.Generator) -> list[Site]:
    """Lots beside the district's roads, west to east."""
    long = [road for road in roads if road.name[0] != "C"]
    shares = np.array([share for _, share, _ in KINDS])
    sites = []
    for _ in range(count):
        road = long[int(chance.integers(len(long)))]
        kind, _, room = KINDS[int(chance.choice(len(KINDS), p=shares / shares.sum()))]
        part, side = float(chance.uniform(0.1, 0.9)), float(chance.choice([-1.0, 1.0]))
        x = road.begins[0] + part * (road.ends[0] - road.begins[0])
        y = road.begins[1] + side * float(chance.uniform(20, 120))
        bays = int(np.clip(USUAL_BAYS * np.exp(SPREAD * chance.standard_normal()), LEAST_BAYS, MOST_BAYS))
        sites.append(Site(x, y, road.name, kind, bays, max(2, round(room * bays / 100))))
    return sorted(sites, key=lambda site: site.x)


def lot_of(site: Site, nth: int, origin: Origin, prefix: str, cell: CellCode) -> Lot:
    """That site as the district's n-th lot."""
    disabled = max(1, round(DISABLED_SHARE * site.bays))
    return Lot(
        id=LotId(f"{prefix}-P{nth + 1:02d}"),
        name=f"{prefix} {nth + 1} 号停车场",
        name_en=f"{prefix} lot {nth + 1}",
        kind=site.kind,
        bays={BayClass.GENERAL: site.bays - disabled, BayClass.DISABLED: disabled},
        place=origin.point(site.x, site.y),
        cell=cell,
        area=AreaId(f"{prefix}-{'W' if site.x < 0 else 'E'}"),
        section=SectionId(f"{prefix}-{site.road}"),
        queue_room=site.queue_room,
        hours=None,
    )
