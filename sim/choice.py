"""How a driver picks a lot: drive, walk, money, taste, what signs said and what was tried."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from parking.domain.place import Point, distance_m
from parking.domain.town import Town
from sim.demand import TASTES
from sim.roads import Roads
from sim.scenario import Demand
from sim.trip import Trip

WALK_MPS: Final = 1.2
WALK_DETOUR: Final = 1.3
FEET: Final = 1.6
"""A second on foot or in a shuttle weighs like this many in the car."""
LONGEST_WALK_S: Final = 1600.0
LEAST_LOTS: Final = 3
"""Lots in reach of every destination, however far they are."""
SECONDS_A_YUAN: Final = 25.0
LONGEST_PAID_H: Final = 4.0
WHIM_S: Final = 70.0
RISK_S: Final = 240.0
"""What a sign's small number costs: half of it is gone with RISK_BAYS bays more."""
RISK_BAYS: Final = 6.0
VISITORS_KNOW: Final = 2
"""Lots a visitor's map names; each failure shows them one more."""
MANY: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A lot as seen from one destination."""

    lot: int
    afoot_s: float
    """On foot or by shuttle."""
    yuan_per_h: float


class Choice:
    """Knows lots and destinations of one town; picks for one driver at a time."""

    def __init__(self, town: Town, demand: Demand, roads: Roads) -> None:
        self._roads = roads
        rides = {(one.lot, one.destination): one.takes_s for one in demand.shuttles}
        self.offers = tuple(
            _offers(town, demand, rides, place.id, Point(*place.place)) for place in demand.destinations
        )

    def pick(self, trip: Trip) -> int | None:
        """The lot with the least cost from where the driver is; None when nothing is left to try."""
        return self._cheapest(trip, trip.tried, heed=trip.heeds_signs)

    def _cheapest(self, trip: Trip, tried: Collection[int], *, heed: bool) -> int | None:
        best, least = None, float("inf")
        for nth, offer in enumerate(self.offers[trip.driver.destination]):
            if offer.lot in tried or not _knows(trip, nth, offer.lot):
                continue
            free = trip.believed.get(offer.lot, MANY) if heed else MANY
            if free <= 0:
                continue
            cost = self._cost(trip, nth, offer, free)
            if cost < least:
                best, least = offer.lot, cost
        if best is None and heed:
            return self._cheapest(trip, tried, heed=False)
        return best

    def _cost(self, trip: Trip, nth: int, offer: Offer, free: int) -> float:
        driver = trip.driver
        paid_h = min(LONGEST_PAID_H, driver.stay_s / 3600)
        cost = self._roads.seconds(trip.node, self._roads.lot_node(offer.lot))
        cost += FEET * driver.feet * offer.afoot_s + SECONDS_A_YUAN * driver.purse * paid_h * offer.yuan_per_h
        cost -= WHIM_S * driver.whims[nth]
        return cost + RISK_S * RISK_BAYS / (RISK_BAYS + free) if free < MANY else cost


def _knows(trip: Trip, nth: int, lot: int) -> bool:
    return trip.driver.is_local or nth < VISITORS_KNOW + len(trip.tried) or (trip.heeds_signs and lot in trip.believed)


def _offers(
    town: Town, demand: Demand, rides: dict[tuple[str, str], float], name: str, place: Point
) -> Sequence[Offer]:
    """Lots in reach of a destination, nearest first."""
    found = []
    for nth, lot in enumerate(town.lots):
        walk_s = distance_m(lot.place, place) * WALK_DETOUR / WALK_MPS
        afoot_s = min(walk_s, rides.get((lot.id, name), walk_s))
        found.append(Offer(nth, afoot_s, demand.fees.get(lot.id, 0.0)))
    found.sort(key=lambda offer: (offer.afoot_s, offer.lot))
    reach = sum(offer.afoot_s <= LONGEST_WALK_S for offer in found)
    return tuple(found[: min(TASTES, max(LEAST_LOTS, reach))])
