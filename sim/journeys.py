"""What a driver's way to a bay was worth: time and distance beyond the direct way, and the walk that is left."""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Final

from parking.domain.place import Point, distance_m
from sim.choice import WALK_DETOUR, WALK_MPS, offers_of
from sim.scenario import Demand
from sim.street import Street
from sim.trip import Trips

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
    """Judges trips on one street."""

    def __init__(self, street: Street, demand: Demand) -> None:
        self._street, self._demand = street, demand
        self._direct = lru_cache(maxsize=None)(self._find_direct)
        self._afoot = lru_cache(maxsize=None)(self._find_afoot)

    def judge(self, trips: Trips) -> list[Journey]:
        """All trips so far; who is still under way counts as one who has given up now."""
        columns = (column.tolist() for column in trips)
        return [self._judge(*row) for row in zip(*columns, strict=True)]

    def _judge(
        self,
        _token: int,
        at: float,
        origin: int,
        destination: int,
        lot: int,
        last_lot: int,
        settled_at: float,
        first_at: float,
        metres: float,
        failures: int,
        guided: int,
        misled: int,
    ) -> Journey:
        ended = settled_at if isfinite(settled_at) else self._street.now
        direct_s, direct_m = self._direct(origin, last_lot)
        has_parked = lot >= 0
        afoot_s, walk_m = self._afoot(destination, lot) if has_parked else (GAVE_UP_S, None)
        return Journey(
            has_parked=has_parked,
            search_s=max(0.0, ended - at - direct_s),
            after_first_lot_s=ended - first_at if isfinite(first_at) else 0.0,
            detour_m=max(0.0, metres - direct_m),
            walk_m=walk_m,
            door_to_door_s=ended - at + afoot_s,
            failures=failures,
            guided=guided,
            misled=misled,
        )

    def _find_direct(self, node: int, lot: int) -> tuple[float, float]:
        """Seconds and metres of the free direct way; none to nowhere."""
        if lot < 0:
            return 0.0, 0.0
        return self._street.ledger.node_seconds(node, lot), self._street.ledger.node_metres(node, lot)

    def _find_afoot(self, destination: int, lot: int) -> tuple[float, float]:
        """Seconds from the lot to the destination, and metres of it that are walked."""
        place = self._demand.destinations[destination]
        walk_m = distance_m(self._street.town.lots[lot].place, Point(*place.place)) * WALK_DETOUR
        offer = next(one for one in offers_of(self._street.town, self._demand, place, (lot,)))
        rides = offer.afoot_s < walk_m / WALK_MPS - 1e-6
        return offer.afoot_s + offer.climb_s, 0.0 if rides else walk_m
