"""What lots offer at a destination, as drivers think of them beforehand; the picking itself is `sim.core.choice`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.place import Point, distance_m
from parking.domain.town import Town
from sim.core.choice import cost_s
from sim.core.fields import OFFERS
from sim.core.laws import VISITORS_KNOW, WHIM_S
from sim.scenario import Demand, Place

Floats = NDArray[np.float64]

WALK_MPS: Final = 1.2
WALK_DETOUR: Final = 1.3
CLIMB_S_PER_M: Final = 6.0
"""Naismith's rule (1892): a minute for each ten metres up."""
LONGEST_WALK_S: Final = 1600.0
LEAST_LOTS: Final = 3
"""Lots in reach of every destination, however far they are."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A lot as seen from one destination."""

    lot: int
    afoot_s: float
    """On foot or by shuttle."""
    yuan_per_h: float
    climb_s: float = 0.0
    """Besides, for the metres up from the lot."""


def shares(
    local_share: float,
    stay_s: float,
    offers: Sequence[Offer],
    drives: Sequence[Sequence[float]],
    parts: Sequence[float],
) -> Floats:
    """Share of a flow's cars that each offer gets when none is full: logit, the law of Gumbel whims.

    Args:
        local_share: of those who come, who knows all lots; others know the nearest ones.
        stay_s: usual stay.
        offers: of the destination, nearest first.
        drives: seconds to each offer, a row an origin.
        parts: how many come from each origin, in any unit.

    Returns:
        Shape (offers,), sum 1.
    """
    besides = np.array([cost_s(one.afoot_s, one.climb_s, one.yuan_per_h, stay_s, 1.0, 1.0) for one in offers])
    found = np.zeros(len(offers))
    for row, part in zip(drives, parts, strict=True):
        costs = np.array(row) + besides
        odds = np.exp(-(costs - costs.min()) / WHIM_S)
        few = odds * (np.arange(len(odds)) < VISITORS_KNOW)
        if few.sum() <= 0.0:
            few = odds
        found += part * (local_share * odds / odds.sum() + (1 - local_share) * few / few.sum())
    return found / sum(parts)


def offers_of(town: Town, demand: Demand, place: Place, lots: Sequence[int]) -> Sequence[Offer]:
    """Those of these lots that are in reach of a destination, nearest first."""
    rides = {one.lot: one.takes_s for one in demand.shuttles if one.destination == place.id}
    found = []
    for nth in lots:
        lot = town.lots[nth]
        walk_s = distance_m(lot.place, Point(*place.place)) * WALK_DETOUR / WALK_MPS
        afoot_s = min(walk_s, rides.get(lot.id, walk_s))
        climb_m = max(0.0, place.elevation_m - demand.elevation_m.get(lot.id, place.elevation_m))
        climb_s = CLIMB_S_PER_M * climb_m if afoot_s == walk_s else 0.0
        found.append(Offer(nth, afoot_s, demand.fees.get(lot.id, 0.0), climb_s))
    found.sort(key=lambda offer: (offer.afoot_s, offer.lot))
    reach = sum(offer.afoot_s <= LONGEST_WALK_S for offer in found)
    return tuple(found[: min(OFFERS, max(LEAST_LOTS, reach))])
