"""How full lots usually are at an hour of such a day, as locals know it. Expected values of the demand, no chance."""

from collections.abc import Iterator, Sequence
from math import erf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from parking.domain.calendar import DayType
from parking.domain.place import Point
from parking.domain.town import Town
from sim.choice import offers_of, shares
from sim.roads import Roads
from sim.scenario import Demand, Flow, Reason
from sim.zones import Zone

HOURS = 24
DAYS_KEPT = 3
"""Days after which nobody of an arrival is reckoned with any more."""

Floats = NDArray[np.float64]


class Usual:
    """Usual fill of all lots, by kind of day and hour."""

    def __init__(self, town: Town, demand: Demand, zones: Sequence[Zone], scale: float) -> None:
        self._demand, self._scale = demand, scale
        self._capacity = np.array([lot.capacity for lot in town.lots], dtype=np.float64)
        self._shares = list(flow_shares(town, demand, zones))
        self._fills: dict[DayType, Floats] = {}

    def fill(self, kind: DayType, hour: int) -> Floats:
        """Share of bays taken in that local hour of such a day, shape (lots,), 0..1."""
        if kind not in self._fills:
            self._fills[kind] = self._find_fill(kind)
        row: Floats = self._fills[kind][hour]
        return row

    def _find_fill(self, kind: DayType) -> Floats:
        present = {name: _present(reason) for name, reason in self._demand.reasons.items()}
        cars = np.zeros((HOURS, len(self._capacity)))
        for flow, lots, share in self._shares:
            cars[:, lots] += self._scale * flow.trips.get(kind, 0.0) * np.outer(present[flow.reason], share)
        return np.minimum(cars / self._capacity, 1.0)


def _present(reason: Reason) -> Floats:
    """Cars there in each hour of a day like all others, for one car a day; the survival of a lognormal."""
    arrivals = np.array(reason.hours, dtype=np.float64)
    arrivals /= arrivals.sum()
    lags = np.arange(HOURS * DAYS_KEPT) + 0.5
    scores = (np.log(60 * lags) - log(reason.stay_min)) / reason.stay_sigma / sqrt(2)
    stay = np.array([0.5 - 0.5 * erf(score) for score in scores.tolist()]).reshape(DAYS_KEPT, HOURS).sum(axis=0)
    return np.array([sum(arrivals[(hour - lag) % HOURS] * stay[lag] for lag in range(HOURS)) for hour in range(HOURS)])


def flow_shares(town: Town, demand: Demand, zones: Sequence[Zone]) -> Iterator[tuple[Flow, list[int], Floats]]:
    """Each flow with the lots in its reach and the share of its cars that each gets when none is full."""
    flows: dict[str, list[Flow]] = {}
    for flow in demand.flows:
        flows.setdefault(flow.destination, []).append(flow)
    for zone in zones:
        portals = {demand.portals[nth].id: at for at, nth in enumerate(zone.portals)}
        roads = Roads(town, [Point(*demand.portals[nth].place) for nth in zone.portals], demand.one_way, zone)
        local = {lot: at for at, lot in enumerate(zone.lots)}
        for nth in zone.destinations:
            place = demand.destinations[nth]
            offers = offers_of(town, demand, place, zone.lots)
            for flow in flows.get(place.id, ()):
                nodes = [roads.portal_node(portals[one]) for one in flow.origins]
                drives = [[roads.seconds(node, roads.lot_node(local[one.lot])) for one in offers] for node in nodes]
                reason, parts = demand.reasons[flow.reason], list(flow.origins.values())
                share = shares(reason.local_share, 60 * reason.stay_min, offers, drives, parts)
                yield flow, [offer.lot for offer in offers], share
