"""Lots, sections, cells and cameras out of their files. Checks each item alone; how they fit together is `fit`."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Final

from parking.domain.ids import AreaId, CameraId, CellCode, LotId, SectionId
from parking.domain.lot import BayClass, Hours, Lot, LotKind
from parking.domain.section import Camera, Cell, RoadClass, Section
from parking.domain.town import Area
from parking.towns.problems import Box, Item

CODE_DIGITS: Final = 15
COMMUNITY_DIGITS: Final = 12
LARGEST_LOT: Final = 20_000
"""More bays than any car park has; a larger number is a slip of the keyboard."""

Communities = Mapping[str, tuple[str, str]]
"""Community code of 12 digits to names of street and community."""


def area_from(item: Item) -> Area:
    """A district of level-one signs."""
    return Area(id=AreaId(item.identifier()), name=item.text("name"), name_en=item.text("name_en"))


def lot_from(item: Item, box: Box) -> Lot:
    """A lot with its bays by class."""
    return Lot(
        id=LotId(item.identifier()),
        name=item.text("name"),
        name_en=item.text("name_en"),
        kind=item.one_of("kind", LotKind),
        bays=_bays(item),
        place=item.point(box),
        cell=CellCode(item.text("cell")),
        area=AreaId(item.text("area")),
        section=SectionId(item.text("section")),
        queue_room=item.whole("queue_room", least=0, most=1000),
        hours=_hours(item),
        price=item.text("price", ""),
        height_m=item.number("height_m", above=1.0, most=10.0) if "height_m" in item.fields else None,
    )


def _bays(item: Item) -> Mapping[BayClass, int]:
    given = item.fields.get("bays")
    if not isinstance(given, dict):
        item.wrong(f"bays is {given!r}", "give bays = { general = 100, disabled = 4 }")
        return {BayClass.GENERAL: 1}
    bays: dict[BayClass, int] = {}
    for name, count in given.items():
        if name not in set(BayClass):
            item.wrong(f"bays has the class {name!r}", f"use {', '.join(BayClass)}")
        elif isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= LARGEST_LOT:
            item.wrong(f"bays of class {name} are {count!r}", f"give a whole number from 0 to {LARGEST_LOT}")
        else:
            bays[BayClass(name)] = count
    if sum(bays.values()) > 0:
        return bays
    item.wrong("the capacity is 0", "a lot has at least one bay; remove the lot or count its bays")
    return {BayClass.GENERAL: 1}


def _hours(item: Item) -> Hours | None:
    given = item.fields.get("hours")
    if given is None:
        return None
    try:
        hours = Hours(time.fromisoformat(given["opens"]), time.fromisoformat(given["closes"]))
    except (KeyError, TypeError, ValueError):
        item.wrong(f"hours are {given!r}", 'give hours = { opens = "08:00", closes = "18:00" }')
        return None
    if hours.opens == hours.closes:
        item.wrong("the lot opens and closes at the same minute", "leave hours out for a lot that is always open")
        return None
    return hours


def section_from(item: Item, box: Box) -> Section:
    """A section with its line."""
    limit = item.number("limit_kmh", above=0, most=120)
    free_flow = item.number("free_flow_kmh", above=0, most=130)
    if free_flow > 1.3 * limit:
        item.wrong(
            f"free flow of {free_flow:g} km/h on a limit of {limit:g}",
            "check both; free flow is what loops see at night",
        )
    return Section(
        id=SectionId(item.identifier()),
        name=item.text("name"),
        name_en=item.text("name_en"),
        road_class=item.one_of("road_class", RoadClass),
        length_m=item.number("length_m", above=0, most=50_000),
        limit_kmh=limit,
        free_flow_kmh=free_flow,
        lanes=item.whole("lanes", least=1, most=8),
        line=item.line("line", box),
        cell=CellCode(item.text("cell")),
        corridor=item.text("corridor"),
        next=tuple(map(SectionId, item.names("next"))),
    )


def camera_from(item: Item, box: Box) -> Camera:
    """A group of cameras."""
    return Camera(id=CameraId(item.identifier()), section=SectionId(item.text("section")), place=item.point(box))


def community_from(item: Item, county: str) -> tuple[str, tuple[str, str]]:
    """Community code, and the names of its street and community."""
    code = item.text("code")
    if not re.fullmatch(rf"{county}\d{{6}}", code):
        item.wrong(f"community code {code!r}", f"give 12 digits that begin with {county}")
    return code, (item.text("street"), item.text("community"))


def cell_from(item: Item, county: str, communities: Communities, box: Box) -> Cell:
    """A grid cell of a known community."""
    code = item.text("code")
    if not re.fullmatch(rf"{county}\d{{9}}", code):
        item.wrong(
            f"grid code {code!r} has {len(code)} characters",
            f"give {CODE_DIGITS} digits: county {county}, street 3, community 3, serial 3 (GB/T 30428.1); "
            "14 digits are the older CJ/T 213, 16 a component's code",
        )
    elif code[:COMMUNITY_DIGITS] not in communities:
        item.wrong(f"no community {code[:COMMUNITY_DIGITS]}", "add it to communities.csv or mend the code")
    street, community = communities.get(code[:COMMUNITY_DIGITS], ("", ""))
    return Cell(code=CellCode(code), community=community, street=street, place=item.point(box))
