"""Cities of any number of lots by seed: districts of about twenty lots side by side, each with its own roads and signs.

Everything is invented. A district is closed: no driver's way leaves it, so that a city of thousands of lots is as many
small towns under one engine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, sqrt
from typing import Final, TypeVar

from parking.domain.town import Town
from sim.builder_demand import demand_of
from sim.builder_district import District, build_district
from sim.builder_ground import LOTS_A_DISTRICT
from sim.scenario import Demand
from sim.streams import Purpose, stream
from sim.zones import Zone

T = TypeVar("T")

MOST_LOTS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Built:
    """A city, who drives in it, and its districts as the street's zones."""

    town: Town
    demand: Demand
    zones: tuple[Zone, ...]


def build(lots: int, seed: int, model: Town, reasons: Demand) -> Built:
    """A city of so many lots.

    Args:
        lots: 1 to MOST_LOTS.
        seed: another one gives another city.
        model: whose calendar and departments it has.
        reasons: whose reasons to come, and whose hours of other traffic it has.
    """
    if not 1 <= lots <= MOST_LOTS:
        raise ValueError(f"{lots} lots: give 1 to {MOST_LOTS}")
    sizes = [min(LOTS_A_DISTRICT, lots - first) for first in range(0, lots, LOTS_A_DISTRICT)]
    chances = [stream(seed, Purpose.BUILDER, nth) for nth in range(len(sizes))]
    wide = ceil(sqrt(len(sizes)))
    parts = [
        build_district(nth, size, (nth % wide, nth // wide), chance)
        for nth, (size, chance) in enumerate(zip(sizes, chances, strict=True))
    ]
    return Built(_town(parts, seed, model), demand_of(parts, chances, reasons), tuple(_zones(parts)))


def _town(parts: Sequence[District], seed: int, model: Town) -> Town:
    return Town(
        id=f"built-{sum(len(part.lots) for part in parts)}-{seed}",
        name="模拟城市",
        name_en="Built city",
        county=model.county,
        areas=_all(part.areas for part in parts),
        lots=_all(part.lots for part in parts),
        signs=_all(part.signs for part in parts),
        sections=_all(part.sections for part in parts),
        devices=_all(part.devices for part in parts),
        cells=_all(part.cells for part in parts),
        cameras=_all(part.cameras for part in parts),
        departments=model.departments,
        posts=_all(part.posts for part in parts),
        calendar=model.calendar,
        note="全部虚构 · all of it invented",
    )


def _all(parts: Iterable[Iterable[T]]) -> tuple[T, ...]:
    return tuple(chain.from_iterable(parts))


def _zones(parts: Sequence[District]) -> Iterable[Zone]:
    lots = sections = signs = portals = places = 0
    for part in parts:
        yield Zone(
            lots=range(lots, lots + len(part.lots)),
            sections=range(sections, sections + len(part.sections)),
            signs=range(signs, signs + len(part.signs)),
            portals=range(portals, portals + len(part.portals)),
            destinations=range(places, places + len(part.destinations)),
        )
        lots, sections, signs = lots + len(part.lots), sections + len(part.sections), signs + len(part.signs)
        portals, places = portals + len(part.portals), places + len(part.destinations)
