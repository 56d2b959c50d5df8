"""Zones: parts of a town that no driver's way leaves. A town like Fengjie is one; a built city is many side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from parking.domain.town import Town
from sim.scenario import Demand


@dataclass(frozen=True, slots=True)
class Zone:
    """Indices of its things, in the order of the town and of its demand."""

    lots: Sequence[int]
    sections: Sequence[int]
    signs: Sequence[int]
    portals: Sequence[int]
    destinations: Sequence[int]


def whole(town: Town, demand: Demand) -> tuple[Zone, ...]:
    """The town as one zone."""
    return (
        Zone(
            lots=range(len(town.lots)),
            sections=range(len(town.sections)),
            signs=range(len(town.signs)),
            portals=range(len(demand.portals)),
            destinations=range(len(demand.destinations)),
        ),
    )
