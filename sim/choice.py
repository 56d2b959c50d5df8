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
"""What a sign that says nothing is left would cost; half of it at RISK_BAYS free bays."""
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
        self._drives: dict[tuple[int, int], tuple[float, ...]] = {}
        self.offers = tuple(
            _offers(town, demand, rides, place.id, Point(*place.place)) for place in demand.destinations
        )

    def pick(self, trip: Trip) -> int | None:
        """The lot with the least cost from where the driver is; None when nothing is left to try."""
        return self._cheapest(trip, trip.tried, heed=trip.heeds_signs)

    def _cheapest(self, trip: Trip, tried: Collection[int], *, heed: bool) -> int | None:
        best, least = None, float("inf")
        driver = trip.driver
        weighs = weights(driver.stay_s, driver.feet, driver.purse)
        drives = self.drive_times(trip.node, driver.destination)
        for nth, offer in enumerate(self.offers[driver.destination]):
            if offer.lot in tried or not _knows(trip, nth, offer.lot):
                continue
            free = trip.believed.get(offer.lot, MANY) if heed else MANY
            if free <= 0:
                continue
            cost = drives[nth] + cost_of(weighs, offer, driver.whims[nth], free)
            if cost < least:
                best, least = offer.lot, cost
        if best is None and heed:
            return self._cheapest(trip, tried, heed=False)
        return best

    def drive_times(self, node: int, destination: int) -> tuple[float, ...]:
        """Free-flow seconds to each of the destination's lots."""
        if (node, destination) not in self._drives:
            to = (self._roads.lot_node(offer.lot) for offer in self.offers[destination])
            self._drives[node, destination] = tuple(self._roads.seconds(node, lot) for lot in to)
        return self._drives[node, destination]


def weights(stay_s: float, feet: float = 1.0, purse: float = 1.0) -> tuple[float, float]:
    """Seconds of driving that a second on foot, and a yuan an hour, are worth to a driver of these tastes."""
    return FEET * feet, SECONDS_A_YUAN * purse * min(LONGEST_PAID_H, stay_s / 3600)


def cost_of(weighs: tuple[float, float], offer: Offer, whim: float = 0.0, free: int = MANY) -> float:
    """Seconds a lot costs besides the drive: feet, money, a whim, and the risk of a small number on a sign."""
    cost = weighs[0] * offer.afoot_s + weighs[1] * offer.yuan_per_h - WHIM_S * whim
    return cost if free >= MANY else cost + RISK_S * RISK_BAYS / (RISK_BAYS + free)


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
