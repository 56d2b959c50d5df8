"""What a driver's way to a bay was worth: time and distance beyond the direct way, and the walk that is left."""

from dataclasses import dataclass
from typing import Final

from parking.domain.place import Point, distance_m
from parking.domain.town import Town
from sim.choice import WALK_DETOUR, WALK_MPS, Choice
from sim.roads import Roads
from sim.scenario import Demand
from sim.trip import Trip

GAVE_UP_S: Final = 1800.0
"""Added to the door-to-door time of who never parked: without it, giving up early would look like arriving early."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One driver who set out, from the portal to the destination or to giving up."""

    has_parked: bool
    search_s: float
    """Driving and waiting beyond the free direct drive to the last lot they came to."""
    after_first_lot_s: float
    """From the first lot's entrance to a bay, or to giving up."""
    detour_m: float
    """Driven beyond the direct way to the last lot they came to."""
    walk_m: float | None
    """On foot from the lot; 0 in a shuttle, None for who never parked."""
    door_to_door_s: float
    failures: int
    guided: int
    misled: int


class Journeys:
    """Judges trips in one town."""

    def __init__(self, town: Town, demand: Demand) -> None:
        self._town, self._demand = town, demand
        self._roads = Roads(town, [Point(*one.place) for one in demand.portals], demand.one_way)
        self._choice = Choice(town, demand, self._roads)

    def judge(self, trip: Trip, now: float) -> Journey:
        """The trip so far; who is still under way counts as one who has given up now."""
        ended = now if trip.settled_at is None else trip.settled_at
        under_way_s = ended - trip.driver.at
        direct_s, direct_m = self._direct(trip)
        has_parked = trip.settled_at is not None and trip.bay >= 0
        return Journey(
            has_parked=has_parked,
            search_s=max(0.0, under_way_s - direct_s),
            after_first_lot_s=0.0 if trip.first_at is None else ended - trip.first_at,
            detour_m=max(0.0, trip.metres - direct_m),
            walk_m=self._walk_m(trip) if has_parked else None,
            door_to_door_s=under_way_s + (self._afoot_s(trip) if has_parked else GAVE_UP_S),
            failures=len(trip.tried),
            guided=trip.guided,
            misled=trip.misled,
        )

    def _direct(self, trip: Trip) -> tuple[float, float]:
        lot = trip.target if trip.bay >= 0 or not trip.tried else trip.tried[-1]
        if lot < 0:
            return 0.0, 0.0
        portal, node = self._roads.portal_node(trip.driver.origin), self._roads.lot_node(lot)
        return self._roads.seconds(portal, node), sum(leg.metres for leg in self._roads.way(portal, node))

    def _afoot_s(self, trip: Trip) -> float:
        return next(one.afoot_s for one in self._choice.offers[trip.driver.destination] if one.lot == trip.target)

    def _walk_m(self, trip: Trip) -> float:
        place = Point(*self._demand.destinations[trip.driver.destination].place)
        walk_m = distance_m(self._town.lots[trip.target].place, place) * WALK_DETOUR
        rides = self._afoot_s(trip) < walk_m / WALK_MPS - 1e-6
        return 0.0 if rides else walk_m
