"""Where a town's lots, signs, sections and portals are on a SUMO network: the file `sumo.toml` beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from parking.domain.errors import BadTown

FILE: Final = "sumo.toml"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the network."""

    edge: str
    at_m: float
    """From the edge's beginning."""


@dataclass(frozen=True, slots=True)
class SectionMap:
    """A section as edges, in the direction in which it is driven."""

    id: str
    edges: tuple[str, ...]
    gap: tuple[str, ...] = ()
    """What nobody passes when the section is closed, and what an accident narrows; both directions. The longest of
    `edges` when nothing is said."""
    loop: Spot | None = None
    """Where its loops lie; the middle of the first gap's edge when nothing is said."""


@dataclass(frozen=True, slots=True)
class LotMap:
    """A lot's entrances and exits on the carriageway."""

    id: str
    entrances: tuple[Spot, ...]
    exits: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class SignMap:
    """Where a sign is read; several places for several roads that pass it."""

    id: str
    places: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class PortalMap:
    """Where drivers come from, and where they leave."""

    id: str
    comes: str
    """Edge on which they set out."""
    leaves: str
    """Edge at whose end they are home."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The whole file."""

    town: str
    net: str
    """Name of the `.net.xml` beside it."""
    section: tuple[SectionMap, ...]
    lot: tuple[LotMap, ...]
    sign: tuple[SignMap, ...]
    portal: tuple[PortalMap, ...]
    routes: tuple[str, ...] = ()
    """SUMO's own files of other traffic beside it; their time 0 is local midnight of the day on which a run begins."""
    through: bool = True
    """Whether the demand's other traffic drives along each section besides."""


def read_mapping(folder: Path) -> Mapping:
    """The mapping of that folder. Raises BadTown when there is none, or it is no such file."""
    file = folder / FILE
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Mapping)
    except FileNotFoundError:
        raise BadTown((f"{file}: is missing; `parking sumo make {folder}` makes one for a town",)) from None
    except msgspec.MsgspecError as trouble:
        raise BadTown((f"{file}: {trouble}; mend that field, docs/sumo.md tells them all",)) from trouble
    except (OSError, UnicodeDecodeError) as trouble:
        raise BadTown((f"{file}: {trouble}; give a TOML file in UTF-8",)) from trouble


def text_of(mapping: Mapping) -> str:
    """The mapping as its file says it."""
    head = (
        f'town = "{mapping.town}"\nnet = "{mapping.net}"\n'
        f"routes = [{_names(mapping.routes)}]\nthrough = {str(mapping.through).lower()}\n"
    )
    return "\n".join(
        [
            head,
            *map(_section, mapping.section),
            *(
                f'[[lot]]\nid = "{one.id}"\nentrances = [{_spots(one.entrances)}]\nexits = [{_spots(one.exits)}]\n'
                for one in mapping.lot
            ),
            *(f'[[sign]]\nid = "{one.id}"\nplaces = [{_spots(one.places)}]\n' for one in mapping.sign),
            *(
                f'[[portal]]\nid = "{one.id}"\ncomes = "{one.comes}"\nleaves = "{one.leaves}"\n'
                for one in mapping.portal
            ),
        ]
    )


def _section(one: SectionMap) -> str:
    loop = f"loop = {_spot(one.loop)}\n" if one.loop else ""
    return f'[[section]]\nid = "{one.id}"\nedges = [{_names(one.edges)}]\ngap = [{_names(one.gap)}]\n{loop}'


def _names(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _spots(spots: Iterable[Spot]) -> str:
    return ", ".join(map(_spot, spots))


def _spot(spot: Spot) -> str:
    return f'{{ edge = "{spot.edge}", at_m = {spot.at_m:.1f} }}'
