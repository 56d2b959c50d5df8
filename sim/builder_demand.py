"""Who drives in a built city: cars a day by destination and reason, in proportion to the bays of each district."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from parking.domain.calendar import DayType
from sim.builder_district import District
from sim.scenario import Demand, Flow

CARS_A_BAY: Final = {
    "work": (0.62, 0.12),
    "shop": (0.40, 1.30),
    "errand": (0.12, 0.05),
    "hospital": (0.08, 0.10),
    "evening": (0.30, 0.50),
    "home": (0.30, 0.30),
}
"""Cars a day for each bay of the district, on a working day and on others."""
ATTRACTION: Final = 0.5
"""Destinations differ: the logarithm of what draws people has this deviation."""


def demand_of(parts: Sequence[District], chances: Sequence[np.random.Generator], reasons: Demand) -> Demand:
    """Demand of a city of these districts, each with its own chance; reasons and hours as given."""
    flows: list[Flow] = []
    through: dict[str, float] = {}
    for part, chance in zip(parts, chances, strict=True):
        flows += list(_flows(part, chance))
        through |= {
            str(section.id): road.through_per_hour for section, road in zip(part.sections, part.roads, strict=True)
        }
    return Demand(
        town="built",
        one_way=(),
        portals=tuple(one for part in parts for one in part.portals),
        destinations=tuple(one for part in parts for one in part.destinations),
        shuttles=(),
        fees={},
        reasons=reasons.reasons,
        flows=tuple(flows),
        through=through,
        through_hours=reasons.through_hours,
    )


def _flows(part: District, chance: np.random.Generator) -> Iterator[Flow]:
    bays = sum(lot.capacity for lot in part.lots)
    for reason, (working, free) in CARS_A_BAY.items():
        draws = np.exp(ATTRACTION * chance.standard_normal(len(part.destinations)))
        origins = chance.dirichlet(np.full(len(part.portals), 4.0)).tolist()
        for place, share in zip(part.destinations, (draws / draws.sum()).tolist(), strict=True):
            trips = {kind: round((working if kind is DayType.WORKDAY else free) * bays * share, 2) for kind in DayType}
            yield Flow(place.id, reason, trips, dict(zip((one.id for one in part.portals), origins, strict=True)))
