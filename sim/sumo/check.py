"""Hold a mapping against its town and its network; everything that is wrong is told at once, each with its remedy."""

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from pathlib import Path

from parking.domain.errors import BadTown
from parking.domain.town import Town
from sim.scenario import Demand
from sim.sumo.mapping import FILE, Mapping, Spot
from sim.sumo.net import Net, read_net


def check(mapping: Mapping, folder: Path, town: Town, demand: Demand) -> None:
    """Raise BadTown unless the mapping places everything of the town on edges that the network has."""
    problems = [*_of_names(mapping, town, demand), *_of_files(mapping, folder)]
    if (folder / mapping.net).is_file():
        problems += _of_edges(mapping, read_net(folder / mapping.net))
    if problems:
        raise BadTown(tuple(f"{folder / FILE}: {one}" for one in problems))


def _of_names(mapping: Mapping, town: Town, demand: Demand) -> Iterator[str]:
    if mapping.town != town.id:
        yield f"town is {mapping.town!r} and the run's town {town.id!r}; take --town {mapping.town}, or another folder"
        return
    wanted: Table[str, Iterable[str]] = {
        "section": (str(one.id) for one in town.sections),
        "lot": (str(one.id) for one in town.lots),
        "sign": (str(one.id) for one in town.signs),
        "portal": (one.id for one in demand.portals),
    }
    for kind, names in wanted.items():
        given = Counter(one.id for one in getattr(mapping, kind))
        there = set(names)
        yield from (f"{kind} {one} has no [[{kind}]]; add one" for one in sorted(there - given.keys()))
        yield from (f"[[{kind}]] {one}: the town has none; remove it" for one in sorted(given.keys() - there))
        yield from (f"[[{kind}]] {one} stands {times} times; keep one" for one, times in given.items() if times > 1)


def _of_files(mapping: Mapping, folder: Path) -> Iterator[str]:
    for name in (mapping.net, *mapping.routes):
        if not (folder / name).is_file():
            yield f"there is no {name} beside it; put it there, or mend the name"


def _of_edges(mapping: Mapping, net: Net) -> Iterator[str]:
    for section in mapping.section:
        if not section.edges:
            yield f"section {section.id} has no edges; name them in the direction in which it is driven"
        yield from _unknown(f"section {section.id}", (*section.edges, *section.gap), net)
        if section.loop:
            yield from _misplaced(f"section {section.id} loop", (section.loop,), net)
    for lot in mapping.lot:
        if not lot.entrances or not lot.exits:
            yield f"lot {lot.id} has no entrance or no exit; give at least one of each"
        yield from _misplaced(f"lot {lot.id}", (*lot.entrances, *lot.exits), net)
    for sign in mapping.sign:
        yield from _misplaced(f"sign {sign.id}", sign.places, net)
    for portal in mapping.portal:
        yield from _unknown(f"portal {portal.id}", (portal.comes, portal.leaves), net)


def _unknown(who: str, edges: Iterable[str], net: Net) -> Iterator[str]:
    for edge in edges:
        if edge not in net:
            yield f"{who}: the network has no edge {edge!r} for cars; take its id from the .net.xml"


def _misplaced(who: str, spots: Iterable[Spot], net: Net) -> Iterator[str]:
    for spot in spots:
        yield from _unknown(who, (spot.edge,), net)
        if spot.edge in net and not 0 <= spot.at_m <= net[spot.edge].length_m:
            length = f"{net[spot.edge].length_m:.1f} m"
            yield f"{who}: at_m {spot.at_m} is not on {spot.edge!r}, which is {length} long; mend at_m"
