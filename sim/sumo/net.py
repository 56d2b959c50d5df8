"""A SUMO network as far as it matters before SUMO has started: edges for cars, with lengths, speeds and lanes."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from xml.sax import SAXException

from parking.domain.errors import BadTown
from parking.domain.town import Town
from sim.scenario import Demand
from sim.sumo.extra import sumolib
from sim.sumo.mapping import Mapping, SectionMap, Spot


@dataclass(frozen=True, slots=True)
class Road:
    """An edge."""

    length_m: float
    mps: float
    """Its limit, metres a second."""
    lanes: tuple[int, ...]
    """Those that cars may use, the rightmost one first."""


Net = Table[str, Road]


def read_net(file: Path) -> Net:
    """The network's edges for cars. Raises BadTown when the file is no network."""
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(file: Path, _changed: int) -> Net:
    try:
        found = sumolib().net.readNet(str(file))
    except (SAXException, OSError, ValueError) as trouble:
        raise BadTown((f"{file}: {trouble}; give a network that netconvert has written",)) from trouble
    net = {}
    for edge in found.getEdges():
        lanes = tuple(nth for nth, lane in enumerate(edge.getLanes()) if lane.allows("passenger"))
        if lanes:
            net[str(edge.getID())] = Road(float(edge.getLength()), float(edge.getSpeed()), lanes)
    return net


def whole(section: SectionMap, net: Net) -> SectionMap:
    """The section with what its table leaves out: the gap is its longest edge, the loop lies in the gap's middle."""
    gap = section.gap or (max(section.edges, key=lambda edge: net[edge].length_m),)
    loop = section.loop or Spot(gap[0], net[gap[0]].length_m / 2)
    return replace(section, gap=gap, loop=loop)


def completed(mapping: Mapping, net: Net, town: Town, demand: Demand) -> Mapping:
    """The mapping with nothing left out, and everything in the order of the town and of its demand."""
    sections, lots = {one.id: one for one in mapping.section}, {one.id: one for one in mapping.lot}
    signs, portals = {one.id: one for one in mapping.sign}, {one.id: one for one in mapping.portal}
    return replace(
        mapping,
        section=tuple(whole(sections[one.id], net) for one in town.sections),
        lot=tuple(lots[one.id] for one in town.lots),
        sign=tuple(signs[one.id] for one in town.signs),
        portal=tuple(portals[one.id] for one in demand.portals),
    )
